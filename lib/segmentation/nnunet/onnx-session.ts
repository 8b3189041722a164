import { createRequire } from 'node:module';
import { basename } from 'node:path';
import type { InferenceSession } from 'onnxruntime-node';
import { BadInput } from '../../errors.ts';
import type { Device } from '../../pool/gpus.ts';

type Runtime = typeof import('onnxruntime-node');

/** Loaded when a model needs it: its library is large, and an installation may be without it. @throws BadInput */
export function ort(): Runtime {
  try {
    return createRequire(import.meta.url)('onnxruntime-node') as Runtime;
  } catch (cause) {
    throw new BadInput(
      'this model needs ONNX Runtime, which cannot be loaded. Install it with `npm install -g onnxruntime-node`',
      {
        cause,
      },
    );
  }
}

/**
 * Opens a network. The runtime gives memory back as soon as a layer is done: the arena that it usually keeps takes about as
 * much again. @param device gpu: on the GPU when the runtime has its library, else on the CPU
 * @throws BadInput when the file, or the one with its weights, is broken or absent
 */
export async function openSession(
  file: string,
  device: Device,
  cores: number,
): Promise<{ session: InferenceSession; provider: string }> {
  const { InferenceSession, listSupportedBackends } = ort();
  const options = {
    intraOpNumThreads: cores,
    interOpNumThreads: 1,
    logSeverityLevel: 3 as const,
    enableCpuMemArena: false,
  };
  const hasCuda = device === 'gpu' && listSupportedBackends().some(({ name, bundled }) => name === 'cuda' && bundled);
  const provider = hasCuda ? 'cuda' : 'cpu';
  try {
    return { session: await InferenceSession.create(file, { ...options, executionProviders: [provider] }), provider };
  } catch (cause) {
    throw new BadInput(`the ONNX file cannot be opened: ${whyClosed(cause)}`, { where: basename(file), cause });
  }
}

/** What is wrong with a file that the runtime does not open, and what helps. */
function whyClosed(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : '';
  if (/external data|external_data/i.test(message))
    return 'its weights are in a separate file (such as model.onnx.data), which must lie beside it';
  if (/doesn't exist|no such file/i.test(message)) return 'it does not exist';
  if (/protobuf parsing failed|does not have a graph/i.test(message))
    return 'it is truncated or not an ONNX file. Copy it again';
  return `ONNX Runtime ${ort().env.versions.node} does not know what it contains. Export it with opset 17`;
}
