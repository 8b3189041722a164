import { boundingBox } from '#lib/image/box.ts';
import type { Mask, Volume } from '#lib/image/grid.ts';
import { countVoxels } from '#lib/image/mask.ts';
import type { IbsiRegion } from '#lib/radiomics/ibsi/prepare.ts';
import { roiOf, valuesOf } from '#lib/radiomics/region/roi.ts';

const AXES = ['x', 'y', 'z'];

/** What IBSI reports of the image and the region before and after processing (IBSI 1, chapter 4.4), by the manual's tags. */
export function ibsiDiagnostics(image: Volume, mask: Mask, region: IbsiRegion): Record<string, number> {
  const { morphological, intensity } = region;
  return {
    ...imageDiagnostics(image, 'init_img'),
    ...imageDiagnostics(region.image, 'interp_img'),
    ...regionDiagnostics(image, mask, mask, 'init_roi'),
    ...regionDiagnostics(region.image, morphological, morphological, 'interp_roi'),
    ...regionDiagnostics(region.image, morphological, intensity, 'reseg_roi'),
  };
}

function imageDiagnostics({ grid, data }: Volume, suffix: string): Record<string, number> {
  const { mean, minimum, maximum } = summarise(data);
  return {
    ...perAxis('img_dim', grid.size, suffix),
    ...perAxis('vox_dim', grid.spacingMm, suffix),
    [`mean_int_${suffix}`]: mean,
    [`min_int_${suffix}`]: minimum,
    [`max_int_${suffix}`]: maximum,
  };
}

function regionDiagnostics(
  image: Volume,
  morphological: Mask,
  intensity: Mask,
  suffix: string,
): Record<string, number> {
  const { mean, minimum, maximum } = summarise(valuesOf(roiOf(intensity, 0), image.data));
  return {
    ...perAxis('int_mask_dim', image.grid.size, suffix),
    ...perAxis('int_mask_bb_dim', boundingBox(intensity).size, suffix),
    ...perAxis('morph_mask_bb_dim', boundingBox(morphological).size, suffix),
    [`int_mask_vox_count_${suffix}`]: countVoxels(intensity),
    [`morph_mask_vox_count_${suffix}`]: countVoxels(morphological),
    [`int_mask_mean_int_${suffix}`]: mean,
    [`int_mask_min_int_${suffix}`]: minimum,
    [`int_mask_max_int_${suffix}`]: maximum,
  };
}

function perAxis(name: string, values: readonly number[], suffix: string): Record<string, number> {
  return Object.fromEntries(AXES.map((axis, n) => [`${name}_${axis}_${suffix}`, values[n]]));
}

function summarise(data: ArrayLike<number>): { mean: number; minimum: number; maximum: number } {
  let [sum, minimum, maximum] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let n = 0; n < data.length; n++) {
    sum += data[n];
    if (data[n] < minimum) minimum = data[n];
    if (data[n] > maximum) maximum = data[n];
  }
  return { mean: sum / data.length, minimum, maximum };
}
