import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BadInput, GpuOutOfMemory, OutOfMemory, PipelineError } from '#lib/errors.ts';
import { isMemoryError, memoryKindOf } from '#lib/pool/memory-error.ts';

/** Messages as the libraries print them, and texts that only look like one. */
const MESSAGES: [string, 'gpu' | 'host' | undefined][] = [
  ['torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB (GPU 0; 23.69 GiB total)', 'gpu'],
  ['RuntimeError: CUDA error: out of memory', 'gpu'],
  ['RuntimeError: CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`', 'gpu'],
  ['cuDNN error: CUDNN_STATUS_ALLOC_FAILED', 'gpu'],
  ['CUDA failure 2: out of memory ; GPU=0 ; expr=cudaMalloc((void**)&p, size)', 'gpu'],
  ['RuntimeError: cuFFT error: CUFFT_ALLOC_FAILED', 'gpu'],
  ['cudaMalloc failed: CUDA_ERROR_OUT_OF_MEMORY', 'gpu'],
  ['CUDA failure 2: out of memory ; GPU=0 ; hostname=a ; file=cuda_allocator.cc', 'gpu'],
  ['MPS backend out of memory (MPS allocated: 17 GB)', 'gpu'],
  ['HIP out of memory. Tried to allocate 1.50 GiB', 'gpu'],
  ["terminate called after throwing an instance of 'std::bad_alloc'", 'host'],
  ['numpy.core._exceptions._ArrayMemoryError: Unable to allocate 4.00 GiB for an array', 'host'],
  ['MemoryError', 'host'],
  ['OSError: [Errno 12] Cannot allocate memory', 'host'],
  ['FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory', 'host'],
  ['RangeError: Array buffer allocation failed', 'host'],
  ['OutOfMemoryError: Container killed due to memory usage', 'host'],
  ['oom-kill: constraint=CONSTRAINT_MEMCG', 'host'],
  ['OOM', 'host'],
  ['oom_reaper: reaped process 4711 (python3), now anon-rss:0kB', 'host'],
  ["fork: can't allocate memory", 'host'],
  ['malloc failed', 'host'],
  ['Insufficient memory for the Java Runtime Environment', 'host'],
  ['itk::MemoryAllocationError', 'host'],
  ['status: cuda_oom', 'gpu'],
  ['CUDA_OOM error', 'gpu'],
  ['mushroom_oomycete', undefined],
  ['no room for the zoomed mask', undefined],
  ['bloom filter of the waiting room', undefined],
  ['ROI "OOMPH" not found', undefined],
  ['memory of the plan: 3 beams', undefined],
  ['', undefined],
];

for (const [message, kind] of MESSAGES) {
  test(`"${message.slice(0, 60)}" is ${kind ?? 'no'} memory`, () => {
    assert.equal(memoryKindOf(message), kind);
  });
}

const ERRORS: [Error, boolean][] = [
  [Object.assign(new Error('Worker terminated'), { code: 'ERR_WORKER_OUT_OF_MEMORY' }), true],
  [new RangeError('Array buffer allocation failed'), true],
  [new OutOfMemory('full'), true],
  [new GpuOutOfMemory('full'), true],
  [new PipelineError('stage failed', { cause: new RangeError('Array buffer allocation failed') }), true],
  [new RangeError('Invalid array length'), false],
  [new BadInput('no room'), false],
];

for (const [error, expected] of ERRORS) {
  test(`${error.name} "${error.message}" ${expected ? 'is' : 'is not'} a memory error`, () => {
    assert.equal(isMemoryError(error), expected);
  });
}
