import { createRequire } from 'node:module';
import { basename } from 'node:path';
import type { InferenceSession } from 'onnxruntime-node';
import { BadInput, describeError, GpuOutOfMemory } from '../../errors.ts';
import type { Device } from '../../pool/gpus.ts';
import { isMemoryError } from '../../pool/memory-error.ts';
import { lackOfCuda } from './onnx-cuda.ts';

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

export type Provider = 'cuda' | 'cpu';

export interface OpenedSession {
  session: InferenceSession;
  provider: Provider;
  /** Why a network that was to run on a GPU runs on the CPU. */
  withoutGpu?: string;
}

/**
 * Opens a network. The runtime gives memory back as soon as a layer is done: the arena that it usually keeps takes about as
 * much again.
 * @param device gpu: on a GPU of NVIDIA where the runtime has its library and can start it, else on the CPU
 * @throws BadInput when the file, or the one with its weights, is broken or absent; GpuOutOfMemory
 */
export async function openSession(file: string, device: Device, cores: number): Promise<OpenedSession> {
  const { InferenceSession } = ort();
  const options = {
    intraOpNumThreads: cores,
    interOpNumThreads: 1,
    // Errors are thrown with the same words.
    logSeverityLevel: 4 as const,
    enableCpuMemArena: false,
  };
  const create = (provider: Provider) => InferenceSession.create(file, { ...options, executionProviders: [provider] });
  try {
    return await openOn(device, create, lackOfCuda);
  } catch (cause) {
    if (cause instanceof GpuOutOfMemory) throw cause;
    throw new BadInput(`the ONNX file cannot be opened: ${whyClosed(cause)}`, { where: basename(file), cause });
  }
}

/** @param lack why CUDA cannot be used, as far as files tell @throws GpuOutOfMemory, or what the CPU says of the file */
export async function openOn(
  device: Device,
  create: (provider: Provider) => Promise<InferenceSession>,
  lack: () => string | undefined,
): Promise<OpenedSession> {
  const onCpu = async (withoutGpu?: string): Promise<OpenedSession> => ({
    session: await create('cpu'),
    provider: 'cpu',
    ...(withoutGpu !== undefined && { withoutGpu }),
  });
  if (device !== 'gpu') return onCpu();
  const withoutGpu = lack();
  if (withoutGpu !== undefined) return onCpu(withoutGpu);
  try {
    return { session: await create('cuda'), provider: 'cuda' };
  } catch (cause) {
    if (isMemoryError(cause)) throw new GpuOutOfMemory('the network does not fit the memory of the GPU', { cause });
    return onCpu(`CUDA cannot be started: ${describeError(cause)}`);
  }
}

/** What is wrong with a file that the runtime does not open, and what helps. */
function whyClosed(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : '';
  if (/unsupported data type/i.test(message))
    return 'it takes or returns numbers of a kind that cannot be passed on, such as bfloat16. Export it for 32-bit numbers';
  if (/external initializer.*out of bounds/is.test(message))
    return 'the separate file with its weights is truncated. Copy it again';
  if (/external data|external_data/i.test(message))
    return 'its weights are in a separate file (such as model.onnx.data), which must lie beside it';
  if (/doesn't exist|no such file/i.test(message)) return 'it does not exist';
  if (/protobuf parsing failed|does not have a graph/i.test(message))
    return 'it is truncated or not an ONNX file. Copy it again';
  const reason = message.replace(/\s+/g, ' ').replace(/^Load model from .*? failed: ?/, '');
  return `ONNX Runtime ${ort().env.versions.node} does not accept it (${reason.trim()}). Export it with opset 17`;
}
