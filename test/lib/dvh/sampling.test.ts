import assert from 'node:assert/strict';
import { test } from 'node:test';
import { doseField } from '#lib/dvh/dose-field.ts';
import { doseAt, doseSampler } from '#lib/dvh/dose-sampler.ts';
import { measureSolid } from '#lib/dvh/measure-solid.ts';
import { prism, type Solid } from '#lib/dvh/solid/solid.ts';
import type { Grid } from '#lib/image/grid.ts';
import { IDENTITY, multiply, type Vec3 } from '#lib/math/vec3.ts';
import { seededRandom } from '#lib/random.ts';
import { shapeOf } from '#lib/rt/contours/shape.ts';
import { rotationOf } from '../../fixtures/dvh-phantom.ts';

const AXES = { u: [1, 0, 0] as Vec3, v: [0, 1, 0] as Vec3, normal: [0, 0, 1] as Vec3 };
const PLAIN: Grid = { size: [7, 6, 5], originMm: [-9, 4, 30], spacingMm: [2, 3, 4], direction: IDENTITY };
const GRIDS: Record<string, Grid> = {
  'an axial grid': PLAIN,
  'slices that are unevenly apart': { ...PLAIN, sliceOffsetsMm: Float64Array.of(0, 4, 5, 11, 13) },
  'a grid of a patient who lies prone': { ...PLAIN, direction: [-1, 0, 0, 0, -1, 0, 0, 0, 1] },
  'a turned grid': { ...PLAIN, direction: rotationOf(0.5, 0.4) },
  'a grid turned the other way': { ...PLAIN, direction: rotationOf(-0.5, -0.4) },
  'two columns and two rows': { ...PLAIN, size: [2, 2, 5] },
  'two slices': { ...PLAIN, size: [7, 6, 2] },
};

for (const [name, grid] of Object.entries(GRIDS)) {
  const { data, node, offsetsMm } = randomDose(grid);
  const sampler = doseSampler({ grid, data }, AXES);

  test(`the dose between points is trilinear, up to the last ones: ${name}`, () => {
    const random = seededRandom(2);
    for (let n = 0; n < 300; n++) {
      // Every third point lies on the last plane of each axis.
      const at = grid.size.map((count) => (n % 3 === 0 ? count - 1 : random() * (count - 1))) as Vec3;
      const [u, v, w] = patientOf(grid, offsetsMm, at);
      assert.ok(Math.abs(doseAt(sampler, u, v, w) - trilinear(node, grid.size, at)) < 1e-9, `${at}`);
    }
    const [u, v, w] = patientOf(grid, offsetsMm, [0.1 - 1, 0, 0]);
    assert.ok(Number.isNaN(doseAt(sampler, u, v, w)));
  });

  test(`mean and extremes of a box are those of the trilinear dose in it: ${name}`, () => {
    const { box, solid } = boxInside(grid, offsetsMm);
    const { range } = doseField({ grid, data });
    const tally = measureSolid(solid, sampler, range, 0.1);
    assert.ok(
      tally.minGy >= range.minGy - 1e-9 && tally.maxGy <= range.maxGy + 1e-9,
      'between points, none is exceeded',
    );
    const inside = pointsOf(box, 48);
    const doses = inside.map(([u, v, w]) => doseAt(sampler, u, v, w));
    const meanGy = doses.reduce((sum, dose) => sum + dose, 0) / doses.length;
    assert.ok(tally.outsideCc < 1e-12);
    assert.ok(Math.abs(tally.doseVolumeGyCc / tally.coveredCc - meanGy) < 0.01 * meanGy, `${meanGy} Gy`);
    const nodes = nodesIn(grid, offsetsMm, box, 0.4).map((at) => node(at));
    assert.ok(tally.exact.maxGy >= Math.max(...nodes, ...doses) - 0.5);
    assert.ok(tally.exact.minGy <= Math.min(...nodes, ...doses) + 0.5);
    const most = Math.max(...nodesIn(grid, offsetsMm, box, 0).map((at) => node(at)), ...cornersOf(box, sampler));
    assert.ok(tally.exact.maxGy <= most + 1e-9, `${tally.exact.maxGy} of ${most}`);
  });
}

for (const name of [
  'an axial grid',
  'a grid of a patient who lies prone',
  'a turned grid',
  'a grid turned the other way',
])
  test(`what of a solid the dose grid does not cover is counted as outside: ${name}`, () => {
    const grid = GRIDS[name];
    const { data, offsetsMm } = randomDose(grid);
    const sampler = doseSampler({ grid, data }, AXES);
    const { box } = boxInside({ ...grid, direction: name.includes('turned') ? IDENTITY : grid.direction }, offsetsMm);
    const large = box.map((end, n) => end.map((mm) => mm + (n === 0 ? -5 : 5)) as Vec3) as Box;
    const { range } = doseField({ grid, data });
    const tally = measureSolid(solidOf(large), sampler, range, 0.1);
    assert.ok(
      tally.minGy >= range.minGy - 1e-9 && tally.maxGy <= range.maxGy + 1e-9,
      'between points, none is exceeded',
    );
    const doses = pointsOf(large, 60).map(([u, v, w]) => doseAt(sampler, u, v, w));
    const covered = doses.filter((dose) => !Number.isNaN(dose));
    const part = covered.length / doses.length;
    assert.ok(part > 0.1 && part < 0.9);
    // The compared points are 0.4 mm apart, the grid is 12 mm wide.
    assert.ok(Math.abs(tally.coveredCc / (tally.coveredCc + tally.outsideCc) - part) < 0.06 * part, `${part}`);
    const meanGy = covered.reduce((sum, dose) => sum + dose, 0) / covered.length;
    assert.ok(Math.abs(tally.doseVolumeGyCc / tally.coveredCc - meanGy) < 0.01 * meanGy, `${meanGy} Gy`);
  });

