import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal } from '#lib/dicom/decimal-string.ts';
import type { Grid, Mask } from '#lib/image/grid.ts';
import { indexToPatient, voxelCount } from '#lib/image/grid.ts';
import { fullMaskData, maskOfVolume } from '#lib/image/mask.ts';
import { IDENTITY } from '#lib/math/vec3.ts';
import type { Contour, Roi } from '#lib/rt/structure-set.ts';
import { contoursOfMask } from '#lib/structures/contours.ts';
import { maskOfRoi } from '#lib/structures/rasterize.ts';
import { ball, ODD_GRIDS, speckle } from '#test/fixtures/masks.ts';

for (const [name, grid] of Object.entries(ODD_GRIDS)) {
  test(`contour -> mask -> contour -> mask gives the same voxels and the same points: ${name}`, () => {
    for (const mask of [
      ...[1, 2, 3].map((seed) => speckle(grid, 0.2 * seed, seed)),
      middleBall(grid),
      everySecond(grid),
    ]) {
      const drawn = maskOfRoi(roi(contoursOfMask(mask)), grid).mask;
      assert.deepEqual(fullMaskData(drawn), fullMaskData(mask));
      const again = maskOfRoi(roi(asWritten(contoursOfMask(drawn))), grid);
      assert.deepEqual(fullMaskData(again.mask), fullMaskData(mask));
      assert.equal(again.status, 'ok');
      assert.deepEqual(
        again.findings.filter((finding) => finding.severity !== 'info'),
        [],
      );
    }
  });
}

for (const [name, grid] of Object.entries(ODD_GRIDS))
  test(`smooth contours enclose the same voxels with fewer points and no crossings: ${name}`, () => {
    for (const mask of [...[1, 2, 3].map((seed) => speckle(grid, 0.2 * seed, seed)), middleBall(grid)]) {
      const smooth = contoursOfMask(mask, undefined, 'smooth');
      assert.deepEqual(fullMaskData(maskOfRoi(roi(asWritten(smooth)), grid).mask), fullMaskData(mask));
    }
    const [plain, smooth] = [undefined, 'smooth' as const].map((style) =>
      contoursOfMask(middleBall(grid), undefined, style),
    );
    assert.ok(pointsOf(smooth) < pointsOf(plain), `${pointsOf(smooth)} of ${pointsOf(plain)}`);
    assert.deepEqual(smooth.flatMap(crossings), []);
  });

test('a border at 45 degrees becomes straight, and an organ keeps its area with about half the points', () => {
  const rows = Array.from({ length: 12 }, (_, y) => '#'.repeat(y + 1));
  const [triangle] = contoursOfMask(fromRows(ODD_GRIDS.axial, rows), undefined, 'smooth');
  assert.ok(triangle.pointsMm.length / 3 <= 7, `${triangle.pointsMm.length / 3} points`);

  const grid: Grid = { size: [100, 100, 1], originMm: [0, 0, 0], spacingMm: [1, 1, 3], direction: IDENTITY };
  const organ = ball(grid, [50, 50, 0], 40);
  const [[plain], [smooth]] = [contoursOfMask(organ), contoursOfMask(organ, undefined, 'smooth')];
  assert.ok(smooth.pointsMm.length < 0.55 * plain.pointsMm.length, `${smooth.pointsMm.length / 3} points`);
  // Exact: pi R^2. The sides of voxels themselves are off by 0.1 %.
  const area = areaXY(smooth.pointsMm);
  assert.ok(Math.abs(area / (Math.PI * 40 ** 2) - 1) < 0.002, `${area} mm2`);
});

test('a single pixel becomes the four corners of its voxel', () => {
  const grid = ODD_GRIDS.axial;
  const [single] = contoursOfMask(fromRows(grid, ['#']));
  assert.deepEqual([...single.pointsMm].map(round), [...corners(grid, [1, 0], [1, 1], [0, 1], [0, 0])].map(round));
});

