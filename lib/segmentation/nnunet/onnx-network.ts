import { existsSync } from 'node:fs';
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { GpuLost, GpuOutOfMemory, OutOfMemory, PipelineError } from '../../errors.ts';
import type { Device } from '../../pool/gpus.ts';
import { isLostGpu } from '../../pool/lost-gpu.ts';
import { memoryKindOf } from '../../pool/memory-error.ts';
import { headFile } from './onnx-files.ts';
import { type OpenedSession, openSession, ort, type Provider } from './onnx-session.ts';

/** Answers of the last layer that are asked for at once, where it has a file of its own. */
export const ANSWERS_AT_ONCE = 16;

/** A network that was exported to ONNX, in one file, or in two: its last layer then answers for a few classes at a time. */
export interface OnnxNetwork {
  provider: Provider;
  /** Why it runs on the CPU though it was to run on a GPU. */
  withoutGpu?: string;
  /** What it takes, as its file says. */
  inputs: readonly InferenceSession.ValueMetadata[];
  /** What it returns, as its file, or that of its last layer, says. */
  outputs: readonly InferenceSession.ValueMetadata[];
  /**
   * Asks for a window.
   * @param dims of the window: 1, channels, axes
   * @param take gets the answers in order: all at once or some classes at a time, the first of them by its number
   * @returns the number of classes @throws OutOfMemory, GpuOutOfMemory, GpuLost, PipelineError when the runtime fails
   */
  ask(window: Float32Array, dims: number[], take: (logits: OrtTensor, first: number) => void): Promise<number>;
  release(): Promise<void>;
}

/** @throws BadInput when a file is broken or absent; GpuOutOfMemory */
export async function openNetwork(file: string, device: Device, cores: number): Promise<OnnxNetwork> {
  const body = await openSession(file, device, cores);
  const { provider, withoutGpu } = body;
  const { inputMetadata: inputs, outputMetadata: outputs } = body.session;
  const opened = { provider, inputs, outputs, ...(withoutGpu !== undefined && { withoutGpu }) };
  const ofHead = headFile(file);
  if (!existsSync(ofHead)) return { ...opened, ask: asker(body), release: () => body.session.release() };
  const head = await openSession(ofHead, provider === 'cuda' ? device : 'cpu', cores);
  const release = async () => {
    await body.session.release();
    await head.session.release();
  };
  return { ...opened, ask: askerInParts(body, head), release };
}

function asker(body: OpenedSession): OnnxNetwork['ask'] {
  const { inputNames, outputNames } = body.session;
  let kept: Answers = {};
  return async (window, dims, take) => {
    kept = await run(body, { [inputNames[0]]: tensor(window, dims) }, kept);
    const logits = kept[outputNames[0]] as OrtTensor;
    take(logits, 0);
    return logits.dims[1];
  };
}

function askerInParts(body: OpenedSession, head: OpenedSession): OnnxNetwork['ask'] {
  const { inputNames, outputNames } = body.session;
  const [features, answers] = head.session.inputNames;
  const [logits, classes] = head.session.outputNames;
  let seen: Answers = {};
  const kept = new Map<number, Answers>();
  return async (window, dims, take) => {
    seen = await run(body, { [inputNames[0]]: tensor(window, dims) }, seen);
    let first = 0;
    let count = 1;
    while (first < count) {
      const some = first === 0 ? 1 : Math.min(ANSWERS_AT_ONCE, count - first);
      const asked = BigInt64Array.from({ length: some }, (_, index) => BigInt(first + index));
      const feeds = {
        [features]: seen[outputNames[0]],
        [answers]: new (ort().Tensor)('int64', asked, [some]),
      };
      const answer = await run(head, feeds, kept.get(some) ?? {});
      kept.set(some, answer);
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

type Answers = InferenceSession.OnnxValueMapType;

/**
 * @param into arrays of an earlier window, which are filled anew: new ones would wait for the collector of garbage. Those of 16-bit
 * numbers the binding takes for empty ones
 */
function run({ session, provider }: OpenedSession, feeds: InferenceSession.FeedsType, into: Answers): Promise<Answers> {
  const refilled = Object.entries(into).filter(([, value]) => (value as OrtTensor).type !== 'float16');
  const fetches = {
    ...Object.fromEntries(session.outputNames.map((name) => [name, null])),
    ...Object.fromEntries(refilled),
  };
  return session.run(feeds, fetches).catch((cause) => {
    throw runtimeError(cause, provider);
  });
}

/** The arena that reserves memory in blocks. On the CPU it is off, so what it says is said of the GPU. */
const ARENA = /BFCArena/;

/** Tells apart what another attempt, or another machine, can answer. */
export function runtimeError(cause: unknown, provider: Provider): PipelineError {
  const said = String(cause instanceof Error ? cause.message : cause).replace(/\s+/g, ' ');
  const message = `the network failed: ${said.trim()}`;
  const memory = provider === 'cuda' && ARENA.test(message) ? 'gpu' : memoryKindOf(message);
  if (memory === 'gpu') return new GpuOutOfMemory(message, { cause });
  if (memory === 'host') return new OutOfMemory(message, { cause });
  return isLostGpu(message) ? new GpuLost(message, { cause }) : new PipelineError(message, { cause });
}
