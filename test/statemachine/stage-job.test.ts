import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statusSchema } from '#lib/stages/status.ts';
import { JOB_STAGE_NAMES, STAGES } from '#lib/stages/table.ts';
import { Failure } from '#statemachine/engine/failure.ts';
import type { Json, JsonObject } from '#statemachine/engine/json.ts';
import { loadPipeline } from '#test/fixtures/pipeline.ts';
import { memoryBucket, recordingTask, runMachine } from '#test/fixtures/state-machine.ts';

const machine = loadPipeline('stage-job.asl.json');

const order = (job: JsonObject = {}): JsonObject => ({
  stage: 'dvh',
  jobDefinition: 'DvhJobDefinitionArn',
  run: { runId: 'run-1', courseId: 'c0ffee00', bucket: 'b', prefix: 'out/' },
  job: {
    task: 's3://b/out/courses/c0ffee00/tasks/dvh.json',
    statusKey: 'courses/c0ffee00/status/dvh.json',
    cpus: 2,
    memoryMiB: 4096,
    gpus: 0,
    timeoutSeconds: 600,
    complexity: 40,
    ...job,
  },
});

/** A job that Batch reports as failed: the cause is DescribeJobs' view of it. */
const failedJob = (job: JsonObject) =>
  new Failure('States.TaskFailed', JSON.stringify({ JobId: 'j-1', Status: 'FAILED', ...job }));
const exit = (ExitCode: number, Reason?: string) => {
  const Container = { ExitCode, LogStreamName: 'dvh/log', ...(Reason && { Reason }) };
  return failedJob({ StatusReason: 'Essential container in task exited', Attempts: [{ Container }], Container });
};
const reason = (StatusReason: string, Attempts: Json = [{ Container: {}, StatusReason }]) =>
  failedJob({ StatusReason, Attempts, Container: {} });

const OOM = exit(137, 'OutOfMemoryError: Container killed due to memory usage');
const HOST_LOST = reason('Host EC2 (instance i-0123456789abcdef0) terminated.');
const PULL = reason('CannotPullContainerError: Error response from daemon: timeout');

async function run(failures: (Failure | undefined)[], job: JsonObject = {}, stage = 'dvh') {
  const objects: Record<string, string> = {};
  const { calls, integration } = recordingTask((_, index) => {
    const failure = failures[Math.min(index, failures.length - 1)];
    if (failure) throw failure;
    return { JobId: 'j-9', Status: 'SUCCEEDED' };
  });
  const bucket = memoryBucket(objects);
  const putJson = { 'aws-sdk:s3:putObject': bucket['s3:putObject'] };
  const integrations = { 'batch:submitJob.sync': integration, ...bucket, ...putJson };
  const ran = await runMachine(machine, { ...order(job), stage }, { integrations });
  assert.equal(ran.status, 'SUCCEEDED', `${ran.error}: ${ran.cause}`);
  return { output: ran.output as JsonObject, jobs: calls, objects, elapsedMs: ran.elapsedMs };
}

const claims = (jobs: JsonObject[]) =>
  jobs.map((job) => {
    const needs = (job.ContainerOverrides as { ResourceRequirements: { Type: string; Value: string }[] })
      .ResourceRequirements;
    return [job.JobQueue, ...needs.map(({ Value }) => Number(Value))];
  });

test('a job that succeeds is submitted once, by reference and with its claims', async () => {
  const { output, jobs } = await run([undefined]);
  assert.deepEqual(output, { stage: 'dvh', status: 'done', jobId: 'j-9', attempts: 1 });
  assert.deepEqual(jobs, [
    {
      JobName: 'dvh-c0ffee00',
      JobQueue: 'AnalysisSpotQueueArn',
      JobDefinition: 'DvhJobDefinitionArn',
      ShareIdentifier: 'run1',
      SchedulingPriorityOverride: 9959,
      Parameters: { task: 's3://b/out/courses/c0ffee00/tasks/dvh.json' },
      Tags: { run: 'run-1' },
      ContainerOverrides: {
        Environment: [
          { Name: 'RTPIPELINE_CPUS', Value: '2' },
          { Name: 'RTPIPELINE_MEMORY_MIB', Value: '4096' },
        ],
        ResourceRequirements: [
          { Type: 'VCPU', Value: '2' },
          { Type: 'MEMORY', Value: '4096' },
        ],
      },
      Timeout: { AttemptDurationSeconds: 600 },
    },
  ]);
});

