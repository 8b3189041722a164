import { LIMITS } from '#statemachine/engine/limits.ts';
import { mostInOneSecond, play } from '../test/fixtures/play-pipeline.ts';

/**
 * The whole pipeline over many courses with jobs that take a second each on a virtual clock, so that all courses keep
 * step: what orchestration costs here and would cost on AWS, and how fast jobs are submitted at worst.
 * `node bench/orchestration.ts [courses] [courses at once]`
 */

/** Standard workflows, us-east-1, 2026: $25 per million state transitions. */
const DOLLARS_PER_TRANSITION = 25e-6;

/** What AWS Batch takes from an account. */
const SUBMITS_PER_SECOND_OF_BATCH = 50;

const courses = Array.from({ length: Number(process.argv[2] ?? 2000) }, (_, i) => `c${i}`);
const deployedConcurrency = Number(process.argv[3] ?? 40);
const started = performance.now();
const { ran, histories, transitions, started: jobs, submittedMs } = await play({ courses, deployedConcurrency });
const seconds = (performance.now() - started) / 1000;
globalThis.gc?.();

const longest = Math.max(...histories.values());
const virtualSeconds = ran.elapsedMs / 1000;
const figures: [string, string | number][] = [
  ['courses', courses.length],
  ['ended', ran.status],
  ['engine time per course', `${((1000 * seconds) / courses.length).toFixed(1)} ms`],
  ['longest history', `${longest} of ${LIMITS.historyEvents} events`],
  ['jobs submitted', `${jobs.length}, ${(jobs.length / virtualSeconds).toFixed(1)} per second`],
  ['most in one second', `${mostInOneSecond(submittedMs)} of ${SUBMITS_PER_SECOND_OF_BATCH}`],
  ['transitions per course', (transitions / courses.length).toFixed(1)],
  ['orchestration on AWS', `$${((transitions * DOLLARS_PER_TRANSITION) / courses.length).toFixed(5)} per course`],
  ['memory', `${Math.round(process.memoryUsage.rss() / 2 ** 20)} MiB`],
];
for (const [what, figure] of figures) process.stdout.write(`${what.padEnd(24)}${figure}\n`);
if (ran.status !== 'SUCCEEDED' || mostInOneSecond(submittedMs) >= SUBMITS_PER_SECOND_OF_BATCH) process.exitCode = 1;
