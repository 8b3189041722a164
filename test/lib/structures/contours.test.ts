import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal } from '#lib/dicom/decimal-string.ts';
import type { Grid, Mask } from '#lib/image/grid.ts';
import { indexToPatient, voxelCount } from '#lib/image/grid.ts';
import { fullMaskData, maskOfVolume } from '#lib/image/mask.ts';
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

test('a pixel becomes the four corners of its voxel', () => {
  const grid = ODD_GRIDS.axial;
  const [single] = contoursOfMask(fromRows(grid, ['#']));
  assert.deepEqual([...single.pointsMm].map(round), [...corners(grid, [1, 0], [1, 1], [0, 1], [0, 0])].map(round));
});

test('pixels that touch by a corner only are two loops', () => {
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
