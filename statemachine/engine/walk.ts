import { targetsOf } from './check.ts';
import { runChoice } from './choice.ts';
import type { Branch, State } from './definition.ts';
import { asText } from './history.ts';
import type { Json } from './json.ts';
import { runMap } from './map.ts';
import { runParallel } from './parallel.ts';
import { runFail, runPass, runSucceed, runWait } from './plain.ts';
import type { Visit } from './replay.ts';
import type { Run, Runner, Scope, Step } from './stay.ts';
import { runTask } from './task.ts';

/** From `StartAt` from state to state until one ends the chain; what an earlier attempt finished is not done again. */
export async function walk(run: Run, branch: Branch, input: Json, scope: Scope): Promise<Json> {
  let name = branch.StartAt;
  let value = input;
  for (let turn = 0; ; turn++) {
    scope.signal.throwIfAborted();
    const state = branch.States[name];
    const recorded = recall(scope, turn, name, value);
    const step = stepOf(state, recorded, scope.recorded?.visits[turn + 1]?.name) ?? (await visit());
    scope.variables = { ...scope.variables, ...step.assigned };
    value = step.output;
    if (step.next === undefined) return value;
    name = step.next;

    async function visit(): Promise<Step> {
      if (!recorded) note('Entered', { input: asText(value), inputDetails: { truncated: false } });
      const entered = run.clock.now().toISOString();
      const left = await runnerOf(state)(state, { name, input: value, entered, run, scope, recorded });
      const assigned = Object.entries(left.assigned).map(([variable, json]) => [variable, asText(json)]);
      note('Exited', {
        output: asText(left.output),
        outputDetails: { truncated: false },
        ...(assigned.length > 0 && { assignedVariables: Object.fromEntries(assigned) }),
      });
      return left;
    }

    function note(what: 'Entered' | 'Exited', details: Record<string, unknown>): void {
      const type = `${state.Type}State${what}`;
      scope.lastEventId = run.history.add(type, scope.lastEventId, { name, ...details });
    }
  }
}

/** The same stay in the record, unless the definition or the data went another way since. */
function recall(scope: Scope, turn: number, name: string, input: Json): Visit | undefined {
  const visit = scope.recorded?.visits[turn];
  if (visit?.name === name && asText(visit.input) === asText(input)) {
    scope.lastEventId = visit.lastEventId;
    return visit;
  }
  scope.recorded = undefined;
  return undefined;
}

/** How the recorded stay was left, if it was and if it is certain where to. */
function stepOf(state: State, visit: Visit | undefined, follower: string | undefined): Step | undefined {
  if (!visit?.exit) return undefined;
  const { output, assigned, caught } = visit.exit;
  if (follower !== undefined && targetsOf(state).includes(follower)) return { output, assigned, next: follower };
  if (follower !== undefined || caught || state.Type === 'Choice') return undefined;
  return { output, assigned, next: 'Next' in state ? state.Next : undefined };
}

const RUNNERS: { [Type in State['Type']]: Runner<Extract<State, { Type: Type }>> } = {
  Pass: runPass,
  Task: runTask,
  Choice: runChoice,
  Wait: runWait,
  Succeed: runSucceed,
  Fail: runFail,
  Parallel: runParallel,
  Map: runMap,
};

function runnerOf(state: State): Runner<State> {
  return RUNNERS[state.Type] as Runner<State>;
}
