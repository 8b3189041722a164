import assert from 'node:assert/strict';
import type { CourseEnding } from './endings.ts';
import { memoryOf, reasonOf, type StoredJob } from './stored.ts';

/** What befalls the run of faults, as test/emulator/ministack/faults.py reads it. */
export const INJECTED = [
  { kind: 'function_lost', function: 'start', after: 'runs/faults/private/config.json' },
  { kind: 'function_lost', function: 'start', after: 'runs/faults/run/execution.json' },
  { kind: 'function_lost', function: 'start', after: '.StartExecution' },
  { kind: 'slow_down', after: '/_READY.json', times: 3 },
  { kind: 'slow_down', after: '/run/courses.jsonl', times: 2 },
  { kind: 'slow_down', after: '/tasks/dvh.json', times: 4 },
  { kind: 'slow_down', after: '/status/structures.json', times: 3 },
  { kind: 'throttle', job: 'qc-', times: 2 },
  { kind: 'pull', job: 'segmentation-' },
  { kind: 'gpu_out_of_memory', job: 'custom_models-' },
  { kind: 'crash', job: 'structures-' },
  { kind: 'out_of_memory', job: 'dvh-' },
  { kind: 'host_lost', job: 'radiomics-', times: 2 },
  { kind: 'timeout', job: 'qc-' },
];

/** How often each fault struck, by kind, as the emulator's log says. */
export function strikesIn(log: string): Record<string, number> {
  const strikes: Record<string, number> = {};
  for (const [, kind] of log.matchAll(/^FAULT (\w+)/gm)) strikes[kind] = (strikes[kind] ?? 0) + 1;
  return strikes;
}

export function plannedStrikes(): Record<string, number> {
  const planned: Record<string, number> = {};
  for (const { kind, times = 1 } of INJECTED) planned[kind] = (planned[kind] ?? 0) + times;
  return planned;
}

/** Every attempt of the job that was struck: queue (without the deployment's name) and reason. */
const ATTEMPTS: [stage: string, queues: string[], reasons: RegExp[]][] = [
  ['segmentation', ['segmentation-spot', 'segmentation-spot'], [/CannotPullContainerError/]],
  ['custom_models', ['segmentation-spot', 'segmentation-large'], [/exited \| 42$/]],
  ['structures', ['analysis-spot'], [/exited \| 139$/]],
  ['dvh', ['analysis-spot', 'analysis-spot'], [/OutOfMemoryError.* \| 137$/]],
  [
    'radiomics',
    ['analysis-spot', 'analysis-spot', 'analysis-on-demand'],
    [/^Your Spot Task was interrupted/, /^Your Spot Task was interrupted/],
  ],
  ['qc', ['analysis-spot'], [/attempt duration exceeded timeout/]],
];

/** Each fault was seen for what it is and answered as statemachine/README.md says. */
export function assertAnswered(jobs: StoredJob[]): void {
  for (const [stage, queues, reasons] of ATTEMPTS) {
    const failed = jobs.filter(({ jobName, status }) => jobName.startsWith(`${stage}-`) && status === 'FAILED');
    const names = new Set(failed.map(({ jobName }) => jobName));
    assert.equal(names.size, 1, `${stage}: one course alone is struck`);
    const attempts = jobs.filter(({ jobName }) => names.has(jobName));
    assert.deepEqual(
      attempts.map(({ jobQueue }) => jobQueue.replace(/^.*\/rtpipeline-/, '')),
      queues,
      stage,
    );
    for (const [index, reason] of reasons.entries()) assert.match(reasonOf(attempts[index]), reason, stage);
    for (const attempt of attempts.slice(reasons.length)) assert.equal(attempt.status, 'SUCCEEDED', stage);
    if (stage === 'dvh') assert.ok(memoryOf(attempts[1]) > memoryOf(attempts[0]), 'more memory after the lack of it');
  }
}

/** Two courses end failed, each with its one reason and the log of its job; every other ends done. */
export function assertEndings(endings: CourseEnding[], courses: number): void {
  assert.equal(endings.length, courses);
  const failures = endings.flatMap(({ status, stages }) =>
    stages.filter((stage) => stage.status === 'failed').map((stage) => ({ course: status, ...stage })),
  );
  assert.deepEqual(
    failures.map(({ course, stage, why }) => [course, stage, why]).sort((a, b) => (a < b ? -1 : 1)),
    [
      ['failed', 'qc', 'timeout'],
      ['failed', 'structures', 'failed'],
    ],
  );
  assert.equal(endings.filter(({ status }) => status === 'failed').length, 2);
  for (const { stage, reason = '', logStream = '' } of failures) {
    assert.match(reason, stage === 'qc' ? /exceeded timeout/ : /exit code 139$/);
    assert.match(logStream, new RegExp(`^${stage}-?.*/default/`));
  }
}
