import { execa } from 'execa';
import { hasProcessGroups, type System, signalGroup, thisSystem } from './platform.ts';

export interface GroupOptions {
  command: string;
  args: string[];
  cwd?: string;
  /** Beside those of this process; undefined takes one out. */
  env?: Record<string, string | undefined>;
  signal: AbortSignal;
  /** 0 or absent: none. */
  timeoutMs?: number;
  /** From SIGTERM to SIGKILL; default 5 s. */
  graceMs?: number;
  /** Gets what the program prints, both streams as they come, until `outputBytes` of it. */
  output?: (text: string) => void;
  outputBytes?: number;
  /** Opens a channel to a Node program and hears what it sends; it closes when this process ends, however it ends. */
  onMessage?: (message: unknown) => void;
  /** Gets the number of the process, which is that of its group, and the other direction of the channel. */
  onStart?: (pid: number, send: (message: Record<string, unknown>) => void) => void;
  /** Default: the one that this runs on. */
  system?: System;
}

export interface GroupEnd {
  /** Absent if it was ended by a signal or never started. */
  exitCode?: number;
  signal?: NodeJS.Signals;
  timedOut: boolean;
  /** Why it could not be started. */
  notStarted?: string;
  seconds: number;
  /** The end of what it printed, for messages. */
  tail: string;
}

const OUTPUT_BYTES = 16 * 1024 * 1024;
const TAIL_LENGTH = 8192;

/**
 * Runs a program to its end in a process group of its own; on timeout and abort the whole group is ended, with SIGTERM
 * and after the grace with SIGKILL. What the program started and left behind is killed when it ends.
 */
export async function runGroup(options: GroupOptions): Promise<GroupEnd> {
  const { command, args, cwd, env, signal, timeoutMs = 0, graceMs = 5000, system = thisSystem } = options;
  const started = performance.now();
  const child = execa(command, args, {
    cwd,
    env,
    // A group of its own; on Windows that would be a console window of its own.
    detached: hasProcessGroups(system),
    windowsHide: true,
    reject: false,
    buffer: false,
    stdin: 'ignore',
    ipc: options.onMessage !== undefined,
  });
  const printed = collect(options);
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', printed.add);
  if (options.onMessage) child.on('message', options.onMessage);
  if (child.pid !== undefined)
    options.onStart?.(child.pid, (message) => child.connected && child.send(message, ignore));
  const end = groupEnder(child.pid, graceMs, system);
  const deadline = new AbortController();
  const timer = timeoutMs > 0 ? setTimeout(() => deadline.abort(), timeoutMs) : undefined;
  const stop = AbortSignal.any([signal, deadline.signal]);
  stop.addEventListener('abort', end.gently, { once: true });
  if (stop.aborted) end.gently();
  const ended = await child;
  clearTimeout(timer);
  stop.removeEventListener('abort', end.gently);
  end.now();
  return {
    exitCode: ended.exitCode,
    signal: ended.signal,
    timedOut: deadline.signal.aborted,
    notStarted: child.pid === undefined ? ended.originalMessage : undefined,
    seconds: (performance.now() - started) / 1000,
    tail: printed.tail(),
  };
}

/** Who has just ended needs no message any more. */
function ignore(): void {}

function collect({ output = () => {}, outputBytes = OUTPUT_BYTES }: GroupOptions) {
  let left = outputBytes;
  let tail = '';
  return {
    add(text: string): void {
      tail = `${tail}${text}`.slice(-TAIL_LENGTH);
      if (left <= 0) return;
      const bytes = Buffer.byteLength(text);
      output(bytes <= left ? text : `${text.slice(0, left)}\n[output ends here: ${outputBytes} bytes are kept]\n`);
      left -= bytes;
    },
    tail: () => tail,
  };
}

/** Ends a process and all that it started, as long as it stayed in its group. */
function groupEnder(pid: number | undefined, graceMs: number, system: System): { gently(): void; now(): void } {
  let killer: NodeJS.Timeout | undefined;
  const signal = (name: NodeJS.Signals) => {
    if (pid !== undefined && !signalGroup(pid, name, system)) clearTimeout(killer);
  };
  return {
    gently() {
      signal('SIGTERM');
      killer = setTimeout(() => signal('SIGKILL'), graceMs);
    },
    now() {
      clearTimeout(killer);
      signal('SIGKILL');
    },
  };
}
