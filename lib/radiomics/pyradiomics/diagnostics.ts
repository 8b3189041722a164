import { boundingBox } from '../../image/box.ts';
import type { Mask, Volume } from '../../image/grid.ts';
import { indexToPatient } from '../../image/grid.ts';
import { cropMask } from '../../image/mask.ts';
import type { Vec3 } from '../../math/vec3.ts';
import { type Column, column } from '../../tables/table.ts';
import { zones } from '../matrices/zones.ts';
import { type Diagnostics, IMAGE_DIAGNOSTICS, imageDiagnostics, tuple } from '../preprocessing/image-diagnostics.ts';
import type { PreparedRegion } from '../preprocessing/prepare-region.ts';
import { levelImage } from '../region/levels.ts';
import { roiOf, type VoxelRoi, valuesOf } from '../region/roi.ts';
import type { RadiomicsSettings } from '../settings/settings.ts';

/**
 * PyRadiomics' diagnostics_ columns but for the hashes and the versions of its libraries. Lists are written as there.
 * `original` describes the image as it was given (`imageDiagnostics`).
 */
export function diagnosticsOf(
  original: Diagnostics,
  mask: Mask,
  region: PreparedRegion,
  settings: RadiomicsSettings,
): Diagnostics {
  const out: Diagnostics = {
    diagnostics_Configuration_Settings: JSON.stringify(settings.setting),
    diagnostics_Configuration_EnabledImageTypes: JSON.stringify(settings.imageTypes.map(({ type }) => type)),
    'diagnostics_Image-original_Dimensionality': '3D',
    ...original,
  };
  describeMask(out, 'original', mask);
  if (region.corrected) describeMask(out, 'corrected', region.corrected, region.image);
  if (region.interpolated) {
    Object.assign(out, imageDiagnostics('interpolated', region.interpolated.image));
    describeMask(out, 'interpolated', region.interpolated.mask, region.interpolated.image);
  }
  if (region.resegmented) describeMask(out, 'resegmented', region.resegmented, region.image);
  return out;
}

/**
 * The columns of all that `diagnosticsOf` may tell with these settings, in its order: those of a step that a region did not
 * go through stay empty. Large regions are always interpolated.
 */
export function diagnosticColumns({ setting }: RadiomicsSettings): Column[] {
  if (!setting.additionalInfo) return [];
  const steps = [
    ...(setting.correctMask ? ['corrected'] : []),
    'interpolated',
    ...(setting.resegmentRange === null ? [] : ['resegmented']),
  ];
  return [
    ...['Configuration_Settings', 'Configuration_EnabledImageTypes', 'Image-original_Dimensionality'].map(textColumn),
    ...imageColumns('original'),
    ...maskColumns('original'),
    ...steps.flatMap((step) => [
      ...(step === 'interpolated' ? imageColumns(step) : []),
      ...maskColumns(step),
      ...IMAGE_DIAGNOSTICS.numbers.map((name) => numberColumn(`Mask-${step}_${name}`)),
    ]),
  ];
}

function imageColumns(step: string): Column[] {
  return [
    ...IMAGE_DIAGNOSTICS.text.map((name) => textColumn(`Image-${step}_${name}`)),
    ...IMAGE_DIAGNOSTICS.numbers.map((name) => numberColumn(`Image-${step}_${name}`)),
  ];
}

function maskColumns(step: string): Column[] {
  return [
    ...['Spacing', 'Size', 'BoundingBox'].map((name) => textColumn(`Mask-${step}_${name}`)),
    ...['VoxelNum', 'VolumeNum'].map((name) => numberColumn(`Mask-${step}_${name}`)),
    ...['CenterOfMassIndex', 'CenterOfMass'].map((name) => textColumn(`Mask-${step}_${name}`)),
  ];
}

const MEANING = 'properties of the image and the region, for checking';

function textColumn(name: string): Column {
  return column(`diagnostics_${name}`, 'string', MEANING, '', 'PyRadiomics');
}

function numberColumn(name: string): Column {
  return column(`diagnostics_${name}`, 'double', MEANING, '', 'PyRadiomics');
}

function describeMask(out: Diagnostics, step: string, mask: Mask, image?: Volume): void {
  const cropped = cropMask(mask);
  const box = boundingBox(cropped);
  const roi = roiOf(cropped, 1);
  const centre = centreIndex(roi).map((c, axis) => c - roi.margin + box.start[axis]) as Vec3;
  const prefix = `diagnostics_Mask-${step}`;
  out[`${prefix}_Spacing`] = tuple(mask.grid.spacingMm);
  out[`${prefix}_Size`] = tuple(mask.grid.size);
  out[`${prefix}_BoundingBox`] = tuple([...box.start, ...box.size]);
  out[`${prefix}_VoxelNum`] = roi.voxels.length;
  out[`${prefix}_VolumeNum`] = zones(levelImage(roi, new Int32Array(roi.voxels.length).fill(1), 1)).sizes.length;
  out[`${prefix}_CenterOfMassIndex`] = tuple(centre);
  out[`${prefix}_CenterOfMass`] = tuple(indexToPatient(mask.grid, centre));
  if (image === undefined) return;
  const values = valuesOf(roi, image.data);
  let [sum, minimum, maximum] = [0, values[0], values[0]];
  for (let n = 0; n < values.length; n++) {
    sum += values[n];
    minimum = Math.min(minimum, values[n]);
    maximum = Math.max(maximum, values[n]);
  }
  out[`${prefix}_Mean`] = sum / values.length;
  out[`${prefix}_Minimum`] = minimum;
  out[`${prefix}_Maximum`] = maximum;
}

/** Mean column, row and slice of the voxels. Sums of whole numbers are exact in any order. */
function centreIndex({ spans, voxels, size }: VoxelRoi): Vec3 {
  const sum: Vec3 = [0, 0, 0];
  for (let s = 0; s < spans.length; s += 2) {
    const row = Math.floor(spans[s] / size[0]);
    const count = spans[s + 1] - spans[s];
    const first = spans[s] - row * size[0];
    sum[0] += (count * (2 * first + count - 1)) / 2;
    sum[1] += count * (row % size[1]);
    sum[2] += count * Math.floor(row / size[1]);
  }
  return [sum[0] / voxels.length, sum[1] / voxels.length, sum[2] / voxels.length];
}
