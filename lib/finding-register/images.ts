import type { FindingKind } from './kind.ts';

export const IMAGES = {
  IMAGE_UNREADABLE: {
    severity: 'error',
    meaning: 'An image series could not be read: nothing is computed on it.',
    remedy: 'Read the reason in the message; export the series again.',
  },
  SLICE_UNREADABLE: {
    severity: 'error',
    meaning: 'The file of a slice is broken: the slice is left out.',
    remedy: 'Export the slice again.',
  },
  SLICE_WITHOUT_POSITION: {
    severity: 'warning',
    meaning: 'Slices without position, orientation or pixel spacing are left out.',
    remedy: 'Export the series again from the system that made it.',
  },
  LOCALIZER_LEFT_OUT: {
    severity: 'info',
    meaning: 'Localizer (scout) images of the series are not part of the volume.',
    remedy: 'Nothing to do.',
  },
  MIXED_PLANES: {
    severity: 'warning',
    meaning: 'Slices that differ in orientation, size or frame of reference from most of the series are left out.',
    remedy: 'Check that the largest group is the wanted image; export the groups as series of their own.',
  },
  SEVERAL_VOLUMES: {
    severity: 'warning',
    meaning:
      'The series holds several volumes (phases, acquisitions, echoes, passes, frames of time) and nothing names one: the largest is taken, then the first.',
    remedy: 'Check that it is the wanted one; export one volume per series, or structures that name their images.',
  },
  VOLUME_NAMED: {
    severity: 'info',
    meaning: 'The series holds several volumes; the one that the structure set names is taken.',
    remedy: 'Nothing to do.',
  },
  DUPLICATE_POSITIONS: {
    severity: 'warning',
    meaning: 'Some slices lie where another one does, no attribute tells them apart, and they are left out.',
    remedy: 'Check that the remaining slices are the wanted ones.',
  },
  SINGLE_SLICE: {
    severity: 'warning',
    meaning: 'The series has one slice: its thickness, or 1 mm, stands for the spacing.',
    remedy: 'Check that the rest of the series was exported.',
  },
  MISSING_SLICES: {
    severity: 'warning',
    meaning:
      'Slices are lacking: a gap is a multiple of the usual one, or fewer slices are here than the series states.',
    remedy: 'Export the missing slices.',
  },
  UNEVEN_SLICES: {
    severity: 'warning',
    meaning: 'The distances of the slices differ, and no slice is lacking; masks and doses use the true positions.',
    remedy:
      'Set a resampled spacing in the radiomics settings: without one, regions on uneven slices have no features.',
  },
  SHEARED_SLICES: {
    severity: 'warning',
    meaning: 'The slices are shifted within their planes (gantry tilt): they are resampled.',
    remedy: 'Expect interpolated values; use an image without tilt for radiomics where there is one.',
  },
  NIFTI_SLICES_UNEVEN: {
    severity: 'info',
    meaning: 'The NIfTI file states even slices although the true ones are not.',
    remedy: 'Take the exact positions from images.json.',
  },
  NIFTI_FORMS_DIFFER: {
    severity: 'warning',
    meaning: 'The sform and the qform of a NIfTI file place the image differently: the sform is taken.',
    remedy: 'Check that image and mask were written by the same program; ITK takes the qform in some of these files.',
  },
  NIFTI_VOXEL_SIZES_DIFFER: {
    severity: 'warning',
    meaning: 'The sform and pixdim of a NIfTI file state different voxel sizes: those of the sform are taken.',
    remedy: 'Convert the image again from its source; ITK takes the sizes of pixdim.',
  },
  RESCALE_MISSING: {
    severity: 'warning',
    meaning: 'Slices state no rescale slope or intercept: 1 and 0 are assumed.',
    remedy: 'Check that the values of the image are plausible.',
  },
  RESCALE_TYPE: {
    severity: 'warning',
    meaning: 'The values of a CT are stated not to be HU.',
    remedy: 'Do not compare its intensities with those of other scans.',
  },
  BITS_BEYOND_STORED: {
    severity: 'warning',
    meaning: 'Bits outside of BitsStored were set (old overlays) and are dropped.',
    remedy: 'Nothing to do when the image looks right.',
  },
  MONOCHROME1: {
    severity: 'info',
    meaning: 'A display inverts the values of the image; the volume keeps them as stored.',
    remedy: 'Nothing to do.',
  },
  SUV_NOT_COMPUTED: {
    severity: 'warning',
    meaning: 'No SUV could be computed: the PET stays in its stored unit.',
    remedy: 'Read the reason in the message; export the PET with patient weight, injected dose and times.',
  },
  SUV_SCAN_START_DERIVED: {
    severity: 'info',
    meaning: 'The series time is not the start of the PET scan: the start is derived from the earliest acquisition.',
    remedy: 'Nothing to do.',
  },
  SUV_TIME_ZONE_ASSUMED: {
    severity: 'warning',
    meaning: 'The injection of a PET states a time zone and the images state none: one clock is assumed for both.',
    remedy: 'Check the uptake time. Export the PET with TimezoneOffsetFromUTC.',
  },
  SUV_INJECTION_DAY_BEFORE: {
    severity: 'info',
    meaning: 'The injection time is later than the PET scan: it is taken as of the day before.',
    remedy: 'Check the injection date in the scanner protocol.',
  },
} as const satisfies Record<string, FindingKind>;
