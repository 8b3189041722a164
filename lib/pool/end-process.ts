import { lateWork } from './time-limit.ts';

/**
 * Ends this process at once. `process.exit` waits for the threads that read files, for ever where a disk or network
 * gives no answer; a process that becomes another one leaves them behind.
 */
export function endProcess(code: number, isStuck = lateWork() > 0): never {
  if (isStuck && process.platform !== 'win32') process.execve?.('/bin/sh', ['sh', '-c', `exit ${code}`], {});
  process.exit(code);
}
