/**
 * Errors say the state of the world. The class name is what the state machine matches in `ErrorEquals`,
 * `exitCode` is what a Batch job ends with.
 */

/**
 * Exit codes of a Batch job: the contract between containers and state machine. A stage records its own failure, also
 * for `bug`. With `notBegun` nobody has recorded it; Node exits with the same code when it cannot load the code.
 */
export const ExitCode = {
  ok: 0,
  notBegun: 1,
  gpuOutOfMemory: 42,
  badInput: 65,
  bug: 70,
  /** Memory did not suffice for every part; the finished parts are written. */
  partlyOutOfMemory: 71,
  transient: 75,
  outOfMemory: 137,
} as const;

export interface ErrorDetails {
  /** Key, UID or path of the object at fault. Never a patient's name or number. */
  where?: string;
  cause?: unknown;
}

/** Base of all errors that this product throws on purpose. */
export class PipelineError extends Error {
  readonly exitCode: number = ExitCode.bug;
  readonly retryable: boolean = false;
  readonly where?: string;

  constructor(message: string, details: ErrorDetails = {}) {
    super(details.where === undefined ? message : `${message} (${details.where})`, { cause: details.cause });
    this.name = new.target.name;
    this.where = details.where;
  }
}

/** The input makes the result meaningless; trying again gives the same. */
export class BadInput extends PipelineError {
  override readonly exitCode = ExitCode.badInput;
}

/** The configuration names an unknown key or an impossible value. */
export class BadConfig extends BadInput {}

/** Worth trying again: a throttled request, a lost connection. */
export class Transient extends PipelineError {
  override readonly exitCode = ExitCode.transient;
  override readonly retryable = true;
}

/** The memory of this machine or worker did not suffice. */
export class OutOfMemory extends PipelineError {
  override readonly exitCode = ExitCode.outOfMemory;
  override readonly retryable = true;
}

/** The memory of the GPU did not suffice. */
export class GpuOutOfMemory extends PipelineError {
  override readonly exitCode = ExitCode.gpuOutOfMemory;
  override readonly retryable = true;
}

/** The GPU stopped answering: another attempt may get another one. */
export class GpuLost extends Transient {}

/** Memory sufficed for a part: the status and the results of that part are written, more memory may give the rest. */
export class PartlyOutOfMemory extends PipelineError {
  override readonly exitCode = ExitCode.partlyOutOfMemory;
  override readonly retryable = true;
}

/** A result of an earlier stage is no longer what that stage wrote. */
export class DamagedResult extends PipelineError {
  override readonly exitCode = ExitCode.badInput;
}

/** A task took longer than it may. */
export class TimedOut extends PipelineError {}

/** A DICOM transfer syntax that no decoder here reads. */
export class UnsupportedTransferSyntax extends BadInput {}

/** No object under this key. */
export class StoreMissing extends PipelineError {}

/** A create-only write met an object that exists. */
export class StoreConflict extends PipelineError {}

/** One line for a person: the message and the chain of causes. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${describeError(error.cause)}`;
}

/** What this machine has too little of, for every file alike: open files, memory. It says nothing of one file. */
const SHORTAGES = ['EMFILE', 'ENFILE', 'ENOMEM'];

export function isShortage(error: unknown): boolean {
  return SHORTAGES.includes((error as NodeJS.ErrnoException | undefined)?.code ?? '');
}
