import type { FindingKind } from './kind.ts';

export const RADIOMICS = {
  TEXTURE_ON_UNEVEN_SLICES: {
    severity: 'warning',
    meaning: 'A region lies on unevenly spaced slices and nothing resamples them: it has no features.',
    remedy: 'Set a resampled spacing in the radiomics settings.',
  },
  MASK_RESAMPLED: {
    severity: 'warning',
    meaning: 'Mask and image lie on different grids: the mask was resampled.',
    remedy: 'Give a mask on the grid of the image.',
  },
  NO_SHAPE2D: {
    severity: 'warning',
    meaning: 'The 2D shape features were asked for, but the region is not one voxel thick or force2D is off.',
    remedy: 'Set force2D, or do not ask for shape2D.',
  },
  TOO_MANY_GRAY_LEVELS: {
    severity: 'error',
    meaning: 'The bin width gives more grey levels than textures can be computed for: they are missing.',
    remedy: 'Choose a larger bin width.',
  },
  IMAGE_NOT_FINITE: {
    severity: 'error',
    meaning:
      'A filtered image has no finite value in the region, as NaN or infinity in the image spreads: its features are missing.',
    remedy: 'Replace the NaN and infinite voxels of the image, or set preCrop where they lie far from the region.',
  },
  MASK_VALUE_NOT_WHOLE: {
    severity: 'warning',
    meaning: 'All voxels of a mask have one value that is no whole number: they are taken as label 1.',
    remedy: 'Check that the mask is not scaled by mistake; write labels as whole numbers.',
  },
  MASK_ON_PART_OF_IMAGE: {
    severity: 'info',
    meaning: 'The grid of a mask is a part of that of its image, or turned: the same voxels of the image are taken.',
    remedy: 'Nothing to do.',
  },
  LOG_IMAGE_TOO_SMALL: {
    severity: 'error',
    meaning: 'The image is too small for a LoG filter: its features are missing.',
    remedy: 'Choose a smaller sigma.',
  },
  REGION_TOO_LARGE: {
    severity: 'warning',
    meaning: "Moran's I and Geary's C are left out: the region has too many voxels.",
    remedy: 'Choose a larger voxel spacing.',
  },
  NOT_PERTURBED: {
    severity: 'warning',
    meaning: 'The robustness of a structure could not be measured.',
    remedy: 'Read the reason in the message.',
  },
  PERTURBATIONS_FAILED: {
    severity: 'warning',
    meaning: 'Some perturbations of a structure gave no features.',
    remedy: 'Read the example in the message; small structures vanish under large perturbations.',
  },
  NOISE_FOR_HU_ONLY: {
    severity: 'info',
    meaning: 'The noise levels are in HU: an image in another unit got no noise.',
    remedy: 'Nothing to do.',
  },
} as const satisfies Record<string, FindingKind>;
