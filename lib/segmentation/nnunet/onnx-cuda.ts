import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const LIBRARY = 'libonnxruntime_providers_cuda.so';

/**
 * Why ONNX Runtime cannot use a GPU of NVIDIA here, as far as files tell; nothing where its CUDA library is there. The runtime lists
 * CUDA among its backends with or without that library, which no package brings: docs/segmentation.md says how to get it.
 */
export function lackOfCuda(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return 'ONNX Runtime for Node has CUDA only on Linux with x64 processors';
  const folder = libraryFolder();
  return folder !== undefined && existsSync(join(folder, LIBRARY))
    ? undefined
    : 'ONNX Runtime has no CUDA library here: run `ONNXRUNTIME_NODE_INSTALL=cuda12 node script/install` in the folder of its package onnxruntime-node';
}

/** Where the runtime keeps its libraries: `bin/napi-v<n>/linux/x64` of its package. */
function libraryFolder(): string | undefined {
  try {
    const main = createRequire(import.meta.url).resolve('onnxruntime-node');
    const bin = join(dirname(main), '..', 'bin');
    const version = readdirSync(bin).find((name) => name.startsWith('napi-'));
    return version && join(bin, version, 'linux', 'x64');
  } catch {
    return undefined;
  }
}
