import { randomUUID } from 'node:crypto';
import { type Clock, systemClock } from './clock.ts';
import type { Branch, Definition } from './definition.ts';
import { Failure } from './failure.ts';
import { asText, createHistory, type History, type HistoryEvent } from './history.ts';
import type { Integrations } from './integration.ts';
import type { Json } from './json.ts';
import { LIMITS, withinPayload } from './limits.ts';
import { requireIntegrations } from './parse.ts';
import { readHistory } from './replay.ts';
import type { Execution, Run, Scope } from './stay.ts';
import { walk } from './walk.ts';

export interface RunOptions {
  /** Of the execution: at most 80 letters, digits, `-` and `_`. */
  name: string;
  /** Where its history is kept; the name, unless another execution started this one. */
  path?: string;
  /** What the tasks call. All that the definition names must be here. */
  integrations: Integrations;
  machineArn?: string;
  clock?: Clock;
  /** Stops the run: it ends ABORTED when all that it started has heard of it. */
  signal?: AbortSignal;
  /** Hears every event; `path` is the execution's name, below its parent's for a child of a distributed Map. */
  onEvent?: (path: string, event: HistoryEvent) => void;
  /** The events of an earlier attempt under this path, to go on from; none: start afresh. */
  recorded?: (path: string) => HistoryEvent[];
  random?: () => number;
  uuid?: () => string;
}

/** Where children and parents share everything but their place. */
type Engine = Required<Omit<RunOptions, 'name' | 'path' | 'signal'>>;

interface Order {
  path: string;
  name: string;
  branch: Branch;
  input: Json;
  signal: AbortSignal;
  timeoutSeconds?: number;
}

/**
 * Runs the machine on the input to its end and tells how it ended; it does not throw for what happens in the run.
 * @throws DefinitionError if an integration is missing
 */
export async function runStateMachine(definition: Definition, input: Json, options: RunOptions): Promise<Execution> {
  requireIntegrations(definition, options.integrations);
  if (!/^[\w-]{1,80}$/.test(options.name)) throw new Failure('InvalidName', `no name of an execution: ${options.name}`);
  const { name, path = name, signal = new AbortController().signal, ...given } = options;
  const engine: Engine = {
    machineArn: 'arn:aws:states:local:000000000000:stateMachine:rtpipeline',
    clock: systemClock,
    onEvent: () => {},
    recorded: () => [],
    random: Math.random,
    uuid: randomUUID,
    ...given,
  };
  const timeoutSeconds = definition.TimeoutSeconds;
  return execute(engine, { path, name, branch: definition, input, signal, timeoutSeconds });
}

async function execute(engine: Engine, order: Order): Promise<Execution> {
  const { clock } = engine;
  const earlier = engine.recorded(order.path);
  const events = startedWith(earlier) === asText(order.input) ? earlier : [];
  const started = startOf(engine, order, events);
  const finished = successOf(events);
  if (finished) return { ...started, ...finished };

  const history = createHistory(clock.now, (event) => engine.onEvent(order.path, event), events);
  const deadline = new AbortController();
  const signal = AbortSignal.any([order.signal, deadline.signal]);
  const stopTimer =
    order.timeoutSeconds === undefined ? () => {} : clock.timer(order.timeoutSeconds * 1000, () => deadline.abort());
  const run = createRun(engine, order, started, history);
  const scope: Scope = { signal, variables: {}, lastEventId: 1, recorded: readHistory(events) };
  let ending: Ending;
  try {
    announce(history, order, events.length > 0 ? started.redriveCount : undefined);
    withinPayload(order.input, 'input');
    ending = { status: 'SUCCEEDED', output: await run.walk(order.branch, order.input, scope) };
  } catch (error) {
    ending = endingOf(error, order.signal.aborted, deadline.signal.aborted);
  }
  stopTimer();
  const { status, output, ...failure } = ending;
  const details = output === undefined ? failure : { output: asText(output), outputDetails: { truncated: false } };
  history.add(ENDINGS[status], scope.lastEventId, details);
  return { ...started, ...ending, stopDate: clock.now().toISOString() };
}

type Started = Pick<Execution, 'executionArn' | 'name' | 'input' | 'startDate' | 'redriveCount'>;
type Ending = Pick<Execution, 'status' | 'output' | 'error' | 'cause'>;

function startOf({ clock, machineArn }: Engine, { name, input }: Order, events: HistoryEvent[]): Started {
  const attempts = events.filter(({ type }) => type === 'ExecutionRedriven').length;
  const goesOn = events.length > 0 && !successOf(events);
  return {
    executionArn: `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`,
    name,
    input,
    startDate: events[0]?.timestamp ?? clock.now().toISOString(),
    redriveCount: goesOn ? attempts + 1 : attempts,
  };
}

function createRun(engine: Engine, order: Order, started: Started, history: History): Run {
  const { machineArn, clock, integrations, random, uuid } = engine;
  const run: Run = {
    path: order.path,
    context: {
      Execution: {
        Id: started.executionArn,
        Input: order.input,
        Name: order.name,
        RoleArn: '',
        StartTime: started.startDate,
        RedriveCount: started.redriveCount,
      },
      StateMachine: { Id: machineArn, Name: machineArn.split(':').at(-1)! },
    },
    clock,
    history,
    integrations,
    random,
    uuid,
    walk: (branch, input, scope) => walk(run, branch, input, scope),
    startChild: (child) => execute(engine, { ...child, path: `${order.path}/${child.name}` }),
  };
  return run;
}

function announce(history: History, { input }: Order, redriveCount: number | undefined): void {
  if (redriveCount !== undefined) history.add('ExecutionRedriven', history.lastEventId, { redriveCount });
  else history.add('ExecutionStarted', 0, { input: asText(input), inputDetails: { truncated: false } });
}

function endingOf(error: unknown, aborted: boolean, late: boolean): Ending {
  if (aborted) return { status: 'ABORTED' };
  if (late) return { status: 'TIMED_OUT', error: 'States.Timeout', cause: '' };
  const failure = error instanceof Failure ? error : new Failure('States.Runtime', String(error));
  return { status: 'FAILED', error: failure.error, cause: failure.cause.slice(0, LIMITS.causeLength) };
}

const ENDINGS: Record<Execution['status'], string> = {
  SUCCEEDED: 'ExecutionSucceeded',
  FAILED: 'ExecutionFailed',
  TIMED_OUT: 'ExecutionTimedOut',
  ABORTED: 'ExecutionAborted',
};

function startedWith(events: HistoryEvent[]): unknown {
  return (events[0]?.executionStartedEventDetails as { input: string } | undefined)?.input;
}

function successOf(events: HistoryEvent[]): Pick<Execution, 'status' | 'output' | 'stopDate'> | undefined {
  const last = events.at(-1);
  if (last?.type !== 'ExecutionSucceeded') return undefined;
  const { output } = last.executionSucceededEventDetails as { output: string };
  return { status: 'SUCCEEDED', output: JSON.parse(output), stopDate: last.timestamp };
}
