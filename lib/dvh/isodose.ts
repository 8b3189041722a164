import { column, dot } from '../math/vec3.ts';
import { shapeOf } from '../rt/contours/shape.ts';
import { curveOf } from './compute-dvh.ts';
import type { DoseField } from './dose-field.ts';
import { doseSampler } from './dose-sampler.ts';
import { measureSolid } from './measure-solid.ts';
import { type DvhCurve, volumeAtDoseCc } from './metrics/curve.ts';
import { prism, type Solid, solidVolumeCc } from './solid/solid.ts';

/**
 * Volume that gets at least a dose anywhere in the dose grid, for doses from `fromGy` up: the histogram of the box of
 * dose points around that isodose, measured like a ROI.
 */
export function isodoseCurve(dose: DoseField, fromGy: number): (doseGy: number) => number {
  const box = boxAbove(dose, fromGy);
  if (!box) return () => 0;
  const { grid } = dose.volume;
  const axes = { u: column(grid.direction, 0), v: column(grid.direction, 1), normal: column(grid.direction, 2) };
  const sampler = doseSampler(dose.volume, axes);
  const origin = [axes.u, axes.v, axes.normal].map((axis) => dot(axis, grid.originMm));
  const at = (a: 0 | 1, n: number) => origin[a] + n * grid.spacingMm[a];
  const [u0, u1, v0, v1] = [at(0, box.low[0]), at(0, box.high[0]), at(1, box.low[1]), at(1, box.high[1])];
  const sides = Float64Array.of(u0, v0, u1, v0, u1, v0, u1, v1, u1, v1, u0, v1, u0, v1, u0, v0);
  const shape = shapeOf(sides, (u1 - u0) * (v1 - v0));
  const solid: Solid = {
    axes,
    layers: Array.from({ length: box.high[2] - box.low[2] }, (_, n) => {
      const k = box.low[2] + n;
      return prism(shape, origin[2] + sampler.slicesMm[k], origin[2] + sampler.slicesMm[k + 1]);
    }),
  };
  const tally = measureSolid(solid, sampler, dose.range, sampler.spacingMm / STEPS_PER_VOXEL);
  const curve: DvhCurve = curveOf(tally, solidVolumeCc(solid));
  return (doseGy) => (curve.doseGy.length === 0 ? 0 : volumeAtDoseCc(curve, doseGy));
}

const STEPS_PER_VOXEL = 2;

/** The dose points from one before the first to one after the last that reach the dose; undefined when none does. */
function boxAbove({ volume: { grid, data }, range }: DoseField, fromGy: number) {
  if (range.maxGy < fromGy) return undefined;
  const [nx, ny, nz] = grid.size;
  const low = [nx, ny, nz];
  const high = [-1, -1, -1];
  for (let k = 0, n = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, n++) {
        if (data[n] < fromGy) continue;
        if (i < low[0]) low[0] = i;
        if (i > high[0]) high[0] = i;
        if (j < low[1]) low[1] = j;
        if (j > high[1]) high[1] = j;
        if (k < low[2]) low[2] = k;
        if (k > high[2]) high[2] = k;
      }
    }
  }
  return {
    low: low.map((n) => Math.max(n - 1, 0)),
    high: high.map((n, a) => Math.min(n + 1, grid.size[a] - 1)),
  };
}
