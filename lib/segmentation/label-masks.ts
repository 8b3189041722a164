import type { Mask } from '../image/grid.ts';
import type { Vec3 } from '../math/vec3.ts';
import type { LabelMap } from './label-map.ts';

/** A mask for each label that has a voxel, by value; the label map is passed twice, however many labels there are. */
export function labelMasks({ volume: { grid, data } }: LabelMap): Map<number, Mask> {
  const masks = new Map<number, Mask>();
  for (const [value, { low, high }] of labelBoxes(data, grid.size)) {
    const size = high.map((end, axis) => end - low[axis] + 1) as Vec3;
    masks.set(value, { grid, box: { start: low, size }, data: new Uint8Array(size[0] * size[1] * size[2]) });
  }
  fill(masks, data, grid.size);
  return masks;
}

interface Extent {
  low: Vec3;
  high: Vec3;
}

function labelBoxes(data: Uint8Array | Uint16Array, [nx, ny, nz]: Vec3): Map<number, Extent> {
  const extents = new Map<number, Extent>();
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; ) {
        const value = data[at];
        const from = i;
        do {
          i++;
          at++;
        } while (i < nx && data[at] === value);
        if (value !== 0) widen(extents, value, from, i - 1, j, k);
      }
    }
  }
  return extents;
}

function widen(extents: Map<number, Extent>, value: number, from: number, to: number, j: number, k: number): void {
  const extent = extents.get(value);
  if (!extent) {
    extents.set(value, { low: [from, j, k], high: [to, j, k] });
    return;
  }
  const { low, high } = extent;
  if (from < low[0]) low[0] = from;
  if (to > high[0]) high[0] = to;
  if (j < low[1]) low[1] = j;
  if (j > high[1]) high[1] = j;
  high[2] = k;
}

function fill(masks: Map<number, Mask>, data: Uint8Array | Uint16Array, [nx, ny, nz]: Vec3): void {
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; ) {
        const value = data[at];
        const from = i;
        do {
          i++;
          at++;
        } while (i < nx && data[at] === value);
        if (value === 0) continue;
        const { box, data: inside } = masks.get(value) as Mask;
        const [si, sj, sk] = box.start;
        const row = from - si + box.size[0] * (j - sj + box.size[1] * (k - sk));
        inside.fill(1, row, row + i - from);
      }
    }
  }
}
