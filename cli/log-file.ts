import { writeSync } from 'node:fs';

/**
 * A write that never ends a run. Text that cannot be written is dropped, with one message.
 * @param what as in "the log cannot be written"
 */
export function patientWriter<Args extends unknown[]>(
  write: (...args: Args) => void,
  what: string,
  say: (message: string) => void,
): (...args: Args) => void {
  let isSaid = false;
  return (...args) => {
    try {
      write(...args);
    } catch (error) {
      if (!isSaid) say(`${what} cannot be written (${(error as Error).message}); the run continues without it`);
      isSaid = true;
    }
  };
}

export function lineWriter(file: number): (line: unknown) => void {
  return (line) => void writeSync(file, `${JSON.stringify(line)}\n`);
}
