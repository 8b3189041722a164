import { KERNELS_WASM } from './kernels-wasm.ts';

/** The functions of assembly/, which says what they do; arguments are byte addresses in the memory and whole numbers. */
interface Kernels {
  tallyRows(block: number, start: number, x: number, count: number): void;
}

/** Numbers (f64) that the kernels share with the caller, in this order. */
const BLOCK = [
  // Of the dose: the axes of a sampler, dose points along i, j and k, and its other parts (see DoseSampler).
  ...Array.from({ length: 12 }, (_, n) => `axis${n}` as const),
  ...(['sizeI', 'sizeJ', 'sizeK', 'halfSliceMm', 'lookupStepMm', 'lookupLength', 'lastSliceMm'] as const),
  // Of the tally: dose of node 0, bins per Gy, nodes, and what is added up.
  ...(['baseGy', 'perBin', 'nodes', 'coveredCc', 'outsideCc', 'doseVolumeGyCc', 'minGy', 'maxGy', 'samples'] as const),
  // Of a slab: its first row and their distance, height, thickness and the part of it inside, segments, volume per mm.
  ...(['firstV', 'rowMm', 'w', 'thicknessMm', 'part', 'segmentMm', 'ccPerMm'] as const),
  // From where to where u and v lie in the dose.
  ...(['lowU', 'highU', 'lowV', 'highV'] as const),
  // The part of the dose that is in the memory: its first dose point, columns and rows.
  ...(['windowI', 'windowJ', 'windowK', 'windowColumns', 'windowRows'] as const),
  // Addresses.
  ...(['data', 'slices', 'lookup', 'curvature', 'profile', 'segments'] as const),
] as const;
export type BlockName = (typeof BLOCK)[number];

const PLACES = Object.fromEntries(BLOCK.map((name, n) => [name, n])) as Record<BlockName, number>;
const BLOCK_BYTES = 8 * BLOCK.length;
const PAGE_BYTES = 65536;
const ALIGNMENT = 16;
/** Vectors may be read and written a little beyond the end of an array. */
const SLACK_BYTES = 64;

/** Of the room for segments that are looked up at a time, two numbers each. */
export const SEGMENTS_BYTES = 256 * 16;

/** One memory per thread: a solid places its arrays, is measured and copies out. */
const memory = new WebAssembly.Memory({ initial: 1 });
let compiled: Kernels | undefined;
let end = BLOCK_BYTES;

export function kernels(): Kernels {
  compiled ??= new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(KERNELS_WASM, 'base64')), {
    env: { memory },
  }).exports as unknown as Kernels;
  return compiled;
}

/** Address of the block. */
export const BLOCK_ADDRESS = 0;

/** Frees everything that was placed. */
export function clear(): void {
  end = BLOCK_BYTES;
}

/** Address of a new array of so many bytes, whose content is undefined. Views of before may have ended. */
export function place(byteLength: number): number {
  const address = Math.ceil((end + SLACK_BYTES) / ALIGNMENT) * ALIGNMENT;
  end = address + byteLength;
  const missing = end + SLACK_BYTES - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
  return address;
}

export function setNumbers(numbers: Partial<Record<BlockName, number>>): void {
  const block = float64At(BLOCK_ADDRESS, BLOCK.length);
  for (const name in numbers) block[PLACES[name as BlockName]] = numbers[name as BlockName]!;
}

export function numberOf(name: BlockName): number {
  return float64At(BLOCK_ADDRESS, BLOCK.length)[PLACES[name]];
}

/** Views hold until something is placed. */
export function float64At(address: number, length: number): Float64Array {
  return new Float64Array(memory.buffer, address, length);
}

export function int32At(address: number, length: number): Int32Array {
  return new Int32Array(memory.buffer, address, length);
}
