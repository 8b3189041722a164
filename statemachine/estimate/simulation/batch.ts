import type { Clock } from '#statemachine/engine/clock.ts';
import { Failure } from '#statemachine/engine/failure.ts';
import type { Integration } from '#statemachine/engine/integration.ts';
import type { JsonObject } from '#statemachine/engine/json.ts';
import type { Demand, Environment, Placement } from './environment.ts';

/** AWS Batch user guide, "AWS Batch service quotas": SubmitJob calls of an account in a second. Fixed. */
export const SUBMITS_PER_SECOND = 50;

export interface BatchCounts {
  submits: number;
  /** Refused, as others came within the same second. */
  throttled: number;
  /** Most accepted in one second. */
  mostPerSecond: number;
  /** Seconds that jobs waited for a place, all together. */
  waited: number;
}

export interface SimulatedBatch {
  submitJob: Integration;
  counts: BatchCounts;
}

export interface BatchOptions {
  clock: Clock;
  /** Environments by queue, in the order in which they are tried. */
  queues: Record<string, readonly Environment[]>;
  /** Seconds that a job works, by the key of its task. */
  secondsOf(task: string): number;
}

interface Waiting {
  demand: Demand;
  environments: readonly Environment[];
  priority: number;
  since: number;
  placed(placement: Placement): void;
}

/**
 * Batch as the state machine sees it: refuses calls that come too fast, places jobs by priority and order, and reports
 * a lost host in the words that the machine expects.
 */
export function simulatedBatch({ clock, queues, secondsOf }: BatchOptions): SimulatedBatch {
  const counts: BatchCounts = { submits: 0, throttled: 0, mostPerSecond: 0, waited: 0 };
  const waiting: Waiting[] = [];
  const second = { start: -1, calls: 0 };
  const now = () => clock.now().getTime() / 1000;

  const place = () => {
    for (const one of [...waiting]) {
      const at = now();
      const placement = first(one.environments, one.demand, at);
      if (!placement) continue;
      waiting.splice(waiting.indexOf(one), 1);
      counts.waited += at - one.since;
      one.placed(placement);
    }
  };
  const enqueue = (job: Waiting) => {
    const after = waiting.findIndex(({ priority }) => priority < job.priority);
    waiting.splice(after < 0 ? waiting.length : after, 0, job);
    place();
  };
  const count = () => {
    const start = Math.floor(now());
    second.calls = start === second.start ? second.calls + 1 : 1;
    second.start = start;
    if (second.calls > SUBMITS_PER_SECOND) {
      counts.throttled += 1;
      throw new Failure('Batch.TooManyRequestsException', 'Too Many Requests');
    }
    counts.submits += 1;
    counts.mostPerSecond = Math.max(counts.mostPerSecond, second.calls);
  };

  const submitJob: Integration = async (args, { signal }) => {
    count();
    const { demand, task, priority } = readJob(args);
    const environments = queues[String(args.JobQueue)];
    const placement = await new Promise<Placement>((placed) =>
      enqueue({ demand, environments, priority, since: now(), placed }),
    );
    const endsAt = placement.worksAt + secondsOf(task);
    const end = Math.min(endsAt, placement.lostAt);
    await clock.sleep(1000 * (end - now()), signal);
    placement.leave(end);
    place();
    if (placement.lostAt < endsAt) throw lostHost();
    return { JobId: task };
  };
  return { submitJob, counts };
}

function first(environments: readonly Environment[], demand: Demand, at: number): Placement | undefined {
  for (const environment of environments) {
    const placement = environment.place(demand, at);
    if (placement) return placement;
  }
  return undefined;
}

function readJob(args: JsonObject): { demand: Demand; task: string; priority: number } {
  const { ResourceRequirements } = args.ContainerOverrides as {
    ResourceRequirements: { Type: string; Value: string }[];
  };
  const amount = (type: string) => Number(ResourceRequirements.find(({ Type }) => Type === type)?.Value ?? 0);
  return {
    demand: { cpus: amount('VCPU'), memoryMiB: amount('MEMORY') },
    task: String((args.Parameters as JsonObject).task),
    priority: Number(args.SchedulingPriorityOverride ?? 0),
  };
}

/** As DescribeJobs tells it: no exit code, and the reason that the state machine looks for. */
function lostHost(): Failure {
  return new Failure('States.TaskFailed', JSON.stringify({ StatusReason: 'Host EC2 (instance i-0) terminated.' }));
}
