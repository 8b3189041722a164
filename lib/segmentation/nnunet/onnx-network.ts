import { existsSync } from 'node:fs';
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { GpuOutOfMemory, OutOfMemory, PipelineError } from '../../errors.ts';
import type { Device } from '../../pool/gpus.ts';
import { memoryKindOf } from '../../pool/memory-error.ts';
import { headFile } from './onnx-files.ts';
import { openSession, ort } from './onnx-session.ts';

/** Answers of the last layer that are asked for at once, where it has a file of its own. */
export const ANSWERS_AT_ONCE = 16;

/** A network that was exported to ONNX, in one file, or in two: its last layer then answers for a few classes at a time. */
export interface OnnxNetwork {
  provider: string;
  /** What it takes, as its file says. */
  inputs: readonly InferenceSession.ValueMetadata[];
  /**
   * Asks for a window.
   * @param dims of the window: 1, channels, axes
   * @param take gets the answers in order: all at once or some classes at a time, the first of them by its number
   * @returns the number of classes @throws PipelineError when the runtime fails
   */
  ask(window: Float32Array, dims: number[], take: (logits: OrtTensor, first: number) => void): Promise<number>;
  release(): Promise<void>;
}

/** @throws BadInput when a file is broken or absent */
export async function openNetwork(file: string, device: Device, cores: number): Promise<OnnxNetwork> {
  const { session, provider } = await openSession(file, device, cores);
  const ofHead = headFile(file);
  const inputs = session.inputMetadata;
  if (!existsSync(ofHead)) return { provider, inputs, ask: asker(session, provider), release: () => session.release() };
  const { session: head } = await openSession(ofHead, device, cores);
  const release = async () => {
    await session.release();
    await head.release();
  };
  return { provider, inputs, ask: askerInParts(session, head, provider), release };
}

function asker(session: InferenceSession, provider: string): OnnxNetwork['ask'] {
  const [output] = session.outputNames;
  return async (window, dims, take) => {
    const answer = await run(session, provider, { [session.inputNames[0]]: tensor(window, dims) });
    const logits = answer[output] as OrtTensor;
    take(logits, 0);
    return logits.dims[1];
  };
}

function askerInParts(session: InferenceSession, head: InferenceSession, provider: string): OnnxNetwork['ask'] {
  const [features, answers] = head.inputNames;
  const [logits, classes] = head.outputNames;
  return async (window, dims, take) => {
    const seen = await run(session, provider, { [session.inputNames[0]]: tensor(window, dims) });
    let first = 0;
    let count = 1;
    while (first < count) {
      const some = first === 0 ? 1 : Math.min(ANSWERS_AT_ONCE, count - first);
      const asked = BigInt64Array.from({ length: some }, (_, index) => BigInt(first + index));
      const answer = await run(head, provider, {
        [features]: seen[session.outputNames[0]],
        [answers]: new (ort().Tensor)('int64', asked, [some]),
      });
      count = Number((answer[classes] as OrtTensor).data[0]);
      take(answer[logits] as OrtTensor, first);
      first += some;
    }
    return count;
  };
}

function tensor(window: Float32Array, dims: number[]): OrtTensor {
  return new (ort().Tensor)('float32', window, dims);
}

/** The arena that reserves memory in blocks. On the CPU it is off, so what it says is said of the GPU. */
const ARENA = /BFCArena/;

function run(session: InferenceSession, provider: string, feeds: InferenceSession.FeedsType) {
  return session.run(feeds).catch((cause) => {
    const message = `the network failed: ${cause instanceof Error ? cause.message.trim() : cause}`;
    const memory = provider === 'cuda' && ARENA.test(message) ? 'gpu' : memoryKindOf(message);
    if (memory === 'gpu') throw new GpuOutOfMemory(message, { cause });
    throw memory === 'host' ? new OutOfMemory(message, { cause }) : new PipelineError(message, { cause });
  });
}
