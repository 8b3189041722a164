import { setTimeout as wait } from 'node:timers/promises';
import { aws } from './aws-cli.ts';

const EVERY_MS = 10_000;
const MOST_MINUTES = 60;

/**
 * Waits for a running job of the stage and terminates its host, as a spot interruption does.
 * Fault Injection Service can take only spot hosts, and which market a host is from is for Batch to choose.
 * @throws Error when no job of the stage ran in time
 */
export async function loseHostOf(stage: string, queue: string): Promise<void> {
  for (let waited = 0; waited < MOST_MINUTES * 60_000; waited += EVERY_MS) {
    const { jobSummaryList } = aws<{ jobSummaryList: { jobId: string; jobName: string }[] }>(
      ...['batch', 'list-jobs', '--job-queue', queue, '--job-status', 'RUNNING'],
    );
    const job = jobSummaryList.find(({ jobName }) => jobName.startsWith(`${stage}-`));
    if (job) return terminate(job.jobId);
    await wait(EVERY_MS);
  }
  throw new Error(`no job of ${stage} ran within ${MOST_MINUTES} minutes`);
}

function terminate(jobId: string): void {
  const { jobs } = aws<{ jobs: { container: { containerInstanceArn: string } }[] }>(
    ...['batch', 'describe-jobs', '--jobs', jobId],
  );
  const instance = jobs[0].container.containerInstanceArn;
  const cluster = instance.split('/')[1];
  const { containerInstances } = aws<{ containerInstances: { ec2InstanceId: string }[] }>(
    ...['ecs', 'describe-container-instances', '--cluster', cluster, '--container-instances', instance],
  );
  const [{ ec2InstanceId }] = containerInstances;
  aws('ec2', 'terminate-instances', '--instance-ids', ec2InstanceId);
}
