import type { ChoiceState } from './definition.ts';
import { Failure } from './failure.ts';
import { evaluateField, leave, type Runner, statesOf } from './stay.ts';

/** Follows the first rule that holds, otherwise `Default`. */
export const runChoice: Runner<ChoiceState> = async (state, stay) => {
  const states = statesOf(stay);
  for (const [index, rule] of state.Choices.entries()) {
    const field = `Choices[${index}].Condition`;
    const holds = await evaluateField(rule.Condition, field, stay, states);
    if (typeof holds !== 'boolean') {
      throw new Failure(
        'States.QueryEvaluationError',
        `'${field}' must be true or false, not ${JSON.stringify(holds)}`,
      );
    }
    if (holds) return leave(rule, stay, states, stay.input);
  }
  if (state.Default === undefined) {
    throw new Failure('States.NoChoiceMatched', `no rule of '${stay.name}' holds and it has no Default`);
  }
  const { Output, Assign } = state;
  return leave({ Output, Assign, Next: state.Default }, stay, states, stay.input);
};
