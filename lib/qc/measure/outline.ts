import type { Mask, Volume } from '../../image/grid.ts';
import { SliceTally } from './slice-tally.ts';
import type { OutlineMeasures } from './structure.ts';

/** Lungs and bowel gas lie below too, but do not reach the border of a slice. */
const AIR_BELOW_HU = -400;
const PADDING_BELOW_HU = -1500;

/**
 * How well a body outline follows the patient on a CT in HU. In each of its slices, air that is connected to the border
 * of the slice is outside the patient, so the outline should contain none of it. Padding is neither air nor patient.
 */
export function outlineMeasures(mask: Mask, { data }: Volume): OutlineMeasures {
  const [nx, ny] = mask.grid.size;
  const { start, size } = mask.box;
  let voxels = 0;
  let air = 0;
  let reachesPadding = false;
  const tally = new SliceTally();
  for (let k = 0; k < size[2]; k++) {
    const slice = data.subarray(nx * ny * (start[2] + k), nx * ny * (start[2] + k + 1));
    const outer = outerAir(slice, nx, ny);
    for (let j = 0; j < size[1]; j++) {
      for (let i = 0; i < size[0]; i++) {
        if (mask.data[i + size[0] * (j + size[1] * k)] === 0) continue;
        voxels++;
        const at = start[0] + i + nx * (start[1] + j);
        if (outer[at] === 1) {
          if (slice[at] < PADDING_BELOW_HU) continue;
          air++;
          tally.add(start[0] + i, start[1] + j, start[2] + k);
        } else if (!reachesPadding) reachesPadding = besidePadding(slice, at, nx);
      }
    }
  }
  return {
    outerAir: voxels === 0 ? 0 : air / voxels,
    outerAirMm: tally.middleMm(mask.grid),
    reachesPadding,
  };
}

/** 1 for the voxels of air that a path over faces of air joins to the border of the slice. */
function outerAir(slice: ArrayLike<number>, nx: number, ny: number): Uint8Array {
  const reached = new Uint8Array(nx * ny);
  const stack: number[] = [];
  const enter = (at: number) => {
    if (reached[at] === 1 || slice[at] >= AIR_BELOW_HU) return;
    reached[at] = 1;
    stack.push(at);
  };
  for (let i = 0; i < nx; i++) for (const j of [0, ny - 1]) enter(i + nx * j);
  for (let j = 0; j < ny; j++) for (const i of [0, nx - 1]) enter(i + nx * j);
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    const i = at % nx;
    if (i > 0) enter(at - 1);
    if (i < nx - 1) enter(at + 1);
    if (at >= nx) enter(at - nx);
    if (at < nx * (ny - 1)) enter(at + nx);
  }
  return reached;
}

/** Tissue right beside padding: the field of view ends inside of the patient. */
function besidePadding(slice: ArrayLike<number>, at: number, nx: number): boolean {
  if (slice[at] < AIR_BELOW_HU) return false;
  return [at - 1, at + 1, at - nx, at + nx].some((beside) => slice[beside] < PADDING_BELOW_HU);
}
