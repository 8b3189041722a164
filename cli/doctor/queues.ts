import {
  BatchClient,
  DescribeJobsCommand,
  type JobQueueDetail,
  paginateDescribeComputeEnvironments,
  paginateDescribeJobQueues,
  paginateListJobs,
} from '@aws-sdk/client-batch';
import { ownKeys } from '#lib/own-keys.ts';
import type { Check } from './check.ts';

/** Whether the queues of a deployment take jobs, and the state of the hosts behind them. */
export async function queues(deployment: string): Promise<Check[]> {
  const client = new BatchClient();
  const found = await jobQueues(client, deployment);
  if (found.length === 0) return [{ what: 'queues', verdict: 'bad', message: 'none found: run `cdk deploy --all`' }];
  const environments = new Map<string, { status?: string; statusReason?: string }>();
  for await (const { computeEnvironments = [] } of paginateDescribeComputeEnvironments({ client }, {}))
    for (const one of computeEnvironments) environments.set(one.computeEnvironmentArn ?? '', one);
  return found.map((queue): Check => {
    const hosts = (queue.computeEnvironmentOrder ?? []).map((one) => environments.get(one.computeEnvironment ?? ''));
    const broken = hosts.find((one) => one?.status === 'INVALID');
    const message = `${queue.jobQueueName}: ${queue.state}, ${queue.status}`;
    if (broken) return { what: 'queues', verdict: 'bad', message: `${message}; its hosts: ${broken.statusReason}` };
    return { what: 'queues', verdict: queue.state === 'ENABLED' && queue.status === 'VALID' ? 'ok' : 'bad', message };
  });
}

/** Why jobs stay RUNNABLE, in Batch's words, and what helps. */
export async function waitingJobs(deployment: string): Promise<Check[]> {
  const client = new BatchClient();
  const findings: Check[] = [];
  for (const { jobQueueName: jobQueue } of await jobQueues(client, deployment)) {
    const waiting: string[] = [];
    for await (const { jobSummaryList = [] } of paginateListJobs({ client }, { jobQueue, jobStatus: 'RUNNABLE' }))
      waiting.push(...jobSummaryList.map(({ jobId = '' }) => jobId));
    if (waiting.length === 0) continue;
    const reasons = await reasonsOf(client, waiting.slice(0, MOST_DESCRIBED));
    const message = `${jobQueue}: ${waiting.length} RUNNABLE; ${reasons.join('; ')}`;
    findings.push({ what: 'waiting jobs', verdict: 'missing', message });
  }
  return findings.length > 0 ? findings : [{ what: 'waiting jobs', verdict: 'ok', message: 'none' }];
}

/** DescribeJobs takes no more at once; the reason stands at the jobs that wait longest, which come first. */
const MOST_DESCRIBED = 100;

/** https://docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable.html: code of the reason -> what helps. */
const ADVICE: Record<string, string> = ownKeys({
  'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY': 'AWS has no free host of this kind now; set more `zones` or host families',
  'MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE':
    'the job needs more CPUs than the queue may use: raise analysisVcpus, longVcpus or segmentationVcpus',
  'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT':
    'the job is larger than every host of the queue: set larger segmentationHosts or longHosts',
});

async function reasonsOf(client: BatchClient, waiting: string[]): Promise<string[]> {
  const { jobs = [] } = await client.send(new DescribeJobsCommand({ jobs: waiting }));
  const told = new Set(jobs.flatMap(({ statusReason }) => statusReason ?? []));
  if (told.size === 0) return ['Batch gives no reason yet: hosts may be starting, or a host quota is used up'];
  return [...told].map((reason) => {
    const code = Object.keys(ADVICE).find((known) => reason.startsWith(known));
    return code === undefined ? reason : `${reason} (${ADVICE[code]})`;
  });
}

async function jobQueues(client: BatchClient, deployment: string): Promise<JobQueueDetail[]> {
  const found: JobQueueDetail[] = [];
  for await (const { jobQueues: page = [] } of paginateDescribeJobQueues({ client }, {})) found.push(...page);
  return found.filter(({ jobQueueName = '' }) => jobQueueName.startsWith(`${deployment}-`));
}
