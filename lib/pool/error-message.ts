import * as errors from '../errors.ts';

/** An error as it crosses a thread: structured cloning would drop its class and fields. */
export interface ErrorMessage {
  name: string;
  message: string;
  stack?: string;
  code?: string;
}

export function errorToMessage(error: unknown): ErrorMessage {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { name, message, stack, code } = error as NodeJS.ErrnoException;
  return { name, message, stack, code };
}

/** The same class again where it is one of this product's; else a plain error with the name it had. */
export function errorFromMessage({ name, message, stack, code }: ErrorMessage): Error {
  const Class = (errors as Record<string, unknown>)[name];
  const isOurs = typeof Class === 'function' && Class.prototype instanceof errors.PipelineError;
  const error = isOurs ? new (Class as typeof errors.PipelineError)(message) : new Error(message);
  error.name = name;
  error.stack = stack;
  return code === undefined ? error : Object.assign(error, { code });
}
