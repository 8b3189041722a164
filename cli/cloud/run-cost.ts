import { type HostKind, hourlyPrice } from '#lib/aws/prices.ts';
import { configSchema } from '#lib/config.ts';
import { readJsonIfAny } from '#lib/course-store/json.ts';
import { asksForGpu } from '#lib/pool/gpus.ts';
import { hostKindOf } from '#lib/stages/left-out.ts';
import { isJobStage, type JobStageName } from '#lib/stages/table.ts';
import { resultKeys } from '#lib/store/keys.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import { fromParquet } from '#lib/tables/parquet.ts';
import stageJob from '#statemachine/stage-job.asl.json' with { type: 'json' };

export interface RunCost {
  jobs: number;
  /** US dollars, if every job ran there. */
  spot: number;
  onDemand: number;
}

const SIZES: Record<HostKind, { cpus: number; memoryMiB: number }[]> = stageJob.States.Wanted.Assign.sizes;

/**
 * What the jobs cost whose results the tables hold: measured times and memory by list prices. Lost attempts, disks, and hosts that
 * boot, pull images and wait are not in it.
 * @returns undefined for a run without tables
 */
export async function runCost(store: ObjectStore): Promise<RunCost | undefined> {
  const record = await readJsonIfAny<{ config: unknown }>(store, resultKeys.run);
  if (!record) return undefined;
  const config = configSchema.safeParse(record.config);
  const hasGpu = !config.success || asksForGpu(config.data.segmentation.device);
  const { rows } = await fromParquet(await store.get(resultKeys.table('timings', 'parquet')));
  const cost: RunCost = { jobs: 0, spot: 0, onDemand: 0 };
  for (const { stage, seconds, peak_memory_mib: peakMiB } of rows) {
    if (!isJobStage(String(stage)) || !(Number(seconds) > 0)) continue;
    const name = stage as JobStageName;
    const kind = hostKindOf(name, hasGpu);
    const { cpus, memoryMiB } = SIZES[kind].find((size) => size.memoryMiB > Number(peakMiB)) ?? SIZES[kind].at(-1)!;
    const hours = Number(seconds) / 3600;
    cost.jobs += 1;
    cost.spot += hours * hourlyPrice(kind, 'spot', cpus, memoryMiB);
    cost.onDemand += hours * hourlyPrice(kind, 'on demand', cpus, memoryMiB);
  }
  return cost;
}
