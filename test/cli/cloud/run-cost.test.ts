import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '#lib/config.ts';
import { writeJson } from '#lib/course-store/json.ts';
import { STAGE_KEY, TIMING_COLUMNS } from '#lib/stages/aggregate/result-tables.ts';
import { resultKeys } from '#lib/store/keys.ts';
import { memoryStore } from '#lib/store/memory.ts';
import { toParquet } from '#lib/tables/parquet.ts';
import type { Row } from '#lib/tables/table.ts';
import { runCost } from '../../../cli/cloud/run-cost.ts';

async function ranWith(rows: [stage: string, seconds: number, peakMiB: number][], config: object = {}) {
  const store = memoryStore();
  await writeJson(store, resultKeys.run, { config: parseConfig(config) });
  const empty = Object.fromEntries(TIMING_COLUMNS.map(({ name }) => [name, null]));
  const timings = rows.map(([stage, seconds, peak_memory_mib], n): Row => {
    const key = Object.fromEntries(STAGE_KEY.map((name) => [name, `${n}`]));
    return { ...empty, ...key, stage, seconds, peak_memory_mib };
  });
  const table = { name: 'timings', key: STAGE_KEY, columns: TIMING_COLUMNS, rows: timings };
  await store.put(resultKeys.table('timings', 'parquet'), toParquet(table));
  return store;
}

test('jobs cost their measured time on the smallest size that holds their memory', async () => {
  const cost = await runCost(await ranWith([['dvh', 3600, 9000]]));
  // An hour on 2 CPUs and 16 GB: https://aws.amazon.com/fargate/pricing/, us-east-1
  const onDemand = 2 * 0.04048 + 16 * 0.004445;
  assert.equal(cost?.jobs, 1);
  assert.ok(Math.abs((cost?.onDemand as number) - onDemand) < 1e-9, `${cost?.onDemand}`);
  assert.ok(Math.abs((cost?.spot as number) - 0.3 * onDemand) < 1e-9, `${cost?.spot}`);
});

test('a job with a GPU costs its whole host, and one without goes to hosts without', async () => {
  const rows: Parameters<typeof ranWith>[0] = [['segmentation', 3600, 1000]];
  assert.ok(Math.abs(((await runCost(await ranWith(rows)))?.onDemand as number) - 0.9776) < 1e-9);
  const cpu = await runCost(await ranWith(rows, { segmentation: { device: 'cpu' } }));
  assert.ok(Math.abs((cpu?.onDemand as number) - 0.714 / 4) < 1e-9, `${cpu?.onDemand}`);
});

test('stages of functions and stages that did not run cost no job, and without tables there is no cost', async () => {
  assert.deepEqual(
    await runCost(
      await ranWith([
        ['organize', 10, 100],
        ['qc', 0, 0],
      ]),
    ),
    { jobs: 0, spot: 0, onDemand: 0 },
  );
  assert.equal(await runCost(memoryStore()), undefined);
});
