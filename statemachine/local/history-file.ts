import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { HistoryEvent } from '../engine/history.ts';

export interface HistoryFile {
  write(path: string, event: HistoryEvent): void;
  /** What an earlier run left, by execution. */
  recorded(path: string): HistoryEvent[];
  close(): void;
}

/**
 * All executions of a run in one file of JSON lines, each with the path of its execution. A line is written before the
 * next event happens, so that a killed run can go on from it; `resume` keeps what an earlier run left.
 */
export function openHistoryFile(file: string, resume: boolean): HistoryFile {
  mkdirSync(dirname(file), { recursive: true });
  const earlier = resume && existsSync(file) ? readHistoryFile(readFileSync(file, 'utf8')) : new Map();
  const handle = openSync(file, resume ? 'a' : 'w');
  if (earlier.size > 0) writeSync(handle, '\n');
  return {
    write: (path, event) => writeSync(handle, `${JSON.stringify({ path, ...event })}\n`),
    recorded: (path) => earlier.get(path) ?? [],
    close: () => closeSync(handle),
  };
}

/** Events by execution. An execution that began anew forgets its past; a line that was cut off is dropped. */
export function readHistoryFile(text: string): Map<string, HistoryEvent[]> {
  const histories = new Map<string, HistoryEvent[]>();
  for (const line of text.split('\n')) {
    const parsed = parseLine(line);
    if (!parsed) continue;
    const { path, ...event } = parsed;
    if (event.id === 1 || !histories.has(path)) histories.set(path, []);
    histories.get(path)?.push(event as HistoryEvent);
  }
  return histories;
}

function parseLine(line: string): ({ path: string } & HistoryEvent) | undefined {
  try {
    return line === '' ? undefined : JSON.parse(line);
  } catch {
    return undefined;
  }
}
