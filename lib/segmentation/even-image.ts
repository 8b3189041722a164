import { type Finding, finding } from '../findings.ts';
import type { Grid, Volume } from '../image/grid.ts';
import { resampleLinear, resampleNearest } from '../image/resample.ts';
import type { LabelMap } from './label-map.ts';

/** An image as programs can read it, and the way back. */
export interface EvenImage {
  volume: Volume;
  /** A label map of `volume` on the slices of the original image. */
  restore(labelMap: LabelMap): LabelMap;
  findings: Finding[];
}

/** A gap of so many median gaps is a hole: there the image is made up. */
const HOLE = 2.5;

/**
 * The image on even slices: itself when its slices are, else resampled linearly to the median gap over the same length.
 * A NIfTI file cannot hold uneven slices, and no network was trained on them.
 */
export function evenImage(volume: Volume, where: string): EvenImage {
  const offsets = volume.grid.sliceOffsetsMm;
  if (!offsets) return { volume, restore: (labelMap) => labelMap, findings: [] };
  const grid = evenGrid(volume.grid, offsets);
  const resampled = resampleLinear(volume, grid, 0);
  const isFraction = volume.data instanceof Float32Array || volume.data instanceof Float64Array;
  return {
    volume: {
      grid,
      data: isFraction ? Float32Array.from(resampled.data) : Int16Array.from(resampled.data, Math.round),
    },
    restore: ({ volume: found, labels }) => ({ volume: resampleNearest(found, volume.grid, 0), labels }),
    findings: [resampledFinding(offsets, grid.spacingMm[2], where)],
  };
}

function evenGrid(grid: Grid, offsets: Float64Array): Grid {
  const { sliceOffsetsMm: _, ...even } = grid;
  const slices = Math.max(2, Math.round(offsets[offsets.length - 1] / grid.spacingMm[2]) + 1);
  const gap = offsets[offsets.length - 1] / (slices - 1);
  return {
    ...even,
    size: [grid.size[0], grid.size[1], slices],
    spacingMm: [grid.spacingMm[0], grid.spacingMm[1], gap],
  };
}

function resampledFinding(offsets: Float64Array, gapMm: number, where: string): Finding {
  let widest = 0;
  for (let k = 1; k < offsets.length; k++) widest = Math.max(widest, offsets[k] - offsets[k - 1]);
  const made = `the slices are uneven: it was segmented on slices every ${gapMm.toFixed(2)} mm, and the result was moved back`;
  if (widest <= HOLE * gapMm) return finding('SEGMENTED_ON_EVEN_SLICES', where, made);
  const hole = `${made}; across the gap of ${widest.toFixed(1)} mm the image is interpolated`;
  return finding('SEGMENTED_ACROSS_HOLE', where, hole);
}
