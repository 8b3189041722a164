import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { silentLog } from '#lib/log.ts';
import { IDENTITY } from '#lib/math/vec3.ts';
import { UnusableResult } from '#lib/segmentation/label-map.ts';
import { convertedTask } from '#lib/segmentation/total-segmentator/converted-tasks.ts';
import { runConverted } from '#lib/segmentation/total-segmentator/run-converted.ts';
import { writeConvertedTask } from '../../../fixtures/converted-task.ts';

const weights = mkdtempSync(join(tmpdir(), 'run-converted-test-'));
after(() => rmSync(weights, { recursive: true }));
writeConvertedTask(weights, 'total', 'CT');

/** One half of the image is spleen, the other liver. */
async function run(roi_subset: string[] | null) {
  const converted = await convertedTask(weights, 'total', false);
  assert.ok(converted);
  const data = Int16Array.from({ length: 10 * 10 * 10 }, (_, v) => (v % 10 < 5 ? -1 : 1));
  const grid = { size: [10, 10, 10], spacingMm: [2, 2, 2], originMm: [0, 0, 0], direction: IDENTITY };
  const volume = { grid: grid as never, data };
  const { signal } = new AbortController();
  return runConverted(
    converted,
    { device: 'cpu', roi_subset },
    { volume, where: '1.2', cores: 1, signal, log: silentLog },
  );
}

test('chosen classes alone are kept; one that the task does not have is a finding with the nearest name', async () => {
  const whole = await run(null);
  assert.deepEqual([whole.missing, whole.findings, new Set(whole.labelMaps[0].volume.data)], [[], [], new Set([1, 5])]);
  const { labelMaps, missing, findings } = await run(['livr', 'spleen']);
  assert.deepEqual(missing, ['livr']);
  assert.deepEqual(
    findings.map(({ code, message }) => `${code}: ${message}`),
    ['SEGMENTATION_CLASS_UNKNOWN: total has no class livr; the nearest is liver'],
  );
  assert.deepEqual(
    [labelMaps[0].labels, new Set(labelMaps[0].volume.data)],
    [[{ name: 'spleen', value: 1 }], new Set([0, 1])],
  );
  await assert.rejects(
    run(['livr']),
    (error: Error) => error instanceof UnusableResult && /none of the classes livr/.test(error.message),
  );
});
