import type { Clock } from './clock.ts';
import type { Branch, State } from './definition.ts';
import { Failure } from './failure.ts';
import { asText, type History } from './history.ts';
import type { Integrations } from './integration.ts';
import type { Json, JsonObject } from './json.ts';
import { evaluate } from './jsonata.ts';
import { withinPayload } from './limits.ts';
import type { Thread, Visit } from './replay.ts';

/** One execution: what all its states share. */
export interface Run {
  /** Name of the execution, below that of the execution that started it: `run1/Courses-5-0`. */
  path: string;
  /** The `Execution` and `StateMachine` of the context object. */
  context: { Execution: JsonObject; StateMachine: JsonObject };
  clock: Clock;
  history: History;
  integrations: Integrations;
  random(): number;
  uuid(): string;
  /** Runs the states of a branch to the end of it. @throws Failure */
  walk(branch: Branch, input: Json, scope: Scope): Promise<Json>;
  /** Runs a branch as a separate execution; throws only on abort. */
  startChild(child: Child): Promise<Execution>;
}

export interface Child {
  name: string;
  branch: Branch;
  input: Json;
  signal: AbortSignal;
}

/** How an execution ended, in the words of DescribeExecution. */
export interface Execution {
  executionArn: string;
  name: string;
  status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  input: Json;
  output?: Json;
  error?: string;
  cause?: string;
  startDate: string;
  stopDate: string;
  redriveCount: number;
}

/** A chain of states that share variables: the execution itself, a branch, an iteration. */
export interface Scope {
  signal: AbortSignal;
  /** Those of the outer scopes too, as they were when this one began. */
  variables: JsonObject;
  lastEventId: number;
  /** `Map` of the context object inside an iteration. */
  item?: JsonObject;
  /** What an earlier attempt did in this scope. */
  recorded?: Thread;
}

/** The time between entering and leaving one state. */
export interface Stay {
  name: string;
  input: Json;
  entered: string;
  run: Run;
  scope: Scope;
  /** The same stay in an earlier attempt, which did not end. */
  recorded?: Visit;
}

/** How a state is left. `next` is absent at the end of the chain. */
export interface Step {
  output: Json;
  assigned: JsonObject;
  next?: string;
}

export type Runner<S extends State> = (state: S, stay: Stay) => Promise<Step>;

/** `$states`, with `more` beside input and context. */
export function statesOf(stay: Stay, more: JsonObject = {}, retryCount = 0): JsonObject {
  const { Execution, StateMachine } = stay.run.context;
  const State = { Name: stay.name, EnteredTime: stay.entered, RetryCount: retryCount };
  const context = { Execution, StateMachine, State, ...(stay.scope.item && { Map: stay.scope.item }) };
  return { input: stay.input, context, ...more };
}

/** Evaluates one field of the state; a failure leaves its event in the history. */
export async function evaluateField(template: Json, field: string, stay: Stay, states: JsonObject): Promise<Json> {
  try {
    return await evaluate(template, { states, variables: stay.scope.variables, random: stay.run.random }, field);
  } catch (failure) {
    if (failure instanceof Failure) {
      const { error, cause } = failure;
      stay.scope.lastEventId = stay.run.history.add('EvaluationFailed', stay.scope.lastEventId, {
        error,
        cause,
        location: field,
        state: stay.name,
      });
    }
    throw failure;
  }
}

/** As evaluateField, for a field that must come to a number. */
export async function evaluateNumber(template: Json, field: string, stay: Stay, states: JsonObject): Promise<number> {
  const value = await evaluateField(template, field, stay, states);
  if (typeof value === 'number' && value >= 0) return value;
  throw new Failure(
    'States.QueryEvaluationError',
    `'${field}' must be a number that is not negative, not ${asText(value)}`,
  );
}

/** Leaves by the rules of `Output`, `Assign` and `Next`: both see the variables as they were on entry. */
export async function leave(
  rule: { Output?: Json; Assign?: JsonObject; Next?: string },
  stay: Stay,
  states: JsonObject,
  fallback: Json,
): Promise<Step> {
  const output = rule.Output === undefined ? fallback : await evaluateField(rule.Output, 'Output', stay, states);
  const assigned = rule.Assign === undefined ? {} : await evaluateField(rule.Assign, 'Assign', stay, states);
  for (const [name, value] of Object.entries(assigned as JsonObject)) withinPayload(value, `variable ${name}`);
  return { output: withinPayload(output, 'output'), assigned: assigned as JsonObject, next: rule.Next };
}
