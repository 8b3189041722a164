import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_MEASURE_OPTIONS } from '#lib/dvh/course.ts';
import { measureRoi } from '#lib/dvh/measure-roi.ts';
import { volumeAtDoseCc } from '#lib/dvh/metrics/curve.ts';
import type { Mask } from '#lib/image/grid.ts';
import { indexToPatient } from '#lib/image/grid.ts';
import {
  circle,
  doseOn,
  dPercent,
  type FlatLoop,
  gridAround,
  linear,
  measure,
  planes,
  rectangle,
  roiOf,
  rotationOf,
} from '../../../fixtures/dvh-phantom.ts';
import { exactCylinderAcross, exactDoseAtGy, exactSphere } from '../../../fixtures/exact-dvh.ts';

const R = 12;
const UP = { centreGy: 20, gyPerMm: 1 };
const ball = (z: number) => [circle(Math.max(Math.sqrt(Math.max(R * R - z * z, 0)), 0.02))];

/** Cylinder r = 20 mm, 40 mm long: pairs of contour and dose spacing that broke the ancestor by up to 93 %. */
const ANCESTOR_SPACINGS = [
  { gapMm: 2, doseMm: 2.5, offsetMm: 0, count: 21 },
  { gapMm: 2, doseMm: 2.5, offsetMm: 0.7, count: 21 },
  { gapMm: 1.5, doseMm: 3, offsetMm: 0.5, count: 27 },
  { gapMm: 1, doseMm: 2.5, offsetMm: 0, count: 41 },
  { gapMm: 3, doseMm: 2.5, offsetMm: 0, count: 14 },
  { gapMm: 3, doseMm: 3, offsetMm: 0.4, count: 14 },
  { gapMm: 2.5, doseMm: 2.5, offsetMm: 0, count: 17 },
  { gapMm: 1.25, doseMm: 2.5, offsetMm: 0, count: 33 },
];

for (const { gapMm, doseMm, offsetMm, count } of ANCESTOR_SPACINGS) {
  test(`a cylinder with slices of ${gapMm} mm in a dose of ${doseMm} mm offset by ${offsetMm} mm keeps its volume and dose`, () => {
    const low = -(count - 1) * gapMm * 0.5;
    const roi = roiOf(planes(low, -low, gapMm), () => [circle(20)]);
    const grid = gridAround(36, doseMm, { shift: [0, 0, offsetMm] });
    const { fine } = measure(roi, doseOn(grid, linear(40, [0, 0, 1])));
    const height = count * gapMm;
    near('volume', fine.volumeCc, (Math.PI * 400 * height) / 1000, 0.0005 * fine.volumeCc);
    near('mean', fine.meanGy, 40, 1e-6);
    near('min', fine.minGy, 40 - height / 2, 1e-6);
    near('D95%', dPercent(fine, 95), 40 - 0.45 * height, 0.01);
  });
}

for (const radius of [1.5, 2, 3, 4, 5]) {
  test(`a cylinder of radius ${radius} mm in a dose of 2.5 mm has exact volume and dose`, () => {
    const roi = roiOf(planes(-4, 4, 1), () => [circle(radius, [0.3, -0.4])]);
    const { fine } = measure(roi, doseOn(gridAround(12, 2.5), linear(20, [1, 0, 0])));
    const exact = exactCylinderAcross(radius, 9, { centreGy: 20.3, gyPerMm: 1 });
    near('volume', fine.volumeCc * 1000, exact.volumeMm3, 0.001 * exact.volumeMm3);
    for (const percent of [98, 50, 2])
      near(`D${percent}%`, dPercent(fine, percent), exactDoseAtGy(exact, (percent / 100) * exact.volumeMm3), 0.02);
  });
}