type Box = [low: Vec3, high: Vec3];

/** A dose between 20 and 60 Gy, different at each point. */
function randomDose(grid: Grid) {
  const random = seededRandom(7);
  const [nx, ny, nz] = grid.size;
  const data = Float64Array.from({ length: nx * ny * nz }, () => 20 + 40 * random());
  const node = ([i, j, k]: Vec3) => data[i + nx * (j + ny * k)];
  const offsetsMm = grid.sliceOffsetsMm ?? Float64Array.from({ length: nz }, (_, k) => k * grid.spacingMm[2]);
  return { data, node, offsetsMm };
}

function patientOf(grid: Grid, offsetsMm: Float64Array, [i, j, k]: Vec3): Vec3 {
  const k0 = Math.min(Math.max(Math.floor(k), 0), offsetsMm.length - 2);
  const q = offsetsMm[k0] + (k - k0) * (offsetsMm[k0 + 1] - offsetsMm[k0]);
  const along = multiply(grid.direction, [i * grid.spacingMm[0], j * grid.spacingMm[1], q]);
  return along.map((mm, axis) => mm + grid.originMm[axis]) as Vec3;
}

/** Written out: the eight points around, each with the product of its weights. */
function trilinear(node: (at: Vec3) => number, size: Vec3, at: Vec3): number {
  const low = at.map((n, axis) => Math.min(Math.floor(n), size[axis] - 2));
  let sum = 0;
  for (const corner of [0, 1, 2, 3, 4, 5, 6, 7]) {
    const step = [corner & 1, (corner >> 1) & 1, corner >> 2];
    const weight = step.reduce((product, one, axis) => {
      const part = at[axis] - low[axis];
      return product * (one === 1 ? part : 1 - part);
    }, 1);
    sum += weight * node(low.map((n, axis) => n + step[axis]) as Vec3);
  }
  return sum;
}

/** A box along the patient's axes that a grid covers: its whole extent where the grid is not turned. */
function boxInside(grid: Grid, offsetsMm: Float64Array): { box: Box; solid: Solid } {
  const last: Vec3 = [grid.size[0] - 1, grid.size[1] - 1, grid.size[2] - 1];
  const middle = patientOf(grid, offsetsMm, last.map((n) => n / 2) as Vec3);
  const ends = [patientOf(grid, offsetsMm, [0, 0, 0]), patientOf(grid, offsetsMm, last)];
  const end = (choose: (...mm: number[]) => number) => [0, 1, 2].map((a) => choose(ends[0][a], ends[1][a])) as Vec3;
  const isTurned = grid.direction.some((cosine) => Math.abs(cosine) % 1 !== 0);
  const box: Box = isTurned
    ? [middle.map((mm) => mm - 3.2) as Vec3, middle.map((mm) => mm + 3.2) as Vec3]
    : [end(Math.min), end(Math.max)];
  return { box, solid: solidOf(box) };
}

function solidOf([[u0, v0, w0], [u1, v1, w1]]: Box): Solid {
  const sides = Float64Array.of(u0, v0, u1, v0, u1, v0, u1, v1, u1, v1, u0, v1, u0, v1, u0, v0);
  return { axes: AXES, layers: [prism(shapeOf(sides, (u1 - u0) * (v1 - v0)), w0, w1)] };
}

function pointsOf([low, high]: Box, count: number): Vec3[] {
  const at = (axis: number, n: number) => low[axis] + ((n + 0.5) / count) * (high[axis] - low[axis]);
  const steps = Array.from({ length: count }, (_, n) => n);
  return steps.flatMap((i) => steps.flatMap((j) => steps.map((k): Vec3 => [at(0, i), at(1, j), at(2, k)])));
}

/** Dose points that lie at least so far inside the box, mm. */
function nodesIn(grid: Grid, offsetsMm: Float64Array, [low, high]: Box, marginMm: number): Vec3[] {
  const [nx, ny, nz] = grid.size;
  const all = Array.from(
    { length: nx * ny * nz },
    (_, n): Vec3 => [n % nx, Math.floor(n / nx) % ny, Math.floor(n / (nx * ny))],
  );
  return all.filter((at) =>
    patientOf(grid, offsetsMm, at).every(
      (mm, axis) => mm >= low[axis] + marginMm - 1e-9 && mm <= high[axis] - marginMm + 1e-9,
    ),
  );
}

function cornersOf([low, high]: Box, sampler: ReturnType<typeof doseSampler>): number[] {
  const ends = [low, high];
  return [0, 1, 2, 3, 4, 5, 6, 7].map((n) => doseAt(sampler, ends[n & 1][0], ends[(n >> 1) & 1][1], ends[n >> 2][2]));
}
