import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** What the watch over jobs asks of the operating system; for tests a system that is not this one. */
export interface System {
  platform: NodeJS.Platform;
  /** Whether /proc lists processes. */
  hasProc: boolean;
  /** As process.kill. @throws when there is no such process */
  kill(pid: number, signal: NodeJS.Signals): void;
  /** Runs a program of the system and waits for it. */
  call(program: string, args: string[]): void;
}

export const thisSystem: System = {
  platform: process.platform,
  hasProc: existsSync('/proc/self/stat'),
  kill: (pid, signal) => void process.kill(pid, signal),
  call: (program, args) => void spawnSync(program, args, { stdio: 'ignore', windowsHide: true }),
};

/** Windows knows no process groups. */
export function hasProcessGroups({ platform }: System): boolean {
  return platform !== 'win32';
}

/**
 * Sends a signal to a process and to all that it started: to its group, and on Windows, which ends processes by force alone,
 * to the tree that taskkill finds. Answers whether there was anything left to signal.
 */
export function signalGroup(pid: number, signal: NodeJS.Signals, system: System): boolean {
  if (!hasProcessGroups(system)) {
    system.call('taskkill', ['/pid', String(pid), '/t', '/f']);
    return true;
  }
  try {
    system.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** What this product does on Linux and cannot do here, each with what that means; empty on Linux. */
export function missingHere(system: System): string[] {
  const missing: string[] = [];
  if (!system.hasProc)
    missing.push(
      `${system.platform} does not show the memory of processes: the memory of jobs is neither limited nor reported (0). ` +
        'Choose --memory and --cpus so that they fit.',
    );
  if (!hasProcessGroups(system))
    missing.push(`${system.platform} has no process groups: programs are ended by taskkill, immediately and by force.`);
  return missing;
}
