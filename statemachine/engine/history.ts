import { Failure } from './failure.ts';
import type { Json } from './json.ts';
import { LIMITS } from './limits.ts';

/**
 * One line of an execution's history, in the shape of GetExecutionHistory and under the names that the console
 * shows: `type` says which `...EventDetails` it carries; JSON values travel as text.
 */
export interface HistoryEvent {
  timestamp: string;
  id: number;
  previousEventId: number;
  type: string;
  [details: `${string}EventDetails`]: Record<string, unknown>;
}

/** The growing history of one execution. */
export interface History {
  /** The event that a redriven execution goes on from; 0 for a fresh one. */
  readonly lastEventId: number;
  /** Appends an event and answers with its id. @throws Failure States.Runtime when the history is full */
  add(type: string, previousEventId: number, details?: Record<string, unknown>): number;
}

/** Starts behind the events of an earlier attempt, if any. */
export function createHistory(
  now: () => Date,
  write: (event: HistoryEvent) => void,
  recorded: HistoryEvent[],
): History {
  let lastEventId = recorded.at(-1)?.id ?? 0;
  return {
    get lastEventId() {
      return lastEventId;
    },
    add(type, previousEventId, details) {
      if (lastEventId >= LIMITS.historyEvents - 1 && !type.startsWith('Execution')) {
        throw new Failure(
          'States.Runtime',
          `The execution reached the maximum number of history events (${LIMITS.historyEvents}).`,
        );
      }
      lastEventId += 1;
      write({
        timestamp: now().toISOString(),
        id: lastEventId,
        previousEventId,
        type,
        ...(details && { [detailsName(type)]: details }),
      });
      return lastEventId;
    },
  };
}

/** A value as the history carries it. */
export function asText(value: Json): string {
  return JSON.stringify(value);
}

/** `TaskStateEntered` and `PassStateEntered` share `stateEnteredEventDetails`; most types have their own. */
function detailsName(type: string): `${string}EventDetails` {
  if (type.endsWith('StateEntered')) return 'stateEnteredEventDetails';
  if (type.endsWith('StateExited')) return 'stateExitedEventDetails';
  return `${type[0].toLowerCase()}${type.slice(1)}EventDetails`;
}