test('contours and dose rotated together give the same results in any orientation', () => {
  const upright = measure(roiOf(planes(-12, 12, 2), ball), doseOn(gridAround(18, 2.5), linear(20, [0, 0.6, 0.8])));
  for (const [aroundX, aroundZ] of [
    [Math.PI / 2, 0],
    [Math.PI, Math.PI / 2],
    [0.3, 0.5],
    [1.1, -2],
  ]) {
    const rotation = rotationOf(aroundX, aroundZ);
    const placement = { rotation, shift: [30, -200, 55.5] as [number, number, number] };
    const grid = gridAround(18, 2.5, placement);
    const direction = [0, 1, 2].map((r) => 0.6 * rotation[3 * r + 1] + 0.8 * rotation[3 * r + 2]);
    const dose = doseOn(grid, (p) => 20 + p.reduce((sum, c, a) => sum + (c - placement.shift[a]) * direction[a], 0));
    const turned = measure(roiOf(planes(-12, 12, 2), ball, placement), dose);
    near('volume', turned.fine.volumeCc, upright.fine.volumeCc, 1e-4);
    for (const percent of [99, 95, 50, 5, 1])
      near(`D${percent}%`, dPercent(turned.fine, percent), dPercent(upright.fine, percent), 0.02);
    near('max', turned.fine.maxGy, upright.fine.maxGy, 0.02);
  }
});

test('axial contours in an oblique dose grid match the closed form', () => {
  const rotation = rotationOf(0.4, 0.7);
  const dose = doseOn(gridAround(24, 2.5, { rotation }), linear(20, [0, 0, 1]));
  const { fine } = measure(roiOf(planes(-12, 12, 2), ball), dose, { endCap: 'none' });
  const exact = exactSphere(R, UP);
  for (const percent of [99, 95, 50, 5, 1])
    near(`D${percent}%`, dPercent(fine, percent), exactDoseAtGy(exact, (percent / 100) * exact.volumeMm3), 0.03);
});

test('shifts below a voxel change only the dose', () => {
  for (const shift of [0, 0.13, 0.5, 0.77, 1.2]) {
    const roi = roiOf(planes(-12, 12, 2), ball, { shift: [shift, -shift / 2, shift / 3] });
    const { fine } = measure(roi, doseOn(gridAround(20, 3), linear(20, [0, 0, 1])));
    near('volume', fine.volumeCc, exactSphere(R, UP).volumeMm3 / 1000, 0.002 * fine.volumeCc);
    near('mean', fine.meanGy, 20 + shift / 3, 0.002);
  }
});

test('an oblique cylinder has the volume of its base times its height', () => {
  const roi = roiOf(planes(-20, 20, 4), (z) => [circle(6, [0.8 * z, 0])]);
  const { fine } = measure(roi, doseOn(gridAround(40, 2.5), linear(30, [0, 0, 1])), { endCap: 'none' });
  near('volume', fine.volumeCc, (Math.PI * 36 * 40) / 1000, 0.001 * fine.volumeCc);
  near('D95%', dPercent(fine, 95), 12, 0.05);
  const across = measure(roi, doseOn(gridAround(40, 2.5), linear(30, [1, 0, 0])), { endCap: 'none' });
  near('mean', across.fine.meanGy, 30, 0.01);
  near('max', across.fine.maxGy, 52, 0.01);
});

test('holes drawn as nested loops, a keyhole or with an island inside are subtracted', () => {
  const dose = doseOn(gridAround(16, 2), linear(20, [1, 0, 0]));
  const zs = planes(-6, 6, 2);
  const ring = Math.PI * (100 - 25) * 14;
  const nested = measure(
    roiOf(zs, () => [circle(10), circle(5)]),
    dose,
  );
  near('nested', nested.fine.volumeCc * 1000, ring, 0.001 * ring);
  const keyhole: FlatLoop = [...circle(10), [10, 0], [5, 0], ...circle(5).toReversed().slice(0, -1), [5, 0], [10, 0]];
  const cut = measure(
    roiOf(zs, () => [keyhole]),
    dose,
  );
  near('keyhole', cut.fine.volumeCc * 1000, ring, 0.001 * ring);
  for (const percent of [98, 50, 2])
    near(`keyhole D${percent}%`, dPercent(cut.fine, percent), dPercent(nested.fine, percent), 0.01);
  const island = measure(
    roiOf(zs, () => [circle(10), circle(5), circle(2)]),
    dose,
  );
  near('island', island.fine.volumeCc * 1000, ring + Math.PI * 4 * 14, 0.001 * ring);
});

