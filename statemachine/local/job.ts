import { ExitCode } from '#lib/errors.ts';
import type { Claim } from '#lib/stages/task.ts';
import type { Json, JsonObject } from '../engine/json.ts';

/** A submitted job as SubmitJob's arguments describe it. */
export interface JobRequest extends Claim {
  name: string;
  queue: string;
  definition: string;
  /** URI of the task document. */
  task: string;
  environment: Record<string, string>;
  priority: number;
}

/** How the one attempt of a job ended. */
export interface JobEnd {
  startedAt: Date;
  stoppedAt: Date;
  exitCode?: number;
  /** Of the container: `OutOfMemoryError: ...`. */
  reason?: string;
  /** Of the job: what DescribeJobs calls StatusReason. */
  statusReason: string;
  logStream: string;
  peakMemoryMiB: number;
  /** The stage's own account of its failure, the last line of its log. */
  said?: string;
}

/** Of the job's own memory, not of a card's. */
export function isOutOfMemory({ reason, exitCode }: JobEnd): boolean {
  return reason?.startsWith('OutOfMemory') === true || exitCode === ExitCode.partlyOutOfMemory;
}

interface Overrides {
  ResourceRequirements: { Type: string; Value: string }[];
  Environment?: { Name: string; Value: string }[];
}

export function readRequest(args: JsonObject): JobRequest {
  const overrides = args.ContainerOverrides as unknown as Overrides;
  const needs = (type: string) => Number(overrides.ResourceRequirements.find(({ Type }) => Type === type)?.Value ?? 0);
  return {
    name: String(args.JobName),
    queue: String(args.JobQueue),
    definition: String(args.JobDefinition),
    task: String((args.Parameters as JsonObject).task),
    cpus: needs('VCPU'),
    memoryMiB: needs('MEMORY'),
    gpus: needs('GPU'),
    environment: Object.fromEntries((overrides.Environment ?? []).map(({ Name, Value }) => [Name, Value])),
    timeoutSeconds: Number((args.Timeout as JsonObject | undefined)?.AttemptDurationSeconds ?? 0),
    priority: Number(args.SchedulingPriorityOverride ?? 0),
  };
}

/** As DescribeJobs tells it, in the PascalCase of `$states.result` and of the cause of a failed `.sync`. */
export function describeJob(jobId: string, request: JobRequest, end: JobEnd): { [key: string]: Json } {
  const container: JsonObject = {
    ...(end.exitCode !== undefined && { ExitCode: end.exitCode }),
    ...(end.reason !== undefined && { Reason: end.reason }),
    LogStreamName: end.logStream,
  };
  const [startedAt, stoppedAt] = [end.startedAt.getTime(), end.stoppedAt.getTime()];
  return {
    JobId: jobId,
    JobName: request.name,
    JobQueue: request.queue,
    JobDefinition: request.definition,
    Status: end.exitCode === 0 ? 'SUCCEEDED' : 'FAILED',
    StatusReason: end.statusReason,
    StartedAt: startedAt,
    StoppedAt: stoppedAt,
    Attempts: [{ StartedAt: startedAt, StoppedAt: stoppedAt, StatusReason: end.statusReason, Container: container }],
    Container: {
      ...container,
      ResourceRequirements: [
        { Type: 'VCPU', Value: String(request.cpus) },
        { Type: 'MEMORY', Value: String(request.memoryMiB) },
      ],
    },
    Parameters: { task: request.task },
  };
}
