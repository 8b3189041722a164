import assert from 'node:assert/strict';
import { test } from 'node:test';
import { regionConfidence } from '#lib/segmentation/custom-models/regions.ts';
import type { Region } from '#lib/segmentation/custom-models/schema.ts';

/** Volumes in cc of what was found; voxels of 1 cc. */
function confidence(region: Region, volumes: Record<string, number>): number {
  const labels = Object.entries(volumes).map(([name, voxels], i) => ({ value: i + 1, name, voxels }));
  return regionConfidence(region, labels, 1);
}

test('regions are judged by vertebrae and organs as in RTpipeline 2', () => {
  const cases: [Region, Record<string, number>, number][] = [
    ['THORAX', { vertebrae_T4: 12, vertebrae_T5: 12, vertebrae_T6: 12, lung_upper_lobe_left: 900 }, 1],
    ['THORAX', { vertebrae_T4: 12, lung_upper_lobe_left: 120, lung_lower_lobe_left: 90 }, 0.53],
    ['THORAX', { vertebrae_T4: 1, heart: 49 }, 0],
    ['ABDOMEN', { vertebrae_L1: 20, kidney_left: 30, kidney_right: 20 }, 0.65],
    ['PELVIS', { sacrum: 100, hip_left: 10 }, 0.7],
    ['PELVIS', { urinary_bladder: 10 }, 0.3],
    ['HEAD_NECK', { vertebrae_C7: 5, brain: 1200 }, 1],
    ['HEAD_NECK', { vertebrae_T1: 5 }, 0],
  ];
  for (const [region, volumes, expected] of cases) {
    assert.equal(confidence(region, volumes), expected, `${region} ${JSON.stringify(volumes)}`);
  }
});
