import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { newPartialName } from '#lib/store/partial.ts';
import type { HistoryEvent } from '../engine/history.ts';

export interface HistoryFile {
  write(path: string, event: HistoryEvent): void;
  /** What an earlier run left, by execution. */
  recorded(path: string): HistoryEvent[];
  close(): void;
}

/** The file of one execution and of those below it: JSON lines, each with the path of its execution. */
interface Lines {
  file: string;
  earlier: Map<string, HistoryEvent[]>;
  handle?: number;
}

/**
 * The histories of a run: `file` holds the run's own, and a folder beside it one file for each course (each child of a
 * distributed Map, with the executions that it started). A line is written before the next event happens, so that a killed
 * run can go on from it. The file of a course that ended is packed to `.jsonl.gz`, and what is held of it forgotten: both
 * disk and memory stay small, however many courses there are. `resume` keeps what an earlier run left.
 */
export function openHistoryFile(file: string, resume: boolean): HistoryFile {
  const folder = file.replace(/\.jsonl$/, '');
  mkdirSync(dirname(file), { recursive: true });
  if (!resume) for (const old of [file, folder]) rmSync(old, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const run = linesOf(file);
  const courses = new Map<string, Lines>();
  const linesAt = (path: string): Lines => {
    const course = path.split('/')[1];
    if (course === undefined) return run;
    const known = courses.get(course) ?? linesOf(join(folder, `${course}.jsonl`));
    courses.set(course, known);
    return known;
  };
  return {
    write(path, event) {
      const lines = linesAt(path);
      lines.handle ??= openLines(lines);
      writeSync(lines.handle, `${JSON.stringify({ path, ...event })}\n`);
      const [, course, ...below] = path.split('/');
      if (course === undefined || below.length > 0 || !isEnd(event)) return;
      courses.delete(course);
      pack(lines);
    },
    recorded(path) {
      const events = linesAt(path).earlier.get(path) ?? [];
      if (events.at(-1)?.type === 'ExecutionSucceeded') courses.delete(path.split('/')[1]);
      return events;
    },
    close() {
      for (const { handle } of [run, ...courses.values()]) if (handle !== undefined) closeSync(handle);
    },
  };
}

function linesOf(file: string): Lines {
  return { file, earlier: readHistoryFile(textOf(file)) };
}

function packedName(file: string): string {
  return `${file}.gz`;
}

/** What was packed, and what was written since. */
function textOf(file: string): string {
  const packed = existsSync(packedName(file)) ? gunzipSync(readFileSync(packedName(file))).toString() : '';
  return existsSync(file) ? `${packed}\n${readFileSync(file, 'utf8')}` : packed;
}

/** The last line of a run that was killed may be half a line. */
function openLines({ file, earlier }: Lines): number {
  const handle = openSync(file, 'a');
  if (earlier.size > 0) writeSync(handle, '\n');
  return handle;
}

function isEnd({ type }: HistoryEvent): boolean {
  return /^Execution(Succeeded|Failed|Aborted|TimedOut)$/.test(type);
}

/** Killed on the way, this leaves the lines twice, which readers take once. */
function pack({ file, handle }: Lines): void {
  if (handle !== undefined) closeSync(handle);
  const partial = join(dirname(file), newPartialName());
  writeFileSync(partial, gzipSync(textOf(file)));
  renameSync(partial, packedName(file));
  rmSync(file);
}

/**
 * Events by execution. An execution that began anew forgets its past; a line that was cut off is dropped, one that stands
 * twice is taken once.
 */
export function readHistoryFile(text: string): Map<string, HistoryEvent[]> {
  const histories = new Map<string, HistoryEvent[]>();
  for (const line of text.split('\n')) {
    const parsed = parseLine(line);
    if (!parsed) continue;
    const { path, ...event } = parsed;
    if (event.id === 1 || !histories.has(path)) histories.set(path, []);
    const events = histories.get(path)!;
    if (event.id > (events.at(-1)?.id ?? 0)) events.push(event as HistoryEvent);
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
