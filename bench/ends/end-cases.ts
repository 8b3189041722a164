import type { DoseField } from '../../lib/dvh/dose-field.ts';
import { doseField } from '../../lib/dvh/dose-field.ts';
import { IDENTITY } from '../../lib/math/vec3.ts';
import type { Roi } from '../../lib/rt/structure-set.ts';
import { type FlatLoop, roiOf } from '../../test/fixtures/dvh-phantom.ts';
import { type FineShape, smooth } from './fine-shapes.ts';
import { levelContours } from './level-contours.ts';

/** A shape cut by planes, in a dose that falls off around it, with the figures of the shape itself. */
export interface EndCase {
  roi: Roi;
  gapMm: number;
}

export const GAPS_MM = [2, 3, 5];
export const OFFSETS = 8;

/** Contours on planes `gapMm` apart, the first one a part of a gap above the lowest voxel. */
export function cut(shape: FineShape, gapMm: number, part: number): EndCase {
  const { size, stepMm } = shape;
  const zs: number[] = [];
  for (let z = part * gapMm; z < (size[2] - 1) * stepMm; z += gapMm) zs.push(z);
  const roi = roiOf(zs, (z) =>
    sectionAt(shape, z / stepMm).map((loop) => loop.map(([i, j]): [number, number] => [i * stepMm, j * stepMm])),
  );
  return { roi, gapMm };
}

function sectionAt({ size, data }: FineShape, k: number): FlatLoop[] {
  const [nx, ny] = size;
  const below = Math.floor(k);
  const f = k - below;
  const count = nx * ny;
  const plane = new Float32Array(count);
  for (let v = 0; v < count; v++) plane[v] = (1 - f) * data[below * count + v] + f * data[(below + 1) * count + v];
  return levelContours({ nx, ny, data: plane }, 0.5);
}

/** Gray inside a shape that is large; at its border half of it, falling off over some millimetres. */
const PEAK_GY = 60;
const DOSE_STEPS = 2;
const DOSE_SMOOTHINGS = 8;

/** The shape blurred: a dose that conforms to it, on a coarser grid. */
export function conformalDose({ size, stepMm, data }: FineShape): DoseField {
  const blurred = data.slice();
  for (let n = 0; n < DOSE_SMOOTHINGS; n++) smooth(blurred, size);
  const coarse = size.map((n) => Math.floor((n - 1) / DOSE_STEPS) + 1) as [number, number, number];
  const values = new Float64Array(coarse[0] * coarse[1] * coarse[2]);
  for (let k = 0, v = 0; k < coarse[2]; k++)
    for (let j = 0; j < coarse[1]; j++)
      for (let i = 0; i < coarse[0]; i++, v++)
        values[v] = PEAK_GY * blurred[DOSE_STEPS * (i + size[0] * (j + size[1] * k))];
  const spacing = DOSE_STEPS * stepMm;
  return doseField({
    grid: { size: coarse, originMm: [0, 0, 0], spacingMm: [spacing, spacing, spacing], direction: IDENTITY },
    data: values,
  });
}

export interface Truth {
  volumeCc: number;
  /** Doses of all samples, ascending. */
  dosesGy: Float64Array;
}

/** Samples per voxel and axis. */
const FINE = 3;

/** The shape counted by samples of its field, each with the dose between the dose points: no contour, no solid. */
export function truthOf({ size, stepMm, data }: FineShape, { volume }: DoseField): Truth {
  const doses: number[] = [];
  const [nx, ny, nz] = size;
  const [mx, my, mz] = volume.grid.size;
  const per = 1 / FINE;
  for (let k = 0; k + 1 < nz; k++)
    for (let j = 0; j + 1 < ny; j++)
      for (let i = 0; i + 1 < nx; i++) {
        const v = i + nx * (j + ny * k);
        if (isOutside(data, v, nx, nx * ny)) continue;
        for (let c = 0; c < FINE ** 3; c++) {
          const x = ((c % FINE) + 0.5) * per;
          const y = ((Math.floor(c / FINE) % FINE) + 0.5) * per;
          const z = (Math.floor(c / FINE ** 2) + 0.5) * per;
          if (trilinear(data, v, nx, nx * ny, x, y, z) <= 0.5) continue;
          const at = [(i + x) / DOSE_STEPS, (j + y) / DOSE_STEPS, (k + z) / DOSE_STEPS];
          const cell = at.map((t, a) => Math.min(Math.floor(t), [mx, my, mz][a] - 2));
          const node = cell[0] + mx * (cell[1] + my * cell[2]);
          doses.push(trilinear(volume.data, node, mx, mx * my, at[0] - cell[0], at[1] - cell[1], at[2] - cell[2]));
        }
      }
  const cubeMm3 = (stepMm / FINE) ** 3;
  return { volumeCc: (doses.length * cubeMm3) / 1000, dosesGy: Float64Array.from(doses).sort() };
}

type Values = Float32Array | Float64Array;

function isOutside(data: Values, v: number, row: number, slice: number): boolean {
  return [0, 1, row, row + 1, slice, slice + 1, slice + row, slice + row + 1].every((o) => data[v + o] <= 0.5);
}

function trilinear(data: Values, v: number, row: number, slice: number, x: number, y: number, z: number): number {
  const along = (at: number) => (1 - x) * data[at] + x * data[at + 1];
  const across = (at: number) => (1 - y) * along(at) + y * along(at + row);
  return (1 - z) * across(v) + z * across(v + slice);
}

/** Dose that the hottest percent of the samples get. */
export function dOf({ dosesGy }: Truth, percent: number): number {
  return dosesGy[Math.min(Math.floor((1 - percent / 100) * dosesGy.length), dosesGy.length - 1)];
}

/** Percent of the samples with at least a dose. */
export function vOf({ dosesGy }: Truth, doseGy: number): number {
  return (100 * dosesGy.filter((dose) => dose >= doseGy).length) / dosesGy.length;
}
