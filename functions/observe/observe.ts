import { z } from 'zod';
import { embeddedMetrics, type Metrics } from '#lib/aws/metrics.ts';
import { type HostKind, hourlyPrice } from '#lib/aws/prices.ts';
import { createLog, type Log } from '#lib/log.ts';
import stageJob from '#statemachine/stage-job.asl.json' with { type: 'json' };

const need = z.object({ type: z.string(), value: z.string() });

/** EventBridge's "Batch Job State Change": DescribeJobs' view of the job. */
const jobEvent = z.object({
  source: z.literal('aws.batch'),
  detail: z.object({
    jobId: z.string(),
    jobName: z.string(),
    jobQueue: z.string(),
    status: z.string(),
    statusReason: z.string().optional(),
    startedAt: z.number().optional(),
    stoppedAt: z.number().optional(),
    container: z
      .object({
        exitCode: z.number().optional(),
        reason: z.string().optional(),
        logStreamName: z.string().optional(),
        resourceRequirements: z.array(need).default([]),
      })
      .default({ resourceRequirements: [] }),
  }),
});
type Job = z.infer<typeof jobEvent>['detail'];

/** EventBridge's "Step Functions Execution Status Change" of a course. */
const executionEvent = z.object({
  source: z.literal('aws.states'),
  detail: z.object({ status: z.string(), output: z.string().nullish() }),
});

/**
 * Turns what Batch and Step Functions tell into metrics of the dashboard: queue depth, GPU hours, cost, climbs,
 * courses. A failed job is a log line that names the log stream of its container.
 */
export function observeFunction(write = toStandardOutput) {
  const log = createLog(write, () => new Date());
  return async (event: unknown): Promise<void> => {
    const job = jobEvent.safeParse(event);
    if (job.success) return observeJob(job.data.detail, log, write);
    const execution = executionEvent.safeParse(event);
    if (execution.success) observeCourse(execution.data.detail, write);
  };
}

function observeJob(job: Job, log: Log, write: (line: object) => void): void {
  const stage = job.jobName.replace(/-[^-]*$/, '');
  const kind = kindOf(job.jobQueue);
  const tell = (metrics: Metrics) => write(embeddedMetrics(new Date(), { Queue: kind }, metrics));
  if (job.status === 'SUBMITTED') tell({ JobsSubmitted: [1, 'Count'] });
  if (job.status === 'RUNNING') tell({ JobsStarted: [1, 'Count'] });
  if (job.status !== 'SUCCEEDED' && job.status !== 'FAILED') return;

  const hours = job.startedAt && job.stoppedAt ? (job.stoppedAt - job.startedAt) / 3_600_000 : 0;
  const requested = (type: string) =>
    Number(job.container.resourceRequirements.find((one) => one.type === type)?.value ?? 0);
  const market = job.jobQueue.endsWith('-on-demand') ? 'on demand' : 'spot';
  tell({
    JobsEnded: [1, 'Count'],
    JobsNeverStarted: [job.startedAt ? 0 : 1, 'Count'],
    GpuHours: [hours * requested('GPU'), 'None'],
    CostEstimate: [hours * hourlyPrice(kind, market, requested('VCPU'), requested('MEMORY')), 'None'],
  });
  if (job.startedAt) write(embeddedMetrics(new Date(), { Stage: stage }, { StageSeconds: [hours * 3600, 'Seconds'] }));
  if (job.status === 'SUCCEEDED') return;
  const reason = [job.statusReason, job.container.reason].filter(Boolean).join(' | ');
  const why = meaningOf(reason, job.container.exitCode);
  const outOfMemory = why === 'oom' || why === 'gpu_oom';
  const failures = { OutOfMemory: outOfMemory ? 1 : 0, HostLost: why === 'host_lost' ? 1 : 0, JobsFailed: 1 };
  write(
    embeddedMetrics(
      new Date(),
      { Stage: stage },
      Object.fromEntries(Object.entries(failures).map(([name, value]) => [name, [value, 'Count']])),
    ),
  );
  log.warn(
    {
      stage,
      course: job.jobName.slice(stage.length + 1),
      jobId: job.jobId,
      exitCode: job.container.exitCode,
      reason,
      logStream: job.container.logStreamName,
    },
    'Observe:Job:Failed',
  );
}

/** Why a job failed, by the same tables that the state machine uses. */
function meaningOf(reason: string, exitCode: number | undefined): string | undefined {
  const { reasons, exitCodes } = stageJob.States.Wanted.Assign;
  const told = reasons.find(({ says }) => reason.includes(says))?.means;
  return told ?? new Map(Object.entries(exitCodes)).get(String(exitCode));
}

/** A course that ends normally says whether one of its stages failed; one that could not be planned has failed. */
function observeCourse(
  { status, output }: { status: string; output?: string | null },
  write: (line: object) => void,
): void {
  const said = output ? (JSON.parse(output) as { status?: string }).status : undefined;
  const failed = status !== 'RUNNING' && (status !== 'SUCCEEDED' || said === 'failed');
  write(
    embeddedMetrics(
      new Date(),
      { Run: 'courses' },
      {
        CoursesStarted: [status === 'RUNNING' ? 1 : 0, 'Count'],
        CoursesDone: [status === 'SUCCEEDED' && !failed ? 1 : 0, 'Count'],
        CoursesFailed: [failed ? 1 : 0, 'Count'],
      },
    ),
  );
}

/** Queues are named `<deployment>-<kind>-<market>`. */
function kindOf(queue: string): HostKind {
  if (queue.includes('segmentation-large')) return 'largeGpu';
  if (queue.includes('segmentation')) return 'gpu';
  return queue.includes('long-analysis') ? 'long' : 'cpu';
}

function toStandardOutput(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
