import type { HistoryEvent } from './history.ts';
import type { Json, JsonObject } from './json.ts';

/**
 * An earlier attempt, read back from its history: what every state that was left had answered. The engine walks the
 * definition again and takes these answers instead of doing the work twice; at the first state without one it goes on
 * for real. This is a redrive (https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html).
 */
export interface Thread {
  visits: Visit[];
  lastEventId: number;
}

/** One stay in a state. */
export interface Visit {
  name: string;
  input: Json;
  /** Absent while the state was entered and never left. `caught`: it was left through a catcher. */
  exit?: { output: Json; assigned: JsonObject; caught: boolean };
  /** The last event of the stay: new attempts hang on it. */
  lastEventId: number;
  lastType: string;
  /** Where the branches of a Parallel or the iterations of a Map hang on. */
  startedEventId?: number;
  mapRun?: { arn: string; eventId: number };
  /** Branches by the name of their first state, iterations by their index. */
  threads: Map<string, Thread>;
}

/** The root thread of a recorded execution; undefined if there is nothing to go on from. */
export function readHistory(events: HistoryEvent[]): Thread | undefined {
  if (events.length === 0) return undefined;
  const owners = new Map<number, Thread>();
  const root: Thread = { visits: [], lastEventId: events[0].id };
  for (const event of events) {
    const thread = threadOf(event, owners, root);
    if (!thread) continue;
    owners.set(event.id, thread);
    thread.lastEventId = event.id;
    if (event.type.endsWith('StateEntered')) enter(thread, event);
    else append(thread.visits.at(-1), event);
  }
  return root;
}

function threadOf(event: HistoryEvent, owners: Map<number, Thread>, root: Thread): Thread | undefined {
  if (event.type.startsWith('Execution')) return event.type === 'ExecutionStarted' ? root : undefined;
  const before = owners.get(event.previousEventId);
  const visit = before?.visits.at(-1);
  const forks = visit?.startedEventId === event.previousEventId;
  if (forks && event.type === 'MapIterationStarted') {
    return fork(visit, String((event.mapIterationStartedEventDetails as { index: number }).index));
  }
  if (forks && event.type.endsWith('StateEntered')) return fork(visit, enteredName(event));
  return before;
}

function fork(visit: Visit, key: string): Thread {
  const thread = visit.threads.get(key) ?? { visits: [], lastEventId: 0 };
  visit.threads.set(key, thread);
  return thread;
}

/** A later attempt that went another way puts aside what the earlier one did after the fork. */
function enter(thread: Thread, event: HistoryEvent): void {
  const { input } = event.stateEnteredEventDetails as { input: string };
  const before = thread.visits.findIndex((visit) => visit.lastEventId === event.previousEventId);
  thread.visits.length = before + 1;
  thread.visits.push({
    name: enteredName(event),
    input: JSON.parse(input),
    lastEventId: event.id,
    lastType: event.type,
    threads: new Map(),
  });
}

function append(visit: Visit | undefined, event: HistoryEvent): void {
  if (!visit) return;
  if (event.type === 'ParallelStateStarted' || event.type === 'MapStateStarted') startAnew(visit, event.id);
  if (event.type === 'MapRunStarted') {
    visit.mapRun = { arn: (event.mapRunStartedEventDetails as { mapRunArn: string }).mapRunArn, eventId: event.id };
  }
  if (event.type.endsWith('StateExited')) {
    const details = event.stateExitedEventDetails as { output: string; assignedVariables?: Record<string, string> };
    const assigned = Object.entries(details.assignedVariables ?? {}).map(([name, text]) => [name, JSON.parse(text)]);
    visit.exit = {
      output: JSON.parse(details.output),
      assigned: Object.fromEntries(assigned),
      caught: /(Failed|TimedOut)$/.test(visit.lastType),
    };
  }
  visit.lastEventId = event.id;
  visit.lastType = event.type;
}

/** A retry of a Parallel or Map runs all its branches again. */
function startAnew(visit: Visit, startedEventId: number): void {
  visit.startedEventId = startedEventId;
  visit.mapRun = undefined;
  visit.threads.clear();
}

function enteredName(event: HistoryEvent): string {
  return (event.stateEnteredEventDetails as { name: string }).name;
}
