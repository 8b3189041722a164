import type { FindingKind } from './kind.ts';

export const IMAGES = {
  IMAGE_UNREADABLE: {
    severity: 'error',
    meaning: 'An image series could not be read: nothing is computed on it.',
    remedy: 'The message gives the reason. Export the series again.',
  },
  SLICE_UNREADABLE: {
    severity: 'error',
    meaning: 'The file of a slice is broken: the slice is left out.',
    remedy: 'Export the slice again.',
  },
  SLICE_WITHOUT_POSITION: {
    severity: 'warning',
    meaning: 'Slices without position, orientation or pixel spacing are left out.',
    remedy: 'Export the series again from the system that created it.',
  },
  LOCALIZER_LEFT_OUT: {
    severity: 'info',
    meaning: 'Localizer (scout) images of the series are not part of the volume.',
    remedy: 'Nothing to do.',
  },
  MIXED_PLANES: {
    severity: 'warning',
    meaning: 'Slices that differ in orientation, size or frame of reference from most of the series are left out.',
    remedy: 'Check that the largest group is the image you want. Export the groups as separate series.',
  },
  SEVERAL_VOLUMES: {
    severity: 'warning',
    meaning:
      'The series holds several volumes (phases, acquisitions, echoes, passes, time frames) and no object names one: the largest is used; of equal ones the first.',
    remedy:
      'Check that it is the volume you want. Otherwise export one volume per series, or structures that name their images.',
  },
  VOLUME_NAMED: {
    severity: 'info',
    meaning: 'The series holds several volumes: the one that the structure set names is used.',
    remedy: 'Nothing to do.',
  },
  DUPLICATE_POSITIONS: {
    severity: 'warning',
    meaning: 'Some slices lie at the position of another slice and no attribute tells them apart: they are left out.',
    remedy: 'Check that the remaining slices are the right ones.',
  },
  SINGLE_SLICE: {
    severity: 'warning',
    meaning: 'The series has one slice: its thickness, or 1 mm, is used as the spacing.',
    remedy: 'Check that the rest of the series was exported.',
  },
  MISSING_SLICES: {
    severity: 'warning',
    meaning:
      'Slices are missing: a gap is a multiple of the usual distance, or the series states more slices than there are.',
    remedy: 'Export the missing slices.',
  },
  UNEVEN_SLICES: {
    severity: 'warning',
    meaning: 'The distances between slices differ, but no slice is missing. Masks and doses use the true positions.',
    remedy: 'Set a resampled spacing in the radiomics settings. Without it, regions on uneven slices get no features.',
  },
  SHEARED_SLICES: {
    severity: 'warning',
    meaning: 'The slices are shifted within their planes (gantry tilt): they are resampled.',
    remedy: 'The values are interpolated. For radiomics use an image without tilt if there is one.',
  },
  NIFTI_SLICES_UNEVEN: {
    severity: 'info',
    meaning: 'The NIfTI file states even slice distances, but the true distances are uneven.',
    remedy: 'Read the exact positions from images.json.',
  },
  NIFTI_FORMS_DIFFER: {
    severity: 'warning',
    meaning: 'The sform and the qform of a NIfTI file place the image differently: the sform is used.',
    remedy: 'Check that the same program wrote image and mask. ITK uses the qform in some of these files.',
  },
  NIFTI_VOXEL_SIZES_DIFFER: {
    severity: 'warning',
    meaning: 'The sform and pixdim of a NIfTI file state different voxel sizes: those of the sform are used.',
    remedy: 'Convert the image again from its source. ITK uses the sizes of pixdim.',
  },
  RESCALE_MISSING: {
    severity: 'warning',
    meaning: 'Slices state no rescale slope or intercept: 1 and 0 are assumed.',
    remedy: 'Check that the values of the image are plausible.',
  },
  RESCALE_TYPE: {
    severity: 'warning',
    meaning: 'The file says that the values of this CT are not HU.',
    remedy: 'Do not compare its intensities with those of other scans.',
  },
  BITS_BEYOND_STORED: {
    severity: 'warning',
    meaning: 'Bits outside BitsStored are set (old overlays): they are ignored.',
    remedy: 'Nothing to do if the image looks right.',
  },
  MONOCHROME1: {
    severity: 'info',
    meaning: 'Viewers show this image with inverted grey values. The volume keeps the stored values.',
    remedy: 'Nothing to do.',
  },
  SUV_NOT_COMPUTED: {
    severity: 'warning',
    meaning: 'No SUV could be computed: the PET stays in its stored unit.',
    remedy: 'The message gives the reason. Export the PET with patient weight, injected dose and times.',
  },
  SUV_SCAN_START_DERIVED: {
    severity: 'info',
    meaning: 'The series time is not the start of the PET scan: the start is derived from the earliest acquisition.',
    remedy: 'Nothing to do.',
  },
  SUV_TIME_ZONE_ASSUMED: {
    severity: 'warning',
    meaning: 'The injection of a PET states a time zone but the images do not: the same clock is assumed for both.',
    remedy: 'Check the uptake time. Export the PET with TimezoneOffsetFromUTC.',
  },
  SUV_INJECTION_DAY_BEFORE: {
    severity: 'info',
    meaning: 'The injection time is later than the PET scan: the day before is assumed.',
    remedy: 'Check the injection date in the scanner protocol.',
  },
} as const satisfies Record<string, FindingKind>;
