import assert from 'node:assert/strict';
import { test } from 'node:test';
import { absentRegion, type BodyRegion, regionConfidence } from '#lib/segmentation/body-regions.ts';
import type { SegmentationRecord } from '#lib/segmentation/record.ts';

/** Volumes in cc of what was found; voxels of 1 cc. */
function confidence(region: BodyRegion, volumes: Record<string, number>): number | undefined {
  const labels = Object.entries(volumes).map(([name, voxels], i) => ({ value: i + 1, name, voxels }));
  return regionConfidence(region, labels, 1);
}

test('body regions are judged by vertebrae and organs as in RTpipeline 2', () => {
  const cases: [BodyRegion, Record<string, number>, number][] = [
    ['THORAX', { vertebrae_T4: 12, vertebrae_T5: 12, vertebrae_T6: 12, lung_upper_lobe_left: 900 }, 1],
    ['THORAX', { vertebrae_T4: 12, lung_upper_lobe_left: 120, lung_lower_lobe_left: 90 }, 0.53],
    ['THORAX', { vertebrae_T4: 1, heart: 49 }, 0],
    ['ABDOMEN', { vertebrae_L1: 20, kidney_left: 30, kidney_right: 20 }, 0.65],
    ['PELVIS', { sacrum: 100, hip_left: 10 }, 0.7],
    ['PELVIS', { sacrum: 0, urinary_bladder: 10 }, 0.3],
    ['HEAD_NECK', { vertebrae_C7: 5, brain: 1200 }, 1],
    ['HEAD_NECK', { vertebrae_C7: 0, vertebrae_T1: 5 }, 0],
  ];
  for (const [region, volumes, expected] of cases) {
    assert.equal(confidence(region, volumes), expected, `${region} ${JSON.stringify(volumes)}`);
  }
});

test('an image is refused only for a region that was searched for and not found', () => {
  const record = (volumes: Record<string, number>, status = 'ok') =>
    ({
      status,
      parts: [{ labels: Object.entries(volumes).map(([name, voxels], i) => ({ value: i + 1, name, voxels })) }],
    }) as unknown as SegmentationRecord;
  const need = { regions: ['THORAX', 'PELVIS'] as const, least: 0.5 };
  const refused = (total?: SegmentationRecord) => absentRegion(need, total, [10, 10, 10])?.region;
  const vertebrae = { vertebrae_T4: 9, vertebrae_T5: 9, vertebrae_T6: 9 };
  assert.equal(refused(record({ ...vertebrae, sacrum: 90 })), undefined);
  assert.equal(refused(record({ ...vertebrae, sacrum: 0 })), 'PELVIS');
  assert.equal(refused(record({ vertebrae_T4: 0, sacrum: 90 })), 'THORAX');
  assert.equal(refused(record({ liver: 900 })), undefined, 'only a subset of the classes was asked for');
  assert.equal(refused(record({ vertebrae_T4: 0 }, 'failed')), undefined);
  assert.equal(refused(undefined), undefined);
});
