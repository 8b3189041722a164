import { TimedOut } from '../errors.ts';

/** Waits for `work` so many seconds; 0: without end. What is late goes on in vain. @throws TimedOut */
export async function withTimeLimit<T>(work: Promise<T>, seconds: number, where?: string): Promise<T> {
  if (seconds === 0) return work;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimedOut(`no answer after ${seconds} s`, { where })), seconds * 1000);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
