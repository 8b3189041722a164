import { uniteBoxes } from '../image/box.ts';
import type { Mask } from '../image/grid.ts';
import { reframeMask } from '../image/mask.ts';

/**
 * How much contour somebody has to draw to make `drawn` of `proposed`: pixels of the contour of `drawn` that the contour of
 * `proposed` lacks, slice by slice, times the mean of the two pixel spacings, in mm. A pixel of the contour lies inside and has
 * one of its four neighbours outside. Vaassen et al. 2020, doi:10.1016/j.phro.2019.12.001.
 */
export function addedPathLengthMm(proposed: Mask, drawn: Mask): number {
  const box = uniteBoxes(proposed.box, drawn.box);
  const [a, b] = [contourPixels(reframeMask(proposed, box)), contourPixels(reframeMask(drawn, box))];
  let added = 0;
  for (let v = 0; v < b.length; v++) if (b[v] === 1 && a[v] === 0) added++;
  const [sx, sy] = drawn.grid.spacingMm;
  return (added * (sx + sy)) / 2;
}

/** 1 where a voxel of the mask has one of its four neighbours in the slice outside of it. */
function contourPixels({ box, data }: Mask): Uint8Array {
  const [nx, ny, nz] = box.size;
  const contour = new Uint8Array(data.length);
  for (let k = 0, v = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, v++) {
        if (data[v] === 0) continue;
        const isInner =
          i > 0 && i < nx - 1 && j > 0 && j < ny - 1 && data[v - 1] && data[v + 1] && data[v - nx] && data[v + nx];
        if (!isInner) contour[v] = 1;
      }
  return contour;
}
