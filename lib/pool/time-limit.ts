import { TimedOut } from '../errors.ts';

let late = 0;

/**
 * Waits at most `seconds` for `work`; 0: without limit. Late work continues unused.
 * @throws TimedOut
 */
export async function withTimeLimit<T>(work: Promise<T>, seconds: number, where?: string): Promise<T> {
  if (seconds === 0) return work;
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      noteLate(work);
      reject(new TimedOut(`no answer after ${seconds} s`, { where }));
    }, seconds * 1000);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

/** Number of calls that were given up and still run: reads of a disk or network that does not answer. */
export function lateWork(): number {
  return late;
}

function noteLate(work: Promise<unknown>): void {
  late += 1;
  const forget = () => {
    late -= 1;
  };
  work.then(forget, forget);
}
