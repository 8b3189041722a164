import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_MEASURE_OPTIONS } from '#lib/dvh/course.ts';
import { doseField } from '#lib/dvh/dose-field.ts';
import { measureRoi, type RoiMeasurement } from '#lib/dvh/measure-roi.ts';
import { workerTask } from '#lib/dvh/task.ts';
import { silentLog } from '#lib/log.ts';
import { createPool } from '#lib/pool/create-pool.ts';
import { circle, doseOn, gridAround, linear, planes, roiOf } from '../../fixtures/dvh-phantom.ts';

test('worker threads read the dose from a shared buffer and return the same bytes as this thread', async () => {
  const { volume } = doseOn(gridAround(20, 2.5), linear(20, [0.3, 0.4, 0.5]));
  const data = new Float64Array(new SharedArrayBuffer(volume.data.byteLength));
  data.set(volume.data);
  const dose = doseField({ grid: volume.grid, data });
  const tasks = [4, 8, 12].map((radius) => {
    const roi = roiOf(planes(-9, 9, 3), (z) => [circle(radius, [z / 3, 0])]);
    return {
      region: { kind: 'contours' as const, roi },
      dose,
      options: DEFAULT_MEASURE_OPTIONS,
      where: `ROI ${radius}`,
    };
  });
  const pool = createPool({ width: 2, log: silentLog });
  try {
    const results = await pool.map<RoiMeasurement>(
      'dvh',
      tasks.map((task, n) => workerTask(task, `${n}`)),
    );
    assert.deepEqual(
      results,
      tasks.map((task) => ({ ok: true, value: measureRoi(task) })),
    );
  } finally {
    await pool.close();
  }
});
