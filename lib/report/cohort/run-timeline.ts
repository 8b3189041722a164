import type { Row } from '../../tables/table.ts';
import { MS_PER_S } from '../../units.ts';
import { groupBy } from '../courses.ts';
import type { RunTimeline } from './run-timeline-data.ts';

const BINS = 240;

/** From the rows of `timings`; undefined when they do not say when work began. A result of an earlier run stands where it was made. */
export function runTimeline(rows: Row[]): RunTimeline | undefined {
  const jobs = jobsOf(rows);
  if (jobs.length === 0) return undefined;
  const start = jobs.reduce((least, { from }) => Math.min(least, from), Number.POSITIVE_INFINITY);
  const end = jobs.reduce((most, { to }) => Math.max(most, to), start);
  const binSeconds = Math.max((end - start) / BINS, 1);
  const stages = [...groupBy(jobs, ({ stage }) => stage)].map(([stage, same]) => {
    const busy = new Float64Array(Math.max(1, Math.ceil((end - start) / binSeconds)));
    for (const { from, to } of same) {
      for (let bin = Math.floor((from - start) / binSeconds); bin < busy.length; bin++) {
        const [low, high] = [start + bin * binSeconds, start + (bin + 1) * binSeconds];
        if (low >= to) break;
        busy[bin] += Math.min(high, to) - Math.max(low, from);
      }
    }
    return { stage, jobs: Array.from(busy, (seconds) => Number((seconds / binSeconds).toFixed(3))) };
  });
  return { start: new Date(start * MS_PER_S).toISOString().slice(0, 19), binSeconds, stages };
}

/** How long it took from the first to the last of some jobs, and how many were at work at the same time at most. */
export function jobsTogether(rows: Row[]): { seconds: number; most: number } | undefined {
  const jobs = jobsOf(rows);
  if (jobs.length === 0) return undefined;
  const changes = jobs.flatMap(({ from, to }) => [
    { at: from, by: 1 },
    { at: to, by: -1 },
  ]);
  changes.sort((a, b) => a.at - b.at || a.by - b.by);
  let [now, most] = [0, 0];
  for (const { by } of changes) {
    now += by;
    most = Math.max(most, now);
  }
  return { seconds: changes[changes.length - 1].at - changes[0].at, most };
}

/** Seconds since 1970 between which each job of a stage was at work. */
function jobsOf(rows: Row[]): { stage: string; from: number; to: number }[] {
  return rows.flatMap(({ stage, started_at, seconds }) => {
    const from = Date.parse(`${started_at}Z`) / MS_PER_S;
    return Number.isFinite(from) && typeof seconds === 'number'
      ? [{ stage: String(stage), from, to: from + seconds }]
      : [];
  });
}
