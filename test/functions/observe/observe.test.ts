import assert from 'node:assert/strict';
import { test } from 'node:test';
import { observeFunction } from '../../../functions/observe/observe.ts';

type Line = Record<string, unknown>;

async function observed(event: unknown): Promise<Line[]> {
  const lines: Line[] = [];
  await observeFunction((line) => lines.push(line as Line))(event);
  return lines;
}

function job(status: string, more: object = {}): unknown {
  const detail = {
    jobId: 'j1',
    jobName: 'radiomics-0123456789abcdef',
    jobQueue: 'arn:aws:batch:eu-west-1:123456789012:job-queue/rtpipeline-analysis-on-demand',
    status,
    startedAt: 0,
    ...more,
  };
  return { source: 'aws.batch', detail };
}

/** Two CPUs and 8 GiB for an hour on Fargate, from its price list. */
const HOUR_OF_TWO = 2 * 0.04048 + 8 * 0.004445;

test('a finished job reports its GPU hours and its cost at list prices', async () => {
  const resourceRequirements = [
    { type: 'VCPU', value: '2' },
    { type: 'MEMORY', value: '8192' },
  ];
  const lines = await observed(
    job('SUCCEEDED', { startedAt: 1, stoppedAt: 3_600_001, container: { exitCode: 0, resourceRequirements } }),
  );
  const [cost] = lines.filter((line) => 'CostEstimate' in line);
  assert.ok(Math.abs((cost.CostEstimate as number) - HOUR_OF_TWO) < 1e-9);
  assert.equal(cost.GpuHours, 0);
  assert.deepEqual(
    lines.filter(({ Stage }) => Stage).map(({ Stage, StageSeconds }) => [Stage, StageSeconds]),
    [['radiomics', 3600]],
  );
});

const FAILURES: [what: string, more: object, outOfMemory: number, hostLost: number][] = [
  ['out of memory', { container: { exitCode: 137, reason: 'OutOfMemoryError: killed' } }, 1, 0],
  ['a full GPU', { container: { exitCode: 42 } }, 1, 0],
  ['a lost host', { statusReason: 'Host EC2 (instance i-1) terminated.', container: {} }, 0, 1],
  ['an interrupted spot task', { statusReason: 'Your Spot Task was interrupted.', container: { exitCode: 137 } }, 0, 1],
  ['a full heap of V8', { container: { exitCode: 134 } }, 1, 0],
  ['bad input', { container: { exitCode: 65 } }, 0, 0],
];
for (const [what, more, outOfMemory, hostLost] of FAILURES) {
  test(`a job that failed by ${what} is counted as such and names its log stream`, async () => {
    const container = { logStreamName: 'radiomics/default/x', ...(more as { container: object }).container };
    const lines = await observed(job('FAILED', { stoppedAt: 10, ...more, container }));
    const [counts] = lines.filter((line) => 'JobsFailed' in line);
    assert.deepEqual([counts.OutOfMemory, counts.HostLost], [outOfMemory, hostLost]);
    const [said] = lines.filter(({ event }) => event === 'Observe:Job:Failed');
    assert.deepEqual(
      [said.stage, said.course, said.logStream],
      ['radiomics', '0123456789abcdef', 'radiomics/default/x'],
    );
  });
}

const COURSES: [status: string, output: object | null, counts: [started: number, done: number, failed: number]][] = [
  ['RUNNING', null, [1, 0, 0]],
  ['SUCCEEDED', { status: 'done' }, [0, 1, 0]],
  ['SUCCEEDED', { status: 'failed' }, [0, 0, 1]],
  ['FAILED', null, [0, 0, 1]],
];
for (const [status, output, counts] of COURSES) {
  test(`a course that is ${status} with ${JSON.stringify(output)} is counted once`, async () => {
    const detail = { status, output: output && JSON.stringify(output) };
    const [line] = await observed({ source: 'aws.states', detail });
    assert.deepEqual([line.CoursesStarted, line.CoursesDone, line.CoursesFailed], counts);
  });
}
