import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from 'commander';
import { readJsonLines } from '#lib/course-store/json.ts';
import type { CourseEntry } from '#lib/stages/organize/course-entry.ts';
import { runKeys } from '#lib/store/keys.ts';
import { openStore } from '#lib/store/open.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import { courseNames } from '../course-names.ts';
import { isAtWork, type RunState, readRunState } from '../monitor/run-state.ts';
import { noRun } from '../run-status.ts';
import { textTable } from '../text-table.ts';

const REFRESH_MS = 1000;
const CLEAR = '\x1b[2J\x1b[H';

export function addTop(program: Command): void {
  program
    .command('top')
    .argument('<out>', 'output folder of the run')
    .option('--once', 'show the state once', false)
    .option('--json', 'print the state once, as JSON', false)
    .action(async (out: string, { once, json }: { once: boolean; json: boolean }) => {
      const store = await openStore(out);
      for (;;) {
        const state = await readRunState(store);
        if (!state) throw noRun(out);
        if (json) return console.log(JSON.stringify(state, null, 2));
        if (!once && process.stdout.isTTY) process.stdout.write(CLEAR);
        console.log(describeState(await withNames(state, store), new Date()));
        if (once || !isAtWork(state)) return;
        await wait(REFRESH_MS);
      }
    });
}

/** The file knows courses by month and id; the person at the screen sees who they are. */
async function withNames(state: RunState, store: ObjectStore): Promise<RunState> {
  const entries = (await store.head(runKeys.courses)) ? await readJsonLines<CourseEntry>(store, runKeys.courses) : [];
  const shown = entries.filter(({ courseId }) => state.running.some(({ course }) => isCalled(course, courseId)));
  const names = await courseNames(
    store,
    shown.map(({ courseId }) => courseId),
  );
  const running = state.running.map((one) => {
    const entry = shown.find(({ courseId }) => isCalled(one.course, courseId));
    const name = entry && names.get(entry.courseId);
    return name ? { ...one, course: `${name.patient} ${one.course} ${name.plan}`.trim() } : one;
  });
  return { ...state, running };
}

function isCalled(course: string, courseId: string): boolean {
  return course.endsWith(`(${courseId.slice(0, 6)})`);
}

/** Lines over all, and a row for everything that runs. */
export function describeState(state: RunState, now: Date): string {
  const { sample, budget, done, total, running } = state;
  const lines = [
    `run ${verdict(state)}, process ${state.pid}, ${duration(state.startedAt, now)} since ${state.startedAt}`,
    `stages      ${done} of ${total || '?'} done, ${sample.jobs.running} jobs running, ${sample.jobs.waiting} waiting`,
    `CPUs        ${sample.cpus.busy.toFixed(1)} busy, ${sample.cpus.lent} of ${budget.cpus} lent to jobs`,
    `memory      ${sample.memoryMiB.used} MiB in use, ${sample.memoryMiB.lent} of ${budget.memoryMiB} MiB lent to jobs`,
    `GPUs        ${budget.gpus}`,
  ];
  if (running.length === 0 || !isAtWork(state)) return lines.join('\n');
  const rows = running.map(({ stage, course, since, cpus = 1, memoryMiB = 0, cpuSeconds = 0 }) => [
    stage,
    course,
    duration(since, now),
    cpus,
    memoryMiB,
    Math.round(cpuSeconds),
  ]);
  return [...lines, '', textTable(['stage', 'course', 'for', 'CPUs', 'MiB', 'CPU s'], rows)].join('\n');
}

function verdict(state: RunState): string {
  if (state.ended) return 'has ended';
  return isAtWork(state) ? 'is running' : 'was killed; repeat the command to continue';
}

function duration(since: string, now: Date): string {
  const seconds = Math.max(0, Math.round((now.getTime() - Date.parse(since)) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
