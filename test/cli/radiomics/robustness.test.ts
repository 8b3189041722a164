import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fullMaskData } from '#lib/image/mask.ts';
import { writeNifti } from '#lib/nifti/write-nifti.ts';
import { axialGrid } from '#lib/phantom/scene.ts';
import { gaussian, seededRandom } from '#lib/random.ts';
import { ball } from '#test/fixtures/masks.ts';
import { robustnessOfFiles } from '../../../cli/commands/robustness.ts';

const folder = mkdtempSync(join(tmpdir(), 'robustness-'));
after(() => rmSync(folder, { recursive: true }));
const GRID = axialGrid([48, 48, 20], [1, 1, 3]);
const random = seededRandom(1);
const IMAGE = write(
  'image.nii',
  Float32Array.from({ length: 48 * 48 * 20 }, () => 40 + 10 * gaussian(random)),
);
const MASK = write('mask.nii', fullMaskData(ball(GRID, [0, 0, 0], 12)));
const PARAMS = join(folder, 'params.yaml');
writeFileSync(
  PARAMS,
  'setting: {binWidth: 25}\nimageType: {Original: {}}\nfeatureClass: {shape: [VoxelVolume], firstorder: [Mean]}\n',
);

const OPTIONS = { image: IMAGE, mask: MASK, params: PARAMS, roi: [], intensity: 'mild' as const, json: true };

test('robustness of an image and a mask gives a row per feature and kind of perturbation', async () => {
  const { rows } = await robustnessOfFiles({ ...OPTIONS, noise: ['0'] });
  assert.deepEqual(
    rows.map(({ feature_name, perturbation, n_perturbations }) => `${feature_name} ${perturbation} ${n_perturbations}`),
    ['original_shape_VoxelVolume', 'original_firstorder_Mean'].flatMap((name) => [
      `${name} all 12`,
      `${name} translation 3`,
      `${name} contour 2`,
      `${name} volume 2`,
    ]),
  );
  const volume = (kind: string) => rows.find((row) => row.perturbation === kind)!;
  assert.equal(volume('translation').wsd, 0, 'a shift keeps the volume');
  // Of 1 and 0.85: 0.15 / sqrt(2) over 0.925; one voxel of 2412 is 0.04 %.
  assert.ok(Math.abs(Number(volume('volume').cov_pct) - 11.467) < 0.05, `${volume('volume').cov_pct}`);
});

test('missing and unknown options are reported', async () => {
  await assert.rejects(robustnessOfFiles({ ...OPTIONS, mask: undefined }), /needs --image and --mask/);
  await assert.rejects(robustnessOfFiles({ ...OPTIONS, intensity: 'wild' as 'mild' }), /mild, standard or aggressive/);
});

function write(name: string, data: Float32Array | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, writeNifti({ grid: GRID, data }, false));
  return path;
}
