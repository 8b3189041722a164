import { TimedOut } from '../errors.ts';

let late = 0;

/** Waits for `work` so many seconds; 0: without end. What is late goes on in vain. @throws TimedOut */
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

/** How much of what was given up still goes on in vain: a read of a disk or network that gives no answer. */
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
