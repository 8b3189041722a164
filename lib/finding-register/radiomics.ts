import type { FindingKind } from './kind.ts';

export const RADIOMICS = {
  TEXTURE_ON_UNEVEN_SLICES: {
    severity: 'warning',
    meaning: 'A region lies on unevenly spaced slices, and no resampling is set: it has no features.',
    remedy: 'Set a resampled spacing in the radiomics settings.',
  },
  MASK_RESAMPLED: {
    severity: 'warning',
    meaning: 'Mask and image lie on different grids: the mask was resampled.',
    remedy: 'Give a mask on the grid of the image.',
  },
  NO_SHAPE2D: {
    severity: 'warning',
    meaning: 'Shape features in 2D are switched on, but the region is not one voxel thick or force2D is off.',
    remedy: 'Set force2D, or switch shape2D off.',
  },
  TOO_MANY_GRAY_LEVELS: {
    severity: 'error',
    meaning: 'The bin width gives too many grey levels for texture features: these are missing.',
    remedy: 'Choose a larger bin width.',
  },
  IMAGE_NOT_FINITE: {
    severity: 'error',
    meaning:
      'A filtered image has no finite value in the region, because a filter spreads NaN or infinity: its features are missing.',
    remedy:
      'Replace the NaN and infinite voxels of the image. If they lie far from the region, you can set preCrop instead.',
  },
  MASK_VALUE_NOT_WHOLE: {
    severity: 'warning',
    meaning: 'All voxels of a mask have one value that is not a whole number: they are read as label 1.',
    remedy: 'Check that the mask is not scaled by mistake. Save labels as whole numbers.',
  },
  MASK_ON_PART_OF_IMAGE: {
    severity: 'info',
    meaning:
      'The grid of a mask is a part of the image grid, or has other axis directions: the mask is placed on the same voxels.',
    remedy: 'Nothing to do.',
  },
  LOG_IMAGE_TOO_SMALL: {
    severity: 'error',
    meaning: 'The image is too small for a LoG filter: its features are missing.',
    remedy: 'Choose a smaller sigma.',
  },
  REGION_TOO_LARGE: {
    severity: 'warning',
    meaning: "The region has too many voxels for Moran's I and Geary's C: both are left out.",
    remedy: 'Choose a larger voxel spacing.',
  },
  NOT_PERTURBED: {
    severity: 'warning',
    meaning: 'The robustness of a structure could not be measured.',
    remedy: 'The message gives the reason.',
  },
  PERTURBATIONS_FAILED: {
    severity: 'warning',
    meaning: 'Some perturbations of a structure gave no features.',
    remedy: 'The message gives an example. Small structures disappear under large perturbations.',
  },
  NOISE_FOR_HU_ONLY: {
    severity: 'info',
    meaning: 'The noise levels are in HU: an image in another unit got no noise.',
    remedy: 'Nothing to do.',
  },
} as const satisfies Record<string, FindingKind>;
