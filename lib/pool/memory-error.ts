import { GpuOutOfMemory, OutOfMemory } from '../errors.ts';

/** What graphics libraries say when the GPU is full: CUDA, ONNX Runtime, cuBLAS, cuDNN, cuFFT, HIP, Metal. */
const GPU_PATTERNS = [
  /\bcuda(?: error:)? out of memory\b/i,
  /\bcuda(?:malloc|hostalloc)\b.{0,40}\bfailed\b/i,
  /\bcuda_?error_?(?:out_?of_?memory|memory_?allocation)\b/i,
  /\bcuda failure 2\b/i,
  /\bcublas[ _]status[ _]alloc[ _]failed\b/i,
  /\bcudnn[ _]status[ _](?:alloc[ _]failed|not[ _]initialized)\b/i,
  /\bcufft_(?:alloc_failed|internal_error)\b/i,
  /\bhip out of memory\b/i,
  /\bmps backend out of memory\b/i,
  /\b(?:gpu|graphics card).{0,30}\bout of memory\b/i,
  /\bran out of gpu memory\b/i,
  /(?:^|[^a-z])cuda_oom(?:$|[^a-z])/i,
  /\btorch\.(?:cuda\.)?outofmemoryerror\b/i,
];

/** What runtimes and kernels say when the machine is full. */
const HOST_PATTERNS = [
  /\bout of memory\b/i,
  /\boutofmemory(?:error)?\b/i,
  /\bstd::bad_alloc\b/i,
  /\bmemoryerror\b/i,
  /\b(?:cannot|can['’]t|could not) allocate memory\b/i,
  /\b[cm]alloc failed\b/i,
  /\binsufficient memory\b/i,
  /\bmemoryallocationerror\b/i,
  /\b(?:failed|unable) to allocate\b/i,
  /\bnot enough memory\b/i,
  /\bmmap failed\b/i,
  /\barray buffer allocation failed\b/i,
  /\ballocation failed\b.{0,40}\bheap\b/i,
  /(?:^|[^a-z])oom(?:$|[^a-z]|_reaper|-kill(?:er|ed)?|killed)/i,
  /\benomem\b/i,
];

const MEMORY_CODES = new Set(['ERR_WORKER_OUT_OF_MEMORY', 'ERR_MEMORY_ALLOCATION_FAILED', 'ENOMEM']);

export type MemoryKind = 'gpu' | 'host';

/** Whose memory a message complains about, if any's. Whole words only: "room" holds no "oom". */
export function memoryKindOf(text: string): MemoryKind | undefined {
  if (GPU_PATTERNS.some((pattern) => pattern.test(text))) return 'gpu';
  return HOST_PATTERNS.some((pattern) => pattern.test(text)) ? 'host' : undefined;
}

/** Whether trying again with more memory, or less at once, could help. */
export function isMemoryError(error: unknown): boolean {
  if (error instanceof OutOfMemory || error instanceof GpuOutOfMemory) return true;
  if (!(error instanceof Error)) return typeof error === 'string' && memoryKindOf(error) !== undefined;
  if (MEMORY_CODES.has((error as NodeJS.ErrnoException).code ?? '')) return true;
  return memoryKindOf(`${error.name}: ${error.message}`) !== undefined || isMemoryError(error.cause);
}