test('a stage that SizeJobs leaves out starts no job', async () => {
  const { output, jobs } = await run([undefined], { skip: true });
  assert.deepEqual([output, jobs.length], [{ stage: 'dvh', status: 'skipped' }, 0]);
});

test('a stage without a GPU goes to hosts or to Fargate as the table of stages says', async () => {
  for (const stage of JOB_STAGE_NAMES) {
    const { jobs } = await run([undefined], { gpus: 0 }, stage);
    const queue = STAGES[stage].hosts === 'ec2' ? 'LongAnalysisQueueArn' : 'AnalysisSpotQueueArn';
    assert.deepEqual(claims(jobs), [[queue, 2, 4096]], stage);
  }
});

test('without a time limit the job may run for two weeks', async () => {
  const { jobs } = await run([undefined], { timeoutSeconds: 0 });
  assert.deepEqual(jobs[0].Timeout, { AttemptDurationSeconds: 14 * 24 * 3600 });
});

const SPOT = 'AnalysisSpotQueueArn';
const ON_DEMAND = 'AnalysisOnDemandQueueArn';
const GPU = { gpus: 1, cpus: 4, memoryMiB: 14800 };

/** Failures in their order, then the queue, vCPUs, MiB (and GPUs) of every attempt; all end well but where said. */
const LADDER: [string, (Failure | undefined)[], JsonObject, Json[][], string][] = [
  [
    'out of memory climbs',
    [OOM, OOM, undefined],
    {},
    [
      [SPOT, 2, 4096],
      [SPOT, 2, 8192],
      [SPOT, 2, 16384],
    ],
    'done',
  ],
  [
    'exit 137 without a reason climbs',
    [exit(137), undefined],
    {},
    [
      [SPOT, 2, 4096],
      [SPOT, 2, 8192],
    ],
    'done',
  ],
  [
    'memory that sufficed for a part climbs',
    [exit(71), undefined],
    {},
    [
      [SPOT, 2, 4096],
      [SPOT, 2, 8192],
    ],
    'done',
  ],
  [
    'a full heap of V8 climbs',
    [exit(134), undefined],
    {},
    [
      [SPOT, 2, 4096],
      [SPOT, 2, 8192],
    ],
    'done',
  ],
  [
    'a masked lack of memory climbs',
    [exit(2, 'OutOfMemoryError: Container killed'), undefined],
    {},
    [
      [SPOT, 2, 4096],
      [SPOT, 2, 8192],
    ],
    'done',
  ],
  ['the climb ends with the largest host', [OOM], { cpus: 16, memoryMiB: 122880 }, [[SPOT, 16, 122880]], 'oom'],
  [
    'a larger host keeps its CPUs',
    [OOM, undefined],
    { cpus: 8, memoryMiB: 16384 },
    [
      [SPOT, 8, 16384],
      [SPOT, 8, 61440],
    ],
    'done',
  ],
  [
    'four attempts are enough',
    [OOM],
    { cpus: 1, memoryMiB: 2048 },
    [
      [SPOT, 1, 2048],
      [SPOT, 2, 8192],
      [SPOT, 2, 16384],
      [SPOT, 4, 30720],
    ],
    'oom',
  ],
  [
    'a lost host is tried again, on demand from the second loss',
    [HOST_LOST, HOST_LOST, undefined],
    {},
    [
      [SPOT, 2, 4096],
      [SPOT, 2, 4096],
      [ON_DEMAND, 2, 4096],
    ],
    'done',
  ],
  [
    'no capacity moves to on demand',
    [reason('CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY'), undefined],
    {},
    [
      [SPOT, 2, 4096],
      [ON_DEMAND, 2, 4096],
    ],
    'done',
  ],
  [
    'no capacity on demand gives up',
    [reason('MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT')],
    {},
    [
      [SPOT, 2, 4096],
      [ON_DEMAND, 2, 4096],
    ],
    'capacity',
  ],
  [
    'a full GPU moves to a larger one',
    [exit(42), undefined],
    GPU,
    [
      ['SegmentationSpotQueueArn', 4, 14800, 1],
      ['SegmentationLargeQueueArn', 4, 14800, 1],
    ],
    'done',
  ],
  [
    'a full large GPU gives up',
    [exit(42)],
    GPU,
    [
      ['SegmentationSpotQueueArn', 4, 14800, 1],
      ['SegmentationLargeQueueArn', 4, 14800, 1],
    ],
    'gpu_oom',
  ],
  [
    'segmentation that is out of memory gets a host with twice as much',
    [OOM, OOM],
    { ...GPU, cpus: 8, memoryMiB: 30000 },
    [
      ['SegmentationSpotQueueArn', 8, 30000, 1],
      ['SegmentationSpotQueueArn', 16, 60000, 1],
    ],
    'oom',
  ],
  [
    'a large GPU whose host is out of memory gets a host with twice as much',
    [exit(42), OOM, undefined],
    { ...GPU, cpus: 8, memoryMiB: 60000 },
    [
      ['SegmentationSpotQueueArn', 8, 60000, 1],
      ['SegmentationLargeQueueArn', 8, 60000, 1],
      ['SegmentationLargeQueueArn', 16, 120000, 1],
    ],
    'done',
  ],
  ['bad input is never tried again', [exit(65)], {}, [[SPOT, 2, 4096]], 'bad_input'],
  ['a bug is not tried again', [exit(70)], {}, [[SPOT, 2, 4096]], 'failed'],
  [
    'a timeout is not tried again, though it ends with 137',
    [
      failedJob({
        StatusReason: 'Job attempt duration exceeded timeout',
        Attempts: [{ Container: { ExitCode: 137 } }],
      }),
    ],
    {},
    [[SPOT, 2, 4096]],
    'timeout',
  ],
  ['a job that gives no reason is not tried again', [failedJob({})], {}, [[SPOT, 2, 4096]], 'failed'],
  [
    'SubmitJob refused is not tried again',
    [new Failure('Batch.ClientException', 'JobDefinition is not valid')],
    {},
    [[SPOT, 2, 4096]],
    'failed',
  ],
];

