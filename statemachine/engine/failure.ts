/** A failure with the name that `ErrorEquals` matches and the cause that `$states.errorOutput` shows. */
export class Failure extends Error {
  readonly error: string;
  override readonly cause: string;

  constructor(error: string, cause: string) {
    super(`${error}: ${cause}`);
    this.name = 'Failure';
    this.error = error;
    this.cause = cause;
  }
}

/** The definition says something that this engine does not know, or contradicts itself. */
export class DefinitionError extends Error {
  readonly problems: string[];

  constructor(problems: string[]) {
    super(`the state machine cannot be loaded:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
    this.name = 'DefinitionError';
    this.problems = problems;
  }
}

/** Errors that end the execution whatever Retry and Catch say, unless they name them (Step Functions guide, "Error names"). */
const NOT_IN_ALL = new Set(['States.DataLimitExceeded', 'States.Runtime']);

/** Whether a retrier or catcher with these names answers this error. */
export function answers(errorEquals: string[], error: string): boolean {
  if (error === 'States.Runtime') return false;
  if (errorEquals.includes(error)) return true;
  if (NOT_IN_ALL.has(error)) return false;
  return (
    errorEquals.includes('States.ALL') || (errorEquals.includes('States.TaskFailed') && error !== 'States.Timeout')
  );
}

/** What an integration threw, as a failure; a plain error is one of the task. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  return new Failure('States.TaskFailed', error instanceof Error ? `${error.name}: ${error.message}` : String(error));
}
