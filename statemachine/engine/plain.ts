import type { FailState, PassState, State, WaitState } from './definition.ts';
import { Failure } from './failure.ts';
import type { Json } from './json.ts';
import { evaluateField, evaluateNumber, leave, type Runner, type Stay, statesOf } from './stay.ts';

export const runPass: Runner<PassState> = (state, stay) => leave(state, stay, statesOf(stay), stay.input);

export const runSucceed: Runner<Extract<State, { Type: 'Succeed' }>> = (state, stay) =>
  leave(state, stay, statesOf(stay), stay.input);

export const runFail: Runner<FailState> = async (state, stay) => {
  const states = statesOf(stay);
  const text = async (template: Json | undefined, field: string) =>
    template === undefined ? '' : String(await evaluateField(template, field, stay, states));
  throw new Failure(await text(state.Error, 'Error'), await text(state.Cause, 'Cause'));
};

export const runWait: Runner<WaitState> = async (state, stay) => {
  const states = statesOf(stay);
  await stay.run.clock.sleep(await delayMs(state, stay), stay.scope.signal);
  return leave(state, stay, states, stay.input);
};

async function delayMs(state: WaitState, stay: Stay): Promise<number> {
  const states = statesOf(stay);
  if (state.Seconds !== undefined) return 1000 * (await evaluateNumber(state.Seconds, 'Seconds', stay, states));
  const until = Date.parse(String(await evaluateField(state.Timestamp ?? '', 'Timestamp', stay, states)));
  if (Number.isNaN(until)) throw new Failure('States.QueryEvaluationError', `'Timestamp' must be an ISO 8601 time`);
  return Math.max(0, until - stay.run.clock.now().getTime());
}