for (const [what, failures, job, expected, why] of LADDER) {
  test(what, async () => {
    const { jobs, output } = await run(failures, job);
    assert.deepEqual(claims(jobs), expected);
    assert.equal(output.status === 'failed' ? output.why : output.status, why);
    assert.equal(output.attempts, expected.length);
  });
}

for (const [what, failure] of [
  ['exit 75', exit(75)],
  ['an image that could not be pulled', PULL],
] as const) {
  test(`after ${what} the job waits before its retry`, async () => {
    const { jobs, output, elapsedMs } = await run([failure, failure, undefined]);
    assert.deepEqual([jobs.length, output.status, elapsedMs], [3, 'done', (60 + 120) * 1000]);
  });
}

/**
 * What AWS writes when a job or its task ends, as its guides and users quote it, and what the machine makes of it.
 * ECS: "Stopped tasks error codes" and "Fargate capacity providers" (Spot interruption); Batch: "Job timeouts",
 * "Jobs stuck in RUNNABLE" (state reasons), "Automated job retries" (Host EC2*).
 */
const TEXTS: [text: string, exitCode: number | undefined, why: string][] = [
  ['Your Spot Task was interrupted.', 137, 'host_lost'],
  ['Your Spot Task was interrupted.', 143, 'host_lost'],
  ['Your Spot Task was interrupted.', undefined, 'host_lost'],
  ['Host EC2 (instance i-0123456789abcdef0) terminated.', undefined, 'host_lost'],
  ['Host EC2 (instance i-0123456789abcdef0) stopped.', undefined, 'host_lost'],
  ['Timeout waiting for network interface provisioning to complete.', undefined, 'transient'],
  ['network interface provision complete timeout expired', undefined, 'transient'],
  [
    'Capacity is unavailable at this time. Please try again later or in a different availability zone',
    undefined,
    'capacity',
  ],
  ["You've reached the limit on the number of tasks you can run concurrently", undefined, 'transient'],
  ['CannotPullContainerError: pull image manifest has been retried 5 time(s): i/o timeout', undefined, 'transient'],
  ['CannotCreateContainerError: API error (500): devmapper', undefined, 'transient'],
  ['CannotStartContainerError: Error response from daemon', undefined, 'transient'],
  ['CannotInspectContainerError: Could not transition to inspecting; timed out', undefined, 'transient'],
  [
    'ContainerRuntimeTimeoutError: Could not transition to running; timed out after waiting 1m0s',
    undefined,
    'transient',
  ],
  ['DockerTimeoutError: Could not transition to created; timed out after waiting 4m0s', undefined, 'transient'],
  ['ResourceInitializationError: unable to pull secrets or registry auth: connection issue', undefined, 'transient'],
  ['Task failed to start', undefined, 'transient'],
  ['OutOfMemoryError: Container killed due to memory usage', 137, 'oom'],
  ['Job attempt duration exceeded timeout', 137, 'timeout'],
  ['CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - queue is blocked', undefined, 'capacity'],
  ['MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE - the job asks for more than the hosts', undefined, 'capacity'],
  ['MISCONFIGURATION:EC2_INSTANCE_CONFIGURATION_UNSUPPORTED', undefined, 'capacity'],
  ['Essential container in task exited', 1, 'failed'],
  ['Essential container in task exited', 143, 'failed'],
];
for (const [text, ExitCode, why] of TEXTS) {
  test(`"${text}"${ExitCode ? ` with exit code ${ExitCode}` : ''} means ${why}`, async () => {
    const Container: JsonObject = ExitCode === undefined ? {} : { ExitCode };
    const { output } = await run([failedJob({ StatusReason: text, Attempts: [{ Container }], Container })]);
    assert.equal(output.why, why);
    assert.match(output.reason as string, new RegExp(`^${text.slice(0, 20).replace(/[().]/g, '.')}`));
  });
}

