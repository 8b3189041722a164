import { type Finding, finding } from '../../findings.ts';
import { boundingBox, boxOf, growBox, intersectBoxes, isEmptyBox } from '../../image/box.ts';
import { evenSlicesAround, unevenText } from '../../image/even-slices.ts';
import type { Box, Grid, Mask, Volume } from '../../image/grid.ts';
import { indexToPatient } from '../../image/grid.ts';
import { countVoxels, cropMask, reframeMask } from '../../image/mask.ts';
import { countNonFinite, roiOf, valuesOf } from '../region/roi.ts';
import { type Refusal, refusal } from '../region/status.ts';
import type { Settings } from '../settings/settings.ts';
import { gridDifferences, regionOutside } from './geometry.ts';
import type { PreparedImage } from './prepare-image.ts';
import { isSameSpacing, resampleImage, resampleMask, resamplingGrid, targetSpacingMm } from './resample.ts';
import { resegment } from './resegment.ts';

/** A region ready for features: both masks lie on the grid of `image`, which is the whole image or a crop of it. */
export interface PreparedRegion {
  image: Volume;
  /** For every class but shape: re-segmented if asked for. */
  mask: Mask;
  shapeMask: Mask;
  /** Masks after the steps that took place, for the diagnostics. */
  corrected?: Mask;
  interpolated?: { image: Volume; mask: Mask };
  resegmented?: Mask;
  findings: Finding[];
}

/**
 * PyRadiomics' steps before features, in its order: resample (which crops) or crop, check the mask, re-segment.
 * A region that gives no features comes back as the reason.
 */
export function prepareRegion(prepared: PreparedImage, mask: Mask, setting: Settings): PreparedRegion | RefusedRegion {
  if (isEmptyBox(boundingBox(mask))) return { ...refusal('empty', 'the mask has no voxel'), findings: [] };
  const cropped = placeOnOneGrid(prepared, cropMask(mask), setting);
  if ('status' in cropped) return cropped;
  const { findings } = cropped;
  const problem = checkRegion(cropped.mask, setting) ?? checkNumbers(cropped);
  if (problem) return { ...problem, findings };
  const { range, resegmented } = resegmentedMask(cropped, setting);
  if (resegmented === undefined) return { ...cropped, shapeMask: cropped.mask };
  if (countVoxels(resegmented) <= 1) {
    return {
      ...refusal('too_small', `after re-segmentation to ${range} there are ${countVoxels(resegmented)} voxels`),
      findings,
    };
  }
  const problemAfter = checkRegion(resegmented, setting);
  if (problemAfter) return { ...problemAfter, findings, reason: `after re-segmentation ${problemAfter.reason}` };
  return { ...cropped, mask: resegmented, shapeMask: setting.resegmentShape ? resegmented : cropped.mask, resegmented };
}

/** Why a region gives no features, and what was found on the way. */
export type RefusedRegion = Refusal & { findings: Finding[] };

type Placed = Pick<PreparedRegion, 'image' | 'mask' | 'corrected' | 'interpolated'>;

/** Without resampling a region is counted on even slices alone. */
function placeOnOneGrid(
  prepared: PreparedImage,
  mask: Mask,
  setting: Settings,
): (Placed & { findings: Finding[] }) | RefusedRegion {
  const { placed, findings } = placeOnImage(prepared, mask, setting);
  if ('status' in placed) return { ...placed, findings };
  const even = evenSlicesAround(placed.image, placed.mask);
  if ('image' in even) return { ...placed, ...even, findings };
  return {
    ...refusal('failed', `${unevenText(even)}. Set resampledPixelSpacing`),
    findings: [...findings, finding('TEXTURE_ON_UNEVEN_SLICES', 'image', unevenText(even))],
  };
}

function placeOnImage(
  prepared: PreparedImage,
  mask: Mask,
  setting: Settings,
): { placed: Placed | Refusal; findings: Finding[] } {
  const { volume } = prepared;
  const { resampledPixelSpacing: spacing, interpolator } = setting;
  const silent = (placed: Placed | Refusal) => ({ placed, findings: [] });
  if (spacing !== null && interpolator !== null) return silent(resampled(prepared, mask, setting, spacing));
  const differences = gridDifferences(volume.grid, mask.grid, setting.geometryTolerance);
  if (differences.length === 0) return silent(cropIfAsked(volume, { ...mask, grid: volume.grid }, setting));
  const what = `mask and image lie on different grids: ${differences.join('; ')}`;
  if (!setting.correctMask) {
    return silent(refusal('failed', `${what}. Set correctMask to resample the mask, or raise geometryTolerance`));
  }
  const outside = regionOutside(volume.grid, mask, boundingBox(mask));
  if (outside !== undefined) return silent(refusal('failed', outside));
  const corrected = cropMask(resampleMask(mask, volume.grid));
  const placed = isEmptyBox(corrected.box)
    ? refusal('empty', `on the grid of the image the mask has no voxel; ${what}`)
    : { ...cropIfAsked(volume, corrected, setting), corrected };
  return { placed, findings: [finding('MASK_RESAMPLED', 'mask', what)] };
}

