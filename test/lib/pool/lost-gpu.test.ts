import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLostGpu } from '#lib/pool/lost-gpu.ts';

/** As PyTorch, ONNX Runtime and the driver print them, and texts that only look like one. */
const MESSAGES: [string, boolean][] = [
  ['RuntimeError: CUDA error: unspecified launch failure', true],
  ['torch.AcceleratorError: CUDA error: an illegal memory access was encountered', true],
  ['RuntimeError: No CUDA-capable device is detected', true],
  ['CUDA error: all CUDA-capable devices are busy or unavailable', true],
  ['CUDNN failure; CUDA failure 719: unspecified launch failure ; GPU=0', true],
  ['CUDA failure 999 ; GPU=0 ; hostname=a', true],
  ['Unable to determine the device handle for GPU 0000:01:00.0: GPU is lost. Reboot the system', true],
  ['CUDA failure 2: out of memory ; GPU=0', false],
  ['CUDA failure 1: invalid argument', false],
  ['CUDA error: no kernel image is available for execution on the device', false],
  ['No GPU detected. Running on CPU.', false],
];

for (const [message, isLost] of MESSAGES)
  test(`${isLost ? 'a lost GPU' : 'something else'}: ${message}`, () => assert.equal(isLostGpu(message), isLost));