test('pixels that touch only at a corner are two loops', () => {
  const contours = contoursOfMask(fromRows(ODD_GRIDS.axial, ['#.', '.#']));
  assert.equal(contours.length, 2);
});

test('contours name the image of their slice and its thickness', () => {
  const grid = ODD_GRIDS['axial, uneven'];
  const contours = contoursOfMask(middleBall(grid), (k) => (k === 4 ? undefined : `1.2.${k}`));
  const offsets = grid.sliceOffsetsMm!;
  for (const contour of contours) {
    const k = offsets.findIndex((offset) => Math.abs(offset + grid.originMm[2] - contour.pointsMm[2]) < 1e-9);
    assert.deepEqual(contour.imageUids, k === 4 ? [] : [`1.2.${k}`]);
    assert.equal(contour.slabThicknessMm, (offsets[k + 1] - offsets[k - 1]) / 2);
  }
});

function areaXY(points: Float64Array): number {
  let sum = 0;
  for (let p = 0; p < points.length; p += 3) {
    const q = (p + 3) % points.length;
    sum += points[p] * points[q + 1] - points[q] * points[p + 1];
  }
  return Math.abs(sum) / 2;
}

function pointsOf(contours: Contour[]): number {
  return contours.reduce((sum, { pointsMm }) => sum + pointsMm.length / 3, 0);
}

/** Pairs of sides of a contour in its plane that cross, in the two coordinates that change most. */
function crossings({ pointsMm }: Contour): string[] {
  const count = pointsMm.length / 3;
  const spread = [0, 1, 2].map((axis) => {
    const along = Array.from({ length: count }, (_, p) => pointsMm[3 * p + axis]);
    return Math.max(...along) - Math.min(...along);
  });
  const [a, b] = [0, 1, 2].sort((p, q) => spread[q] - spread[p]);
  const at = (p: number): [number, number] => [pointsMm[3 * (p % count) + a], pointsMm[3 * (p % count) + b]];
  const turn = (p: [number, number], q: [number, number], r: [number, number]) =>
    Math.sign((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]));
  const found: string[] = [];
  for (let m = 0; m < count; m++)
    for (let n = m + 2; n < count; n++) {
      if (m === 0 && n === count - 1) continue;
      const [p, q, r, s] = [at(m), at(m + 1), at(n), at(n + 1)];
      if (turn(p, q, r) * turn(p, q, s) < 0 && turn(r, s, p) * turn(r, s, q) < 0) found.push(`${m} and ${n}`);
    }
  return found;
}

function middleBall(grid: Grid): Mask {
  return ball(grid, indexToPatient(grid, [8, 6, 4]), 7);
}

/** Slices that alternate between full and empty: a gap filler would join them. */
function everySecond(grid: Grid): Mask {
  const slice = grid.size[0] * grid.size[1];
  const data = new Uint8Array(voxelCount(grid)).map((_, v) => (Math.floor(v / slice) % 2 === 0 && v % 5 < 3 ? 1 : 0));
  return maskOfVolume(grid, data);
}

/** As they come back from a file, where a coordinate has 16 characters. */
function asWritten(contours: Contour[]): Contour[] {
  return contours.map((contour) => ({ ...contour, pointsMm: contour.pointsMm.map((x) => Number(formatDecimal(x))) }));
}

function roi(contours: Contour[]): Roi {
  const kind = { interpretedType: '', generationAlgorithm: '', frameOfReferenceUid: '' };
  return { number: 1, name: 'Test', ...kind, contours };
}

function fromRows(grid: Grid, rows: string[]): Mask {
  const data = new Uint8Array(voxelCount(grid));
  for (const [j, row] of rows.entries())
    for (const [i, pixel] of [...row].entries()) data[i + grid.size[0] * j] = pixel === '#' ? 1 : 0;
  return maskOfVolume(grid, data);
}

function* corners(grid: Grid, ...at: [number, number][]): Generator<number> {
  for (const [x, y] of at) yield* indexToPatient(grid, [x - 0.5, y - 0.5, 0]);
}

function round(value: number): number {
  return Number(value.toFixed(9));
}
