import { type Branch, DISTRIBUTED_FIELDS, type MapState, type State } from './definition.ts';
import { RESOURCES, resourceName } from './integration.ts';
import { compile, isExpression } from './jsonata.ts';
import { LIMITS } from './limits.ts';

/** All that is wrong with the states, as sentences; what the schema cannot see, as it looks at one field at a time. */
export function checkBranch(machine: Branch): string[] {
  const names = [...statesIn(machine)].map(([name]) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return [
    ...twice.map((name) => `${name}: the name is used twice`),
    ...names.filter((name) => name.length > LIMITS.nameLength).map((name) => `${name}: the name is too long`),
    ...branchesIn(machine).flatMap(checkTargets),
    ...[...statesIn(machine)].flatMap(([name, state]) => checkState(state).map((problem) => `${name}: ${problem}`)),
    ...checkVariables(machine, new Set()),
  ];
}

/** Every state of the machine with its name, those of branches and processors too. */
export function* statesIn(branch: Branch): Generator<[string, State]> {
  for (const [name, state] of Object.entries(branch.States)) {
    yield [name, state];
    for (const inner of innerBranches(state)) yield* statesIn(inner);
  }
}

function branchesIn(branch: Branch): Branch[] {
  return [branch, ...Object.values(branch.States).flatMap(innerBranches).flatMap(branchesIn)];
}

function innerBranches(state: State): Branch[] {
  if (state.Type === 'Parallel') return state.Branches;
  return state.Type === 'Map' ? [state.ItemProcessor] : [];
}

function checkTargets(branch: Branch): string[] {
  const targets = new Map(Object.entries(branch.States).map(([name, state]) => [name, targetsOf(state)]));
  const reached = new Set<string>();
  const missing: string[] = [];
  const visit = (name: string, from: string) => {
    if (!targets.has(name)) missing.push(`${from}: there is no state ${name} beside it`);
    if (reached.has(name)) return;
    reached.add(name);
    for (const target of targets.get(name) ?? []) visit(target, name);
  };
  visit(branch.StartAt, 'StartAt');
  const idle = Object.keys(branch.States).filter((name) => !reached.has(name));
  return [...missing, ...idle.map((name) => `${name}: no state leads to it`)];
}

/** The states that may follow, by `Next`, `Default`, a rule or a catcher. */
export function targetsOf(state: State): string[] {
  const rules = state.Type === 'Choice' ? state.Choices : 'Catch' in state ? (state.Catch ?? []) : [];
  const onward = state.Type === 'Choice' ? state.Default : 'Next' in state ? state.Next : undefined;
  return [...rules.map((rule) => rule.Next), ...(onward === undefined ? [] : [onward])];
}

function checkState(state: State): string[] {
  const problems: string[] = [...checkExpressions(state)];
  if (!['Choice', 'Succeed', 'Fail'].includes(state.Type)) {
    const { Next, End } = state as { Next?: string; End?: true };
    if ((Next === undefined) === (End === undefined)) problems.push('it needs one of Next and End');
  }
  if (state.Type === 'Wait' && (state.Seconds === undefined) === (state.Timestamp === undefined)) {
    problems.push('it needs one of Seconds and Timestamp');
  }
  if (state.Type === 'Task' && !RESOURCES.some((name) => name === resourceName(state.Resource))) {
    problems.push(`the resource ${state.Resource} is not one of ${RESOURCES.join(', ')}`);
  }
  if (state.Type === 'Map') problems.push(...checkMap(state));
  if ('Retry' in state) problems.push(...checkErrors(state.Retry ?? []));
  if ('Catch' in state) problems.push(...checkErrors(state.Catch ?? []));
  return problems;
}

function checkMap(state: MapState): string[] {
  const distributed = state.ItemProcessor.ProcessorConfig?.Mode === 'DISTRIBUTED';
  const strange = distributed ? [] : DISTRIBUTED_FIELDS.filter((field) => field in state);
  const problems = strange.map((field) => `${field} belongs to a DISTRIBUTED Map`);
  if (state.Items !== undefined && state.ItemReader) problems.push('it has both Items and ItemReader');
  return problems;
}

/** `States.ALL` answers everything, so it stands alone and last. */
function checkErrors(rules: { ErrorEquals: string[] }[]): string[] {
  return rules.flatMap(({ ErrorEquals }, index) => {
    if (!ErrorEquals.includes('States.ALL')) return [];
    const alone = ErrorEquals.length === 1 && index === rules.length - 1;
    return alone ? [] : ['States.ALL must stand alone in the last rule'];
  });
}

function checkExpressions(value: unknown): string[] {
  if (typeof value === 'string') return isExpression(value) ? compileProblems(value) : halfExpression(value);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const isBranch = key === 'States' || key === 'Branches';
    return isBranch ? [] : checkExpressions(inner);
  });
}

function compileProblems(text: string): string[] {
  try {
    compile(text);
    return [];
  } catch (error) {
    return [`${text} is no JSONata: ${(error as Error).message}`];
  }
}

function halfExpression(text: string): string[] {
  return text.startsWith('{%') || text.endsWith('%}') ? [`${text} is half an expression`] : [];
}

/** An inner scope may read the variables around it but not assign one of the same name. */
function checkVariables(branch: Branch, outer: Set<string>): string[] {
  const own = new Set(Object.values(branch.States).flatMap(assignedBy));
  const clashes = [...own].filter((name) => outer.has(name));
  const inner = Object.values(branch.States).flatMap((state) => {
    const seen = isDistributed(state) ? new Set<string>() : new Set([...outer, ...own]);
    return innerBranches(state).flatMap((branch) => checkVariables(branch, seen));
  });
  return [...clashes.map((name) => `the variable ${name} is assigned in an outer scope too`), ...inner];
}

function isDistributed(state: State): boolean {
  return state.Type === 'Map' && state.ItemProcessor.ProcessorConfig?.Mode === 'DISTRIBUTED';
}

function assignedBy(state: State): string[] {
  const rules = state.Type === 'Choice' ? state.Choices : 'Catch' in state ? (state.Catch ?? []) : [];
  const assigns = [...rules.map((rule) => rule.Assign), 'Assign' in state ? state.Assign : undefined];
  return assigns.flatMap((assign) => Object.keys(assign ?? {}));
}
