import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TraceEvent } from '../cli/monitor/trace.ts';
import { startRun, writeCohort } from '../test/fixtures/cohort-run.ts';

/**
 * How busy a run keeps the CPUs between organize and aggregate, and what the run itself takes of them, by its
 * trace: `node bench/execution.ts [output folder of a run]`; without one, a cohort of 12 courses is made and run.
 * Figures mean something on a machine with nothing else to do.
 */

const folder = process.argv[2];
if (folder) report(folder);
else {
  const root = mkdtempSync(join(tmpdir(), 'rtpipeline-bench-'));
  const cohort = writeCohort(root, { courses: 12, slices: 50, rows: 128, columns: 128 }, '');
  const { exitCode, stderr } = await startRun(cohort, cohort.out('out'));
  if (exitCode !== 0) throw new Error(stderr);
  report(cohort.out('out'));
  rmSync(root, { recursive: true });
}

function report(out: string): void {
  const events: TraceEvent[] = JSON.parse(readFileSync(join(out, 'run', 'trace.json'), 'utf8'));
  const span = (name: string) => events.find((event) => event.ph === 'X' && event.name === name)!;
  const [organize, aggregate] = [span('organize'), span('aggregate')];
  const cores = availableParallelism();
  const [from, to] = [organize.ts + (organize.dur ?? 0), aggregate.ts];
  const all = events.filter(({ ph, name }) => ph === 'C' && name === 'CPUs');
  const samples = all
    .map(({ ts, args }, i) => ({ ts, args, seconds: (ts - Math.max(from, all[i - 1]?.ts ?? from)) / 1e6 }))
    .filter(({ ts, seconds }) => seconds > 0 && ts <= to);
  const total = (what: (sample: (typeof samples)[number]) => number) =>
    samples.reduce((sum, sample) => sum + sample.seconds * what(sample), 0);
  const wall = total(() => 1);
  const [busy, own] = ['busy', 'own'].map((what) => total(({ args }) => Number(args?.[what])));
  const lent = total(({ args }) => (Number(args?.lent) >= cores ? 1 : 0));
  const jobs = events.filter(({ ph, cat }) => ph === 'X' && cat === 'job').length;
  const figures: [string, string][] = [
    ['jobs', String(jobs)],
    ['organize to aggregate', `${((to - from) / 1e6).toFixed(1)} s`],
    ['CPUs busy', `${((100 * busy) / (cores * wall)).toFixed(1)} % of ${cores}`],
    ['work for every one', `${((100 * lent) / wall).toFixed(0)} % of the time`],
    ['engine and scheduler', `${((100 * own) / busy).toFixed(2)} % of the CPU time`],
    ['the same for a job', `${((1000 * own) / jobs).toFixed(1)} ms`],
    ['and of the wall time', `${((100 * own) / wall).toFixed(2)} % of one CPU`],
  ];
  for (const [what, figure] of figures) process.stdout.write(`${what.padEnd(24)}${figure}\n`);
}