test('pieces end separately: gaps of several planes stay empty, and pieces in one plane end apart', () => {
  const dose = doseOn(gridAround(40, 3), () => 10);
  const apart = measure(
    roiOf([-30, -27, -24, 12, 15, 18], () => [circle(5)]),
    dose,
  );
  near('two pieces', apart.volumeCc, (2 * 9 * Math.PI * 25) / 1000, 0.001 * apart.volumeCc);
  assert.deepEqual(
    apart.findings.map((found) => found.code),
    ['CONTOURS_IN_PIECES', 'END_CAPS_LARGE'],
  );
  const kidneys = (z: number) => (z <= 0 ? [circle(5, [-20, 0]), circle(4, [20, 0])] : [circle(5, [-20, 0])]);
  const both = measure(roiOf(planes(-15, 15, 3), kidneys), dose);
  near('left and right', both.volumeCc, (33 * Math.PI * 25 + 18 * Math.PI * 16) / 1000, 0.001 * both.volumeCc);
});

test('planes further apart than the limit are separate pieces, each one slice thick', () => {
  const dose = doseOn(gridAround(40, 3), () => 10);
  const roi = roiOf(planes(-24, 24, 8), (z) => [circle(10, [z / 4, 0])]);
  const codes = (maxGapMm: number) => measure(roi, dose, { maxGapMm }).findings.map(({ code }) => code);
  assert.ok(!codes(8).includes('CONTOURS_IN_PIECES') && codes(7.9).includes('CONTOURS_IN_PIECES'));
  near('joined', measure(roi, dose, { maxGapMm: 8 }).volumeCc, (56 * Math.PI * 100) / 1000, 0.02);
  const parted = measure(roi, dose, { maxGapMm: 7.9, singlePlaneMm: 3 });
  near('parted', parted.volumeCc, (7 * 3 * Math.PI * 100) / 1000, 0.01);
  const region = { kind: 'contours' as const, roi };
  const options = { ...DEFAULT_MEASURE_OPTIONS, endCap: 'none' as const, maxGapMm: 7.9 };
  assert.equal(measureRoi({ region, dose, options, where: '' }).status, 'too_small');
});

test('on uneven planes every contour reaches halfway to its neighbours', () => {
  const dose = doseOn(gridAround(40, 3), () => 10);
  const zs = [-20, -18, -16, -14, -9, -4, 1, 6];
  const { volumeCc } = measure(
    roiOf(zs, () => [circle(8)]),
    dose,
  );
  near('volume', volumeCc, ((26 + 1 + 2.5) * Math.PI * 64) / 1000, 0.001 * volumeCc);
});

test('the end cap is configurable, and its volume is reported', () => {
  const dose = doseOn(gridAround(30, 3), () => 10);
  const roi = roiOf(planes(-12, 12, 3), () => [circle(10)]);
  for (const [endCap, height] of [
    ['none', 24],
    ['half-gap', 27],
    ['full', 30],
  ] as const) {
    const { volumeCc, capCc } = measure(roi, dose, { endCap });
    near(endCap, volumeCc, (height * Math.PI * 100) / 1000, 0.001 * volumeCc);
    near(`${endCap} caps`, capCc, ((height - 24) * Math.PI * 100) / 1000, 0.001 * volumeCc);
  }
});

test('prism solids are configurable: a sphere then loses the volume of table 3.3 of the DVH reference', () => {
  const dose = doseOn(gridAround(20, 3), () => 10);
  const truth = exactSphere(R, UP).volumeMm3 / 1000;
  for (const [gapMm, percent] of [
    [1, -0.17],
    [2, -0.69],
    [3, -1.56],
  ]) {
    const roi = roiOf(planes(-12, 12, gapMm), ball);
    const { volumeCc } = measure(roi, dose, { interpolation: 'prism' });
    near(`${gapMm} mm`, (volumeCc / truth - 1) * 100, percent, 0.03);
  }
});

