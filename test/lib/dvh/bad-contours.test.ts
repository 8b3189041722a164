import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_MEASURE_OPTIONS } from '#lib/dvh/course.ts';
import { measureRoi } from '#lib/dvh/measure-roi.ts';
import type { Contour } from '#lib/rt/structure-set.ts';
import { circle, doseOn, type FlatLoop, gridAround, planes, rectangle, roiOf } from '../../fixtures/dvh-phantom.ts';

const dose = doseOn(gridAround(30, 3), () => 10);
const zs = planes(-6, 6, 3);
const good = roiOf(zs, () => [circle(10)]).contours;
const goodCc = (15 * Math.PI * 100) / 1000;
const points = (...values: number[]): Contour => ({
  type: 'CLOSED_PLANAR',
  pointsMm: Float64Array.from(values),
  imageUids: [],
});
const bowtie: FlatLoop = [
  [-10, -10],
  [10, 10],
  [10, -10],
  [-10, 10],
];

/** One bad contour beside good ones: the ROI is measured without it and the flaw is found. */
const BESIDE: [name: string, contour: Contour, code: string][] = [
  ['an open contour', { ...points(0, 0, 9, 5, 0, 9, 5, 5, 9), type: 'OPEN_PLANAR' }, 'CONTOUR_OPEN'],
  ['a point', { ...points(0, 0, 9), type: 'POINT' }, 'CONTOUR_IS_POINT'],
  ['a closed contour of one point', points(0, 0, 9), 'CONTOUR_TOO_FEW_POINTS'],
  ['the same point three times', points(1, 1, 9, 1, 1, 9, 1, 1, 9), 'CONTOUR_TOO_FEW_POINTS'],
  ['points on a line', points(0, 0, 9, 1, 0, 9, 2, 0, 9), 'CONTOUR_WITHOUT_AREA'],
  ['half a point', points(0, 0, 9, 1, 0, 9, 2, 0), 'CONTOUR_POINT_COUNT'],
  ['NaN', points(0, 0, 9, 1, Number.NaN, 9, 2, 2, 9), 'CONTOUR_NOT_NUMERIC'],
  ['infinity', points(0, 0, 9, 1, Infinity, 9, 2, 2, 9), 'CONTOUR_NOT_NUMERIC'],
  ['a huge offset', points(0, 0, 9, 1e6, 0, 9, 0, 5, 9), 'CONTOUR_FAR_AWAY'],
  ['a contour that leaves its plane', points(0, 0, 9, 5, 0, 9, 5, 5, 20, 0, 5, 0), 'CONTOUR_NOT_PLANAR'],
  ['a contour across the others', points(0, -5, -5, 0, 5, -5, 0, 5, 5, 0, -5, 5), 'CONTOURS_IN_SEVERAL_ORIENTATIONS'],
  ['a contour stored twice', good[2], 'CONTOUR_REPEATED'],
];

for (const [name, contour, code] of BESIDE) {
  test(`${name} is left out of the ROI and reported`, () => {
    const measured = measure([...good, contour]);
    assert.equal(measured.status, 'ok');
    assert.ok(Math.abs(measured.volumeCc - goodCc) < 0.001 * goodCc, `${measured.volumeCc} cc`);
    assert.deepEqual(
      measured.findings.filter((found) => found.code !== 'END_CAPS_LARGE').map((found) => [found.code, found.where]),
      [[code, '1.5 ROI 1']],
    );
  });

  if (contour !== good[2])
    test(`an ROI of ${name} alone has no numbers`, () => {
      const { status, fine } = measure([contour]);
      if (code === 'CONTOURS_IN_SEVERAL_ORIENTATIONS') return assert.equal(status, 'ok');
      assert.ok(status === 'failed' || (status === 'empty' && code === 'CONTOUR_IS_POINT'), status);
      assert.equal(fine, undefined);
    });
}

test('a contour that crosses itself encloses both halves, and is reported', () => {
  const measured = measure(roiOf(zs, () => [bowtie]).contours);
  assert.ok(Math.abs(measured.volumeCc - 3) < 0.01, `${measured.volumeCc} cc`);
  assert.ok(measured.findings.some((found) => found.code === 'CONTOURS_CROSS'));
});

test('crossing contours are reported, and the even-odd rule removes their overlap', () => {
  const measured = measure(roiOf(zs, () => [rectangle(-10, 5, -5, 5), rectangle(-5, 10, -4, 6)]).contours);
  assert.ok(Math.abs(measured.volumeCc - (15 * (300 - 2 * 90)) / 1000) < 0.01, `${measured.volumeCc} cc`);
  assert.ok(measured.findings.some((found) => found.code === 'CONTOURS_CROSS'));
});

test('without end caps a single plane is reported as too small', () => {
  const roi = { ...roiOf([0], () => [circle(5)]) };
  const options = { ...DEFAULT_MEASURE_OPTIONS, endCap: 'none' as const };
  const { status, reason } = measureRoi({ region: { kind: 'contours', roi }, dose, options, where: '' });
  assert.deepEqual([status, reason], ['too_small', 'a single contour plane has no volume with end cap none']);
});

function measure(contours: Contour[]) {
  const roi = { ...roiOf([], () => []), contours };
  return measureRoi({ region: { kind: 'contours', roi }, dose, options: DEFAULT_MEASURE_OPTIONS, where: '1.5 ROI 1' });
}
