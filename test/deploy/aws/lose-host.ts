import { execFileSync } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';

const EVERY_MS = 10_000;
const MOST_MINUTES = 60;

/**
 * Waits for a running job of the stage and terminates its host, as a spot interruption does. By the AWS CLI: nothing else here
 * speaks to ECS or EC2.
 * @throws Error when no job of the stage ran in time
 */
export async function loseHostOf(stage: string, queue: string): Promise<void> {
  for (let waited = 0; waited < MOST_MINUTES * 60_000; waited += EVERY_MS) {
    const { jobSummaryList } = aws('batch', 'list-jobs', '--job-queue', queue, '--job-status', 'RUNNING');
    const job = (jobSummaryList as { jobId: string; jobName: string }[]).find(({ jobName }) =>
      jobName.startsWith(`${stage}-`),
    );
    if (job) return terminate(job.jobId);
    await wait(EVERY_MS);
  }
  throw new Error(`no job of ${stage} ran within ${MOST_MINUTES} minutes`);
}

function terminate(jobId: string): void {
  const { jobs } = aws('batch', 'describe-jobs', '--jobs', jobId) as unknown as {
    jobs: { container: { containerInstanceArn: string } }[];
  };
  const instance = jobs[0].container.containerInstanceArn;
  const cluster = instance.split('/')[1];
  const { containerInstances } = aws(
    'ecs',
    'describe-container-instances',
    '--cluster',
    cluster,
    '--container-instances',
    instance,
  );
  const [{ ec2InstanceId }] = containerInstances as { ec2InstanceId: string }[];
  aws('ec2', 'terminate-instances', '--instance-ids', ec2InstanceId);
}

function aws(...args: string[]): Record<string, unknown[]> {
  return JSON.parse(execFileSync('aws', [...args, '--output', 'json'], { encoding: 'utf8' }));
}
