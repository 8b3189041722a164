import { LIMITS } from '#statemachine/engine/limits.ts';
import { play } from '../test/fixtures/play-pipeline.ts';

/**
 * The whole pipeline over many courses with jobs that only take time on a virtual clock: what orchestration costs here
 * and would cost on AWS. `node bench/orchestration.ts [courses]`
 */

/** Standard workflows, us-east-1, 2026: $25 per million state transitions. */
const DOLLARS_PER_TRANSITION = 25e-6;

const courses = Array.from({ length: Number(process.argv[2] ?? 2000) }, (_, i) => `c${i}`);
const started = performance.now();
const { ran, histories, transitions, started: jobs } = await play({ courses });
const seconds = (performance.now() - started) / 1000;
globalThis.gc?.();

const longest = Math.max(...histories.values());
const virtualSeconds = ran.elapsedMs / 1000;
const figures: [string, string | number][] = [
  ['courses', courses.length],
  ['ended', ran.status],
  ['engine time per course', `${((1000 * seconds) / courses.length).toFixed(1)} ms`],
  ['longest history', `${longest} of ${LIMITS.historyEvents} events`],
  [
    'jobs submitted',
    `${jobs.length}, ${(jobs.length / virtualSeconds).toFixed(1)} per second of jobs that take 1 s each`,
  ],
  ['transitions per course', (transitions / courses.length).toFixed(1)],
  ['orchestration on AWS', `$${((transitions * DOLLARS_PER_TRANSITION) / courses.length).toFixed(5)} per course`],
  ['memory', `${Math.round(process.memoryUsage.rss() / 2 ** 20)} MiB`],
];
for (const [what, figure] of figures) process.stdout.write(`${what.padEnd(24)}${figure}\n`);
