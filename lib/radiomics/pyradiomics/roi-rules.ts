import type { Mask } from '../../image/grid.ts';
import { countVoxels } from '../../image/mask.ts';
import { voxelVolumeMm3 } from '../region/roi.ts';
import { type Refusal, refusal } from '../region/status.ts';
import type { RadiomicsSettings, Settings } from '../settings/settings.ts';

export interface RoiRules {
  /** Names that are left out, besides the built-in ones; compared after `normalizeRoiName`. */
  skip: readonly string[];
  /** Regions of fewer voxels on the image's own grid are too small. */
  minVoxels: number;
  /** Regions of more voxels at the resampled spacing are computed in short. */
  maxVoxels: number;
}

/** Never tissue, or not a region by itself. */
const ALWAYS_SKIPPED = 'couchsurface couchinterior couchexterior bones m1 m2 table support'.split(' ');
const LARGE_SPACING_MM = 2;
const LARGE_CLASSES = ['shape', 'firstorder'];

/** The one normalisation of ROI names, wherever names are compared: lower case, letters and digits alone. */
export function normalizeRoiName(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/**
 * What a region is computed with: the settings, the short form of them for a large region (its name begins with body, or
 * it has more than `maxVoxels`), or the reason why it is not computed.
 */
export function roiDecision(
  name: string,
  mask: Mask,
  settings: RadiomicsSettings,
  rules: RoiRules,
): { settings: RadiomicsSettings; isLarge: boolean } | Refusal {
  const normalized = normalizeRoiName(name);
  if ([...ALWAYS_SKIPPED, ...rules.skip.map(normalizeRoiName)].includes(normalized)) {
    return refusal('skipped_by_rule', `the name ${name} is on the skip list`);
  }
  const voxels = countVoxels(mask);
  if (voxels === 0) return refusal('empty', 'the mask has no voxel');
  if (voxels < rules.minVoxels) {
    return refusal('too_small', `the region has ${voxels} voxels, but at least ${rules.minVoxels} are needed`);
  }
  const isLarge = normalized.startsWith('body') || resampledVoxels(mask, voxels, settings.setting) > rules.maxVoxels;
  return { settings: isLarge ? shortSettings(settings) : settings, isLarge };
}

/** Original image at 2 mm, shape and first order only. */
export function shortSettings(settings: RadiomicsSettings): RadiomicsSettings {
  const setting: Settings = {
    ...settings.setting,
    resampledPixelSpacing: [LARGE_SPACING_MM, LARGE_SPACING_MM, LARGE_SPACING_MM],
  };
  return {
    setting,
    imageTypes: [{ type: 'Original', setting }],
    featureClasses: settings.featureClasses.filter(({ name }) => LARGE_CLASSES.includes(name)),
  };
}

function resampledVoxels(mask: Mask, voxels: number, setting: Settings): number {
  const spacing = setting.resampledPixelSpacing?.map((s, axis) => (s === 0 ? mask.grid.spacingMm[axis] : s));
  if (spacing === undefined) return voxels;
  return (voxels * voxelVolumeMm3(mask.grid)) / (spacing[0] * spacing[1] * spacing[2]);
}
