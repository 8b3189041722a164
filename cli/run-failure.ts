import type { Execution } from '#statemachine/engine/stay.ts';
import { systemWords } from './explain.ts';

/** Why a run did not come to its end. */
export interface RunFailure {
  /** A sentence for a person. */
  reason: string;
  /** The input, the settings or the machine is at fault, not the product. */
  isMendable: boolean;
}

/** Errors whose message tells what to change. */
const OF_THE_INPUT = ['BadInput', 'BadConfig'];

/** Batch's word for a job that no host has room for, and the sentence behind it. */
const NO_MORE_MEMORY = /MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - (.*)/;

/**
 * What ended a run, from the record of the state machine. `said`: the own account of the last failed job, which the
 * record does not contain.
 */
export function runFailure({ error = '', cause = '' }: Execution, said?: string): RunFailure {
  const recorded = fieldsOf(cause);
  const isTables = recorded.Error === 'AggregateFailed';
  const message = isTables ? (said ?? recorded.Cause) : (recorded.errorMessage ?? `${error} ${cause}`.trim());
  const tooSmall = NO_MORE_MEMORY.exec(String(message))?.[1];
  const words = tooSmall ?? systemWords(String(message));
  const reason = `${isTables ? 'the tables could not be put together: ' : ''}${words ?? message}`;
  return { reason, isMendable: words !== undefined || OF_THE_INPUT.includes(error) };
}

function fieldsOf(cause: string): { Error?: string; Cause?: string; errorMessage?: string } {
  try {
    return Object(JSON.parse(cause));
  } catch {
    return {};
  }
}