function resampled(prepared: PreparedImage, mask: Mask, setting: Settings, spacing: number[]): Placed | Refusal {
  const { volume, interpolationSource } = prepared;
  const region = boundingBox(mask);
  const outside = regionOutside(volume.grid, mask, region);
  if (outside !== undefined) return refusal('failed', outside);
  const spacingMm = targetSpacingMm(mask.grid, region, spacing);
  if (isSameSpacing(volume.grid, spacingMm)) {
    const moved = cropMask(resampleMask(mask, volume.grid));
    if (isEmptyBox(moved.box)) return refusal('empty', "no voxel is left of the mask on the image's grid");
    const placed = crop(volume, moved, setting.padDistance);
    return { ...placed, interpolated: placed };
  }
  const grid = resamplingGrid(mask.grid, region, spacingMm, setting.padDistance);
  const image = resampleImage(volume, interpolationSource, grid, setting.interpolator!);
  const resampledMask = cropMask(resampleMask(mask, grid));
  if (isEmptyBox(resampledMask.box)) return refusal('empty', `the mask has no voxel at ${spacingMm.join(' x ')} mm`);
  return { image, mask: resampledMask, interpolated: { image, mask: resampledMask } };
}

function cropIfAsked(image: Volume, mask: Mask, setting: Settings): Placed {
  return setting.preCrop ? crop(image, mask, setting.padDistance) : { image, mask };
}

/** Image and mask in the region's box and `pad` voxels around it, as far as the image goes. */
function crop(image: Volume, mask: Mask, pad: number): { image: Volume; mask: Mask } {
  const box = intersectBoxes(growBox(boundingBox(mask), [pad, pad, pad]), boxOf(image.grid));
  const [nx, ny] = image.grid.size;
  const [bx, by, bz] = box.size;
  const data = image.data.slice(0, bx * by * bz);
  for (let k = 0; k < bz; k++) {
    for (let j = 0; j < by; j++) {
      const from = box.start[0] + nx * (box.start[1] + j + ny * (box.start[2] + k));
      data.set(image.data.subarray(from, from + bx), bx * (j + by * k));
    }
  }
  const grid = gridOfBox(image.grid, box);
  const inBox = reframeMask(mask, box);
  return { image: { grid, data }, mask: { grid, box: boxOf(grid), data: inBox.data } };
}

function gridOfBox(grid: Grid, box: Box): Grid {
  const [first, end] = [box.start[2], box.start[2] + box.size[2]];
  const offsets = grid.sliceOffsetsMm?.slice(first, end).map((offset, _, all) => offset - all[0]);
  const cut: Grid = { ...grid, size: [...box.size], originMm: indexToPatient(grid, box.start) };
  return offsets === undefined ? cut : { ...cut, sliceOffsetsMm: offsets };
}

function resegmentedMask({ image, mask }: Placed, setting: Settings): { range: string; resegmented?: Mask } {
  if (setting.resegmentRange === null) return { range: '' };
  const mode = setting.resegmentMode;
  const resegmented = cropMask(resegment(image, mask, { range: setting.resegmentRange, mode }));
  return { range: `[${setting.resegmentRange.join(', ')}] (${mode})`, resegmented };
}

function checkRegion(mask: Mask, setting: Settings): Refusal | undefined {
  const size = boundingBox(mask).size;
  const dimensions = size.filter((voxels) => voxels > 1).length;
  if (dimensions === 0) return refusal('too_small', 'the region is a single voxel');
  if (dimensions < setting.minimumROIDimensions) {
    const needed = setting.minimumROIDimensions;
    return refusal(
      'too_small',
      `the region spans ${size.join(' x ')} voxels: ${dimensions} dimensions, but ${needed} are needed`,
    );
  }
  const count = countVoxels(mask);
  if (setting.minimumROISize !== null && count <= setting.minimumROISize) {
    return refusal('too_small', `the region has ${count} voxels, but more than ${setting.minimumROISize} are needed`);
  }
  return undefined;
}

/** Voxels elsewhere matter to filters alone, which say so of their own images. */
function checkNumbers({ image, mask }: Placed): Refusal | undefined {
  const values = valuesOf(roiOf(mask, 0), image.data);
  const wrong = countNonFinite(values);
  if (wrong === 0) return undefined;
  return refusal('failed', `${wrong} of ${values.length} intensities in the region are not finite numbers`);
}
