import type { JobUpdate } from '#statemachine/local/submit-job.ts';
import type { StageUpdate } from '../progress/progress.ts';
import type { Sample } from './sample.ts';

/** An event of the Chrome trace format, which Perfetto and chrome://tracing read. Times in microseconds. */
export interface TraceEvent {
  name: string;
  ph: 'X' | 'C' | 'M' | 'b' | 'e';
  ts: number;
  dur?: number;
  pid: number;
  tid: number;
  cat?: string;
  id?: string;
  args?: Record<string, unknown>;
}

export interface Trace {
  job(update: JobUpdate, courseId: string | undefined): void;
  stage(update: StageUpdate, at: Date): void;
  sample(sample: Sample, at: Date): void;
}

const [RUN, JOBS] = [1, 2];

/**
 * Spans of stages and jobs, and counters of CPUs, memory and queue, handed to `write` as they end. A job lies in
 * the lowest row that is free; how long it waited for its turn is among its arguments.
 */
export function createTrace(write: (event: TraceEvent) => void): Trace {
  const submitted = new Map<string, number>();
  const running = new Map<string, { row: number; start: number }>();
  const stages = new Map<string, number>();
  const rows: boolean[] = [];
  name(write, 'process_name', RUN, 0, 'run');
  name(write, 'process_name', JOBS, 0, 'jobs');
  return {
    job({ jobId, name: jobName, stage, status, at, cpus, memoryMiB, peakMemoryMiB, reason }, courseId) {
      const now = microseconds(at);
      if (status === 'SUBMITTED') submitted.set(jobId, now);
      if (status === 'RUNNING') running.set(jobId, { row: takeRow(rows, write), start: now });
      const ran = running.get(jobId);
      if (!ran || status === 'SUBMITTED' || status === 'RUNNING') return;
      running.delete(jobId);
      rows[ran.row] = false;
      const waitedMs = (ran.start - (submitted.get(jobId) ?? ran.start)) / 1000;
      const args = { job: jobName, course: courseId, status, waitedMs, cpus, memoryMiB, peakMemoryMiB, reason };
      write({ name: stage, cat: 'job', ph: 'X', ts: ran.start, dur: now - ran.start, pid: JOBS, tid: ran.row, args });
      submitted.delete(jobId);
    },
    stage({ stage, courseId, phase }, at) {
      if (courseId !== undefined) return;
      const now = microseconds(at);
      if (phase === 'started') stages.set(stage, now);
      const start = stages.get(stage);
      if (phase === 'started' || start === undefined) return;
      stages.delete(stage);
      write({ name: stage, cat: 'stage', ph: 'X', ts: start, dur: now - start, pid: RUN, tid: 0, args: { phase } });
    },
    sample({ cpus, memoryMiB, jobs }, at) {
      const counter = (what: string, args: Record<string, number>) =>
        write({ name: what, ph: 'C', ts: microseconds(at), pid: RUN, tid: 0, args });
      counter('CPUs', { ...cpus });
      counter('memory MiB', { ...memoryMiB });
      counter('jobs', { ...jobs });
    },
  };
}

function takeRow(rows: boolean[], write: (event: TraceEvent) => void): number {
  const free = rows.findIndex((isTaken) => !isTaken);
  const row = free < 0 ? rows.length : free;
  if (free < 0) name(write, 'thread_name', JOBS, row, `slot ${row + 1}`);
  rows[row] = true;
  return row;
}

function name(write: (event: TraceEvent) => void, kind: string, pid: number, tid: number, value: string): void {
  write({ name: kind, ph: 'M', ts: 0, pid, tid, args: { name: value } });
}

function microseconds(at: Date): number {
  return at.getTime() * 1000;
}
