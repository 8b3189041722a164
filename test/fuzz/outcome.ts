import { PipelineError } from '#lib/errors.ts';
import { seededRandom } from '#lib/random.ts';
import { DefinitionError, Failure } from '#statemachine/engine/failure.ts';
import type { Target } from './target.ts';

/** What became of a mutant: `read` as if it were sound (findings are values), `refused` by an error made for it, or a fault. */
export interface Outcome {
  kind: 'read' | 'refused' | 'fault' | 'slow';
  /** Of a fault: the error with its place. */
  message: string;
  /** Of the processor, whatever else the machine does. */
  seconds: number;
}

/** No reader may take longer for files of these sizes. */
export const MOST_SECONDS = 2;

/** Whether an error was thrown on purpose. */
export function isTyped(error: unknown): boolean {
  return error instanceof PipelineError || error instanceof DefinitionError || error instanceof Failure;
}

/** The random numbers of a mutant: any one of them can be made again alone. */
export function randomOf(seed: number, index: number) {
  return seededRandom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
}

export async function tryMutant(target: Target, seed: number, index: number): Promise<Outcome> {
  const mutant = target.mutant(randomOf(seed, index));
  const began = process.threadCpuUsage();
  let [kind, message]: [Outcome['kind'], string] = ['read', ''];
  try {
    await target.read(mutant);
  } catch (error) {
    kind = isTyped(error) ? 'refused' : 'fault';
    message = kind === 'fault' ? String(error instanceof Error ? error.stack : error) : '';
  }
  const { user, system } = process.threadCpuUsage(began);
  const seconds = (user + system) / 1e6;
  if (kind !== 'fault' && seconds > MOST_SECONDS) return { kind: 'slow', message: `${seconds.toFixed(1)} s`, seconds };
  return { kind, message, seconds };
}