test('a single plane has the given thickness', () => {
  const dose = doseOn(gridAround(20, 3), linear(20, [0, 0, 1]));
  const { volumeCc, fine, findings } = measure(
    roiOf([1], () => [circle(5)]),
    dose,
    { singlePlaneMm: 2.5 },
  );
  near('volume', volumeCc, (2.5 * Math.PI * 25) / 1000, 0.001 * volumeCc);
  near('max', fine.maxGy, 22.25, 1e-9);
  assert.ok(findings.some((found) => found.code === 'CONTOURS_ON_ONE_PLANE'));
});

test('a single contour uses its stated slab thickness', () => {
  const roi = roiOf([1], () => [circle(5)]);
  roi.contours[0].slabThicknessMm = 4;
  const { volumeCc } = measure(
    roi,
    doseOn(gridAround(20, 3), () => 1),
  );
  near('volume', volumeCc, (4 * Math.PI * 25) / 1000, 0.001 * volumeCc);
});

test('a single dose frame uses its stated thickness, and an empty dose is 0', () => {
  const grid = gridAround(20, 2);
  const frame = {
    ...grid,
    size: [grid.size[0], grid.size[1], 1] as typeof grid.size,
    originMm: [-20, -20, 0] as const,
  };
  const dose = doseOn({ ...frame, originMm: [...frame.originMm] }, linear(20, [1, 0, 0]));
  const { fine } = measure(
    roiOf([-1, 0, 1], () => [circle(8)]),
    dose,
  );
  near('coverage', fine.coverage, 2 / 3, 1e-6);
  near('max', fine.maxGy, 28, 1e-9);
  const nothing = measure(
    roiOf(planes(-12, 12, 3), ball),
    doseOn(grid, () => 0),
  );
  near('mean', nothing.fine.meanGy, 0, 1e-12);
  near('D50%', dPercent(nothing.fine, 50), 0, 1e-12);
});

test('negative doses are measured as they are', () => {
  const { fine } = measure(roiOf(planes(-12, 12, 3), ball), doseOn(gridAround(20, 3), linear(-5, [0, 0, 1])));
  near('mean', fine.meanGy, -5, 0.001);
  near('D50%', dPercent(fine, 50), -5, 0.01);
});

test('the part of a large ROI inside the dose grid is cut at the grid border in every direction', () => {
  const roi = roiOf(planes(-60, 60, 5), () => [rectangle(-50, 50, -50, 50)]);
  const halfHeight = 62.5;
  for (const [axis, half] of [50, 50, halfHeight].entries()) {
    for (const endMm of [1.3, 7.9, 22.2]) {
      const grid = gridAround(80, 4);
      const gradient = [0, 0, 0] as [number, number, number];
      gradient[axis] = 1;
      const originMm = [...grid.originMm] as [number, number, number];
      originMm[axis] = endMm;
      const { fine } = measure(roi, doseOn({ ...grid, originMm }, linear(100, gradient)));
      near(`coverage, axis ${axis}`, fine.coverage, (half - endMm) / (2 * half), 1e-6);
      near(`mean, axis ${axis}`, fine.meanGy, 100 + (half + endMm) / 2, 1e-3);
    }
  }
});

test('the part outside the dose grid is reported and not counted as dose', () => {
  const roi = roiOf(planes(-20, 20, 2), () => [circle(20)]);
  const grid = gridAround(30, 2.5);
  const beside = measure(
    roi,
    doseOn({ ...grid, originMm: [0, grid.originMm[1], grid.originMm[2]] }, () => 10),
  );
  near('half beside', beside.fine.coverage, 0.5, 1e-6);
  near('volume', beside.fine.volumeCc, (42 * Math.PI * 400) / 1000, 0.001 * beside.fine.volumeCc);
  near('dose', beside.fine.minGy, 10, 1e-9);
  near('covered part', beside.fine.curve.volumeCc[0], beside.fine.volumeCc / 2, 0.001 * beside.fine.volumeCc);
  const above = measure(
    roi,
    doseOn({ ...grid, originMm: [grid.originMm[0], grid.originMm[1], 0] }, () => 10),
  );
  near('half above', above.fine.coverage, 0.5, 1e-6);
  const region = { kind: 'contours' as const, roi };
  const away = doseOn({ ...grid, originMm: [500, 500, 500] }, () => 10);
  const { status } = measureRoi({ region, dose: away, options: DEFAULT_MEASURE_OPTIONS, where: '' });
  assert.equal(status, 'outside_dose');
});

