import type { Readable } from 'node:stream';
import { execa } from 'execa';
import { hasProcessGroups, type System, signalGroup, thisSystem } from './platform.ts';

export interface GroupOptions extends GroupStart, GroupWork {}

export interface GroupStart {
  command: string;
  args: string[];
  cwd?: string;
  /** Beside those of this process; undefined takes one out. */
  env?: Record<string, string | undefined>;
  /** Opens a channel to a Node program; it closes when this process ends, however it ends. */
  channel?: boolean;
  /** Default: the one that this runs on. */
  system?: System;
}

export interface GroupWork {
  signal: AbortSignal;
  /** 0 or absent: none. */
  timeoutMs?: number;
  /** From SIGTERM to SIGKILL; default 5 s. */
  graceMs?: number;
  /** Gets what the program prints, both streams as they come, until `outputBytes` of it. */
  output?: (text: string) => void;
  outputBytes?: number;
  /** Hears what the program sends through the channel. */
  onMessage?: (message: unknown) => void;
  /** Gets the number of the process, which is that of its group. */
  onStart?: (pid: number) => void;
}

/** A program and all that it starts. */
export interface Group {
  /** Absent if it could not be started. */
  pid?: number;
  send(message: Record<string, unknown>): void;
  isAlive(): boolean;
  /** Waits until the program ends, or until one with a channel prints `WORK_DONE` on both streams to wait for more work. */
  attend(work: GroupWork): Promise<GroupEnd>;
  /** Ends all of it at once. */
  end(): void;
}

export interface GroupEnd {
  /** Absent if it was ended by a signal or never started. */
  exitCode?: number;
  signal?: NodeJS.Signals;
  /** It lives and waits for more work. */
  waits: boolean;
  timedOut: boolean;
  /** Why it could not be started. */
  notStarted?: string;
  seconds: number;
  /** The end of what it printed, for messages. */
  tail: string;
}

/** ASCII's record separator, which JSON never holds: the program has done its work and printed all about it. */
export const WORK_DONE = '\x1e';

const OUTPUT_BYTES = 16 * 1024 * 1024;
const TAIL_LENGTH = 8192;

/**
 * Runs a program to its end in a process group of its own; on timeout and abort the whole group is ended, with SIGTERM
 * and after the grace with SIGKILL. What the program started and left behind is killed when it ends.
 */
export function runGroup(options: GroupOptions): Promise<GroupEnd> {
  return startGroup(options).attend(options);
}

/** Starts a program in its own process group. */
export function startGroup({ command, args, cwd, env, channel, system = thisSystem }: GroupStart): Group {
  const child = execa(command, args, {
    cwd,
    env,
    // Its own process group; on Windows that would open a console window.
    detached: hasProcessGroups(system),
    windowsHide: true,
    reject: false,
    buffer: false,
    stdin: 'ignore',
    ipc: channel,
  });
  const { pid } = child;
  const streams = [child.stdout, child.stderr].map((stream) => stream.setEncoding('utf8'));
  return {
    pid,
    send: (message) => void (child.connected && child.send(message, ignore)),
    isAlive: () => child.connected && child.exitCode === null && child.signalCode === null,
    end: () => groupEnder(pid, 0, system).now(),
    async attend(work) {
      const { signal, timeoutMs = 0, graceMs = 5000, onMessage } = work;
      const started = performance.now();
      const printed = collect(work);
      const done = streams.map((stream) => listen(stream, printed.add));
      if (onMessage) child.on('message', onMessage);
      if (pid !== undefined) work.onStart?.(pid);
      const end = groupEnder(pid, graceMs, system);
      const deadline = new AbortController();
      const timer = timeoutMs > 0 ? setTimeout(() => deadline.abort(), timeoutMs) : undefined;
      const stop = AbortSignal.any([signal, deadline.signal]);
      stop.addEventListener('abort', end.gently, { once: true });
      if (stop.aborted) end.gently();
      const allDone = Promise.all(done.map(({ heard }) => heard));
      // Only a program with a channel can be given more work: another one's text means nothing.
      const finished = await (channel ? Promise.race([child, allDone]) : child);
      clearTimeout(timer);
      stop.removeEventListener('abort', end.gently);
      for (const { stop } of done) stop();
      if (onMessage) child.off('message', onMessage);
      const waits = Array.isArray(finished) && !stop.aborted;
      // A process that was told to end just as its work was done gets no more work.
      const ended = waits ? undefined : await child;
      if (!waits) end.now();
      return {
        exitCode: waits ? 0 : ended?.exitCode,
        signal: ended?.signal,
        waits,
        timedOut: deadline.signal.aborted,
        notStarted: pid === undefined ? ended?.originalMessage : undefined,
        seconds: (performance.now() - started) / 1000,
        tail: printed.tail(),
      };
    },
  };
}

/** Hands on what a stream says until its work is done. */
function listen(stream: Readable, add: (text: string) => void): { heard: Promise<void>; stop(): void } {
  const { promise: heard, resolve } = Promise.withResolvers<void>();
  const onData = (text: string) => {
    // Node may print a warning after the mark.
    add(text.replaceAll(WORK_DONE, ''));
    if (text.includes(WORK_DONE)) resolve();
  };
  stream.on('data', onData);
  return { heard, stop: () => stream.off('data', onData) };
}

/** Who has just ended needs no message any more. */
function ignore(): void {}

function collect({ output = () => {}, outputBytes = OUTPUT_BYTES }: GroupWork) {
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
