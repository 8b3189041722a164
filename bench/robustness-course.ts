/**
 * What the robustness of one course costs: 30 ellipsoids of 2 to 60 cc in a public CT, by the built-in profile for CT, under the
 * mild and the standard grid, on one thread: `node bench/robustness-course.ts [mild|standard] [every n-th structure]`. Times are
 * processor times of all threads of this process, so that other programs on the machine hardly change them; on two cores the
 * stage needs half of them.
 */

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parseConfig } from '../lib/config.ts';
import type { Mask, Volume } from '../lib/image/grid.ts';
import { countVoxels, maskVolumeCc } from '../lib/image/mask.ts';
import { readNifti } from '../lib/nifti/read-nifti.ts';
import { PROFILE_FILES } from '../lib/radiomics/pyradiomics/profiles.ts';
import { parseRadiomicsSettings } from '../lib/radiomics/settings/settings.ts';
import { seededRandom } from '../lib/random.ts';
import { perturbRegion } from '../lib/robustness/perturb-region.ts';
import { perturbationGrid } from '../lib/robustness/perturbation-grid.ts';
import { maskWhere } from '../test/fixtures/masks.ts';
import { absent, sharedPath } from '../test/fixtures/shared.ts';

const STRUCTURES = 30;
const [SMALLEST_MM, LARGEST_MM] = [8, 24];
/** Free around a structure, so that shifts and contours stay in the image. */
const MARGIN_MM = 12;

const problem = absent('data/sts-002/nifti');
if (problem) {
  console.error(`!!! ${problem}`);
  process.exitCode = 1;
} else for (const intensity of process.argv[2] ? [process.argv[2]] : ['mild', 'standard']) measure(intensity);

function measure(intensity: string): void {
  const image = readNifti(gunzipSync(readFileSync(sharedPath('data/sts-002/nifti/CT_image.nii.gz')!)));
  const every = Number(process.argv[3] ?? 1);
  const masks = structuresIn(image).filter((_, n) => n % every === 0);
  const settings = parseRadiomicsSettings(readFileSync(PROFILE_FILES.CT, 'utf8'));
  const { segmentation_perturbation: perturbations } = parseConfig({
    radiomics_robustness: { segmentation_perturbation: { intensity } },
  }).radiomics_robustness;
  const grid = perturbationGrid(perturbations);
  const before = process.cpuUsage();
  const results = masks.flatMap((mask, seed) => perturbRegion({ image, mask, settings, seed }, grid, perturbations));
  const { user, system } = process.cpuUsage(before);
  const done = results.filter(({ status }) => status === 'ok');
  const cc = masks.map(maskVolumeCc).sort((a, b) => a - b);
  console.log(
    `${intensity}: ${masks.length} structures of ${cc[0].toFixed(1)} to ${cc[cc.length - 1].toFixed(1)} cc, ${results.length} ` +
      `perturbations (${results.length - done.length} refused), ${Object.keys(done[0].values).length} features: ` +
      `${((user + system) / 1e6).toFixed(0)} s of processor time`,
  );
}

function structuresIn({ grid }: Volume): Mask[] {
  const random = seededRandom(1);
  return Array.from({ length: STRUCTURES }, (_, n) => {
    const radius = SMALLEST_MM + ((LARGEST_MM - SMALLEST_MM) * n) / (STRUCTURES - 1);
    const axes = [0.85, 1, 1.18].map((part) => part * radius);
    const centre = grid.size.map((count, axis) => {
      const [low, high] = [axes[axis] + MARGIN_MM, (count - 1) * grid.spacingMm[axis] - axes[axis] - MARGIN_MM];
      return grid.originMm[axis] + low + random() * (high - low);
    });
    const mask = maskWhere(grid, (p) => p.reduce((sum, x, a) => sum + ((x - centre[a]) / axes[a]) ** 2, 0) <= 1);
    if (countVoxels(mask) === 0) throw new Error(`structure ${n} has no voxel`);
    return mask;
  });
}