test('uneven dose slices are sampled at their true positions', () => {
  const grid = gridAround(20, 2);
  const sliceOffsetsMm = Float64Array.from(
    { length: grid.size[2] },
    (_, k) => 2 * k + 0.8 * Math.sin(k) - 0.8 * Math.sin(0),
  );
  const dose = doseOn({ ...grid, sliceOffsetsMm }, linear(20, [0, 0, 1]));
  const { fine } = measure(roiOf(planes(-12, 12, 2), ball), dose, { endCap: 'none' });
  const exact = exactSphere(R, UP);
  for (const percent of [99, 50, 1])
    near(`D${percent}%`, dPercent(fine, percent), exactDoseAtGy(exact, (percent / 100) * exact.volumeMm3), 0.03);
});

test('a label map has the volume of its voxels and matches the contours it was made from', () => {
  const grid = gridAround(16, 1);
  const [nx, ny, nz] = grid.size;
  const data = new Uint8Array(nx * ny * nz);
  let count = 0;
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++) {
        const [x, y, z] = indexToPatient(grid, [i, j, k]);
        if (x * x + y * y + z * z > R * R) continue;
        data[n] = 1;
        count++;
      }
  const mask: Mask = { grid, box: { start: [0, 0, 0], size: grid.size }, data };
  const dose = doseOn(gridAround(20, 2.5), linear(20, [0.6, 0, 0.8]));
  const voxels = measureRoi({ region: { kind: 'mask', mask }, dose, options: DEFAULT_MEASURE_OPTIONS, where: '' });
  assert.ok(voxels.fine);
  near('volume', voxels.volumeCc, count / 1000, 1e-9);
  const { fine } = measure(roiOf(planes(-12, 12, 1), ball), dose);
  near('mean', voxels.fine.meanGy, fine.meanGy, 0.01);
  for (const percent of [95, 50, 5])
    near(`D${percent}%`, dPercent(voxels.fine, percent), dPercent(fine, percent), 0.15);
});

test('results converge with finer steps, and the uncertainty covers the remaining error', () => {
  const dose = doseOn(gridAround(16, 3), linear(20, [0, 1, 0]));
  const exact = exactCylinderAcross(R, 24, UP);
  const errors = [3000, 30_000, 300_000].map((samples) => {
    const { fine, coarse } = measure(
      roiOf(planes(-12, 12, 3), () => [circle(R)]),
      dose,
      { endCap: 'none', samples },
    );
    const truth = exactDoseAtGy(exact, 0.98 * exact.volumeMm3);
    const error = Math.abs(dPercent(fine, 98) - truth);
    assert.ok(error <= Math.abs(dPercent(fine, 98) - dPercent(coarse, 98)) + 0.01, `uncertainty at ${samples}`);
    return error;
  });
  assert.ok(errors[2] < 0.02 && errors[2] < errors[1] && errors[1] < errors[0], errors.join(' '));
});

test('in a uniform dose every dose metric equals that dose', () => {
  const { fine } = measure(
    roiOf(planes(-12, 12, 3), ball),
    doseOn(gridAround(20, 3), () => 42),
  );
  for (const value of [fine.minGy, fine.meanGy, fine.maxGy, dPercent(fine, 99), dPercent(fine, 1)])
    near('dose', value, 42, 1e-9);
  near('V42', volumeAtDoseCc(fine.curve, 42), fine.volumeCc, 1e-9);
  near('V42.01', volumeAtDoseCc(fine.curve, 42.01), 0, 1e-9);
});

test('a peak between scan lines is found at its dose point', () => {
  const dose = doseOn(gridAround(20, 5), ([x, y, z]) => (x === 0 && y === 5 && z === 0 ? 80 : 10));
  const { fine } = measure(roiOf(planes(-11, 11, 2), ball), dose);
  near('max', fine.maxGy, 80, 1e-9);
});

function near(what: string, actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual} instead of ${expected} +- ${tolerance}`);
}
