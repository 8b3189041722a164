import type { InputCount } from './counted-input.ts';

/** A stage of a course, or of the run, that began or ended. */
export interface StageUpdate {
  stage: string;
  /** Absent for stages of the run. */
  courseId?: string;
  phase: 'started' | 'done' | 'failed' | 'skipped';
  reason?: string;
}

/** What is known of the whole when an update comes. */
export interface Tally {
  done: number;
  /** Stages of all courses and of the run; 0 until the courses are known. */
  total: number;
  elapsedMs: number;
  running: StageUpdate[];
}

/** Shows a run while it goes on. */
export interface Display {
  update(update: StageUpdate, tally: Tally): void;
  /** Every minute in which nothing else was said. */
  heartbeat(tally: Tally): void;
  /** Once for a stage that takes longer than five minutes. */
  slow(update: StageUpdate, seconds: number): void;
  /** Every second, with how far the reading of the input is until the courses are known. */
  tick(tally: Tally, reading?: InputCount): void;
  close(): void;
}

export interface RunProgress {
  courses(count: number): void;
  update(update: StageUpdate): void;
  close(): void;
}

const HEARTBEAT_MS = 60_000;
const TICK_MS = 1000;
const SLOW_MS = 300_000;

/**
 * Counts the stages that have ended, one that is tried again once, and hands updates to a display. `stages`: of each
 * course, and of the run; `reading`: how far the input is read, which others keep counting.
 */
export function runProgress(
  display: Display,
  stages: { course: number; run: number },
  nowMs: () => number,
  reading?: InputCount,
): RunProgress {
  const start = nowMs();
  const running = new Map<string, { update: StageUpdate; since: number; warned: boolean }>();
  const ended = new Set<string>();
  let total = 0;
  let lastWord = start;
  const tally = (): Tally => ({
    done: ended.size,
    total,
    elapsedMs: nowMs() - start,
    running: [...running.values()].map(({ update }) => update),
  });
  const warnOfSlow = () => {
    for (const one of running.values()) {
      if (one.warned || nowMs() - one.since < SLOW_MS) continue;
      one.warned = true;
      display.slow(one.update, Math.round((nowMs() - one.since) / 1000));
    }
  };
  const timer = setInterval(() => {
    warnOfSlow();
    if (nowMs() - lastWord < HEARTBEAT_MS) return;
    lastWord = nowMs();
    display.heartbeat(tally());
  }, HEARTBEAT_MS / 4);
  timer.unref();
  const ticker = setInterval(() => {
    display.tick(tally(), total === 0 ? reading : undefined);
  }, TICK_MS);
  ticker.unref();

  return {
    courses(count) {
      total = count * stages.course + stages.run;
    },
    update(update) {
      const key = `${update.stage} ${update.courseId ?? ''}`;
      if (update.phase === 'started') {
        running.set(key, { update, since: nowMs(), warned: false });
        ended.delete(key);
      } else {
        running.delete(key);
        ended.add(key);
      }
      lastWord = nowMs();
      display.update(update, tally());
    },
    close() {
      clearInterval(timer);
      clearInterval(ticker);
      display.close();
    },
  };
}

/** `stages: 12/63 (19 %) 0:42 elapsed, ETA 3:00` */
export function describeTally({ done, total, elapsedMs }: Tally): string {
  const elapsed = `${clock(elapsedMs)} elapsed`;
  if (total === 0) return elapsed;
  const percent = Math.min(100, Math.round((100 * done) / total));
  const left = done === 0 ? '' : `, ETA ${clock((elapsedMs / done) * Math.max(0, total - done))}`;
  return `stages: ${done}/${total} (${percent} %) ${elapsed}${left}`;
}

export function clock(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const two = (n: number) => String(n).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