test('a throttled SubmitJob is submitted again and counts as one attempt', async () => {
  const throttled = new Failure('Batch.TooManyRequestsException', 'Too Many Requests');
  const { jobs, output } = await run([throttled, throttled, undefined]);
  assert.deepEqual([jobs.length, output.attempts, output.status], [3, 1, 'done']);
});

test('a killed stage gets a failed status with the reason', async () => {
  const { objects, output } = await run([OOM], { cpus: 16, memoryMiB: 122880 });
  assert.deepEqual(Object.keys(objects), ['out/courses/c0ffee00/status/dvh.json']);
  const body = (objects['out/courses/c0ffee00/status/dvh.json'] ?? '') as string;
  const status = statusSchema.parse(JSON.parse(body));
  assert.equal(status.status, 'failed');
  assert.match(status.reason, /^oom: .*OutOfMemoryError/);
  assert.deepEqual([output.jobId, output.logStream], ['j-1', 'dvh/log']);
});

test('a stage whose code could not be loaded is recorded as failed', async () => {
  const { objects } = await run([exit(1)]);
  const body = (objects['out/courses/c0ffee00/status/dvh.json'] ?? '') as string;
  assert.equal(statusSchema.parse(JSON.parse(body)).status, 'failed');
});

test('a stage that ended by itself keeps the status that it wrote', async () => {
  for (const code of [65, 71]) {
    const { objects } = await run([exit(code)], { cpus: 16, memoryMiB: 122880 });
    assert.deepEqual(objects, {}, String(code));
  }
});
