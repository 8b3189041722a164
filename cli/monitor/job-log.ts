import type { Log } from '#lib/log.ts';
import type { JobUpdate } from '#statemachine/local/submit-job.ts';

/** What the main log says of a job: its start, its end, and that memory did not suffice. */
export function logJob(log: Log, update: JobUpdate, courseId: string | undefined): void {
  const { jobId, stage, status, cpus, memoryMiB, peakMemoryMiB, reason } = update;
  const job = { stage, courseId, jobId };
  if (status === 'RUNNING') log.info({ ...job, cpus, memoryMiB }, 'Job:Process:Start');
  if (status === 'SUCCEEDED') log.info({ ...job, peakMemoryMiB }, 'Job:Process:Done');
  if (status !== 'FAILED') return;
  log.error({ ...job, peakMemoryMiB, reason }, 'Job:Process:Failed');
  if (/OutOfMemory/.test(reason ?? '')) {
    log.warn({ ...job, memoryMiB, peakMemoryMiB, message: 'memory pressure detected' }, 'Job:Memory:Exceeded');
  }
}
