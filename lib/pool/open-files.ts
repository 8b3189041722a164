import { BadInput } from '../errors.ts';
import { type ReadFile, readIfAny } from './machine.ts';

/** Headers are read side by side, a time limit of Node takes three more files, and jobs talk to their run by some each. */
const LEAST_OPEN_FILES = 128;

/**
 * Refuses a run that the system allows too few open files: Node ends without a word of ours where a time limit gets none.
 * @throws BadInput
 */
export function refuseFewOpenFiles(read: ReadFile = readIfAny): void {
  const [, limit] = /^Max open files +(\d+)/m.exec(read('/proc/self/limits') ?? '') ?? [];
  if (limit === undefined || Number(limit) >= LEAST_OPEN_FILES) return;
  throw new BadInput(
    `only ${limit} files may be open at the same time, and a run needs ${LEAST_OPEN_FILES}: raise the limit (ulimit -n)`,
  );
}
