import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SlicePlanes } from '#lib/image/slice-planes.ts';
import type { Vec3 } from '#lib/math/vec3.ts';
import { readContourPlanes } from '#lib/rt/contours/contour-planes.ts';
import { type GapOptions, planeGaps } from '#lib/rt/contours/plane-gaps.ts';
import { circle, type FlatLoop, roiOf } from '#test/fixtures/dvh-phantom.ts';

const OPTIONS: GapOptions = { maxGapMm: 10, singlePlaneMm: 3 };
const disc = (_: number): FlatLoop[] => [circle(10)];

function gapsOf(zs: number[], options: Partial<GapOptions> = {}, section = disc, thicknessMm?: number) {
  const { contours } = roiOf(zs, section);
  const stated = contours.map((contour) => ({ ...contour, slabThicknessMm: thicknessMm }));
  return planeGaps(readContourPlanes(stated, ''), { ...OPTIONS, ...options }, 'ROI 1');
}

const kinds = (...args: Parameters<typeof gapsOf>) => gapsOf(...args).gaps.map(({ kind }) => kind);

function slicesAt(offsets: number[], stepMm: number, normal: Vec3 = [0, 0, 1]): SlicePlanes {
  return { normal, offsetsMm: Float64Array.from(offsets), stepMm };
}

/** Gap in the middle of a stack with usual gaps of 2 mm, and what it is on both sides of each limit. */
const SIDES: [name: string, gapMm: number, kind: string][] = [
  ['1.5 usual gaps are usual', 3, 'usual'],
  ['more lacks a contour', 3.02, 'bridged'],
  ['2.25 usual gaps lack one contour', 4.5, 'bridged'],
  ['more lack several', 4.52, 'open'],
];

for (const [name, gapMm, kind] of SIDES)
  test(`gaps in millimetres: ${name}`, () => {
    const zs = [0, 2, 4, 4 + gapMm, 6 + gapMm, 8 + gapMm];
    assert.deepEqual(kinds(zs), ['usual', 'usual', kind, 'usual', 'usual']);
  });

/** Usual gaps of 2 mm and more coarsely in the middle: as wide as the gap beside, up to three usual gaps. */
test('an ROI with wider gaps in its middle continues across up to three usual gaps', () => {
  const zs = (mm: number) => [0, 2, 4, 6, 6 + mm, 6 + 2 * mm, 8 + 2 * mm, 10 + 2 * mm];
  assert.deepEqual(kinds(zs(6)), ['usual', 'usual', 'usual', 'bridged', 'bridged', 'usual', 'usual']);
  assert.deepEqual(kinds(zs(6.02)), ['usual', 'usual', 'usual', 'open', 'open', 'usual', 'usual']);
  assert.deepEqual(kinds([0, 2, 4, 6, 12, 16, 18, 20]).slice(3, 5), ['bridged', 'bridged']);
  assert.deepEqual(kinds([0, 2, 4, 6, 12, 15.9, 17.9, 19.9]).slice(3, 5), ['open', 'bridged']);
});

test('a gap between shapes that do not overlap is not a missing contour', () => {
  const aside = (z: number): FlatLoop[] => [circle(10, [z > 5 ? 30 : 0, 0])];
  assert.deepEqual(kinds([0, 2, 4, 8, 10], {}, aside), ['usual', 'usual', 'open', 'usual']);
  assert.deepEqual(
    gapsOf([0, 2, 4, 8, 10], {}, aside).findings.map(({ code }) => code),
    ['CONTOURS_IN_PIECES'],
  );
});

test('planes further apart than the limit are separate, except for rounding', () => {
  assert.deepEqual(kinds([0, 8, 16], { maxGapMm: 8 }), ['usual', 'usual']);
  assert.deepEqual(kinds([0, 8.009, 16.018], { maxGapMm: 8 }), ['usual', 'usual']);
  assert.deepEqual(kinds([0, 8.011, 16.022], { maxGapMm: 8 }), ['apart', 'apart']);
});

test('isolated planes count as one slice each', () => {
  const { usualMm, belowMm, aboveMm } = gapsOf([0, 50, 100]);
  assert.deepEqual([usualMm, belowMm, aboveMm], [3, [3, 3, 3], [3, 3, 3]]);
});

test('one image slice without a contour is bridged, two in a row are not', () => {
  const slices = slicesAt([0, 3, 6, 9, 12, 15, 18, 21, 24], 3);
  assert.deepEqual(kinds([0, 3, 6, 12, 15], { slices }), ['usual', 'usual', 'bridged', 'usual']);
  assert.deepEqual(kinds([0, 3, 6, 15, 18], { slices }), ['usual', 'usual', 'open', 'usual']);
});

test('no contour is missing where the image has no slice in between', () => {
  const uneven = slicesAt([0, 2, 4, 9, 11, 13], 2);
  assert.deepEqual(kinds([0, 2, 4, 9, 11], { slices: uneven }), ['usual', 'usual', 'usual', 'usual']);
  assert.deepEqual(kinds([0, 2, 4, 9, 11]), ['usual', 'usual', 'open', 'usual']);
  const thick = slicesAt([0, 12, 24], 12);
  assert.deepEqual(kinds([0, 12, 24], { slices: thick }), ['usual', 'usual']);
  const hole = slicesAt([0, 3, 6, 36, 39], 3);
  assert.deepEqual(kinds([0, 3, 6, 36, 39], { slices: hole }), ['usual', 'usual', 'apart', 'usual']);
});

test('image slices with a reversed normal count, tilted slices do not', () => {
  const down = slicesAt([-24, -21, -18, -15, -12, -9, -6, -3, 0], 3, [0, 0, -1]);
  assert.deepEqual(kinds([0, 3, 6, 12, 15], { slices: down }), ['usual', 'usual', 'bridged', 'usual']);
  const tilted = slicesAt([0, 30], 30, [0, 0.1, Math.sqrt(0.99)]);
  assert.deepEqual(kinds([0, 2, 4, 9, 11], { slices: tilted }), ['usual', 'usual', 'open', 'usual']);
});

test('an ROI on every second slice is reported as skipping slices; three missing slices are reported as a gap', () => {
  const slices = slicesAt(
    Array.from({ length: 20 }, (_, n) => 2 * n),
    2,
  );
  const { gaps, findings } = gapsOf([0, 4, 8, 16, 20], { slices });
  assert.deepEqual(
    gaps.map(({ kind }) => kind),
    ['usual', 'usual', 'bridged', 'usual'],
  );
  assert.deepEqual(
    findings.map(({ code }) => code),
    ['CONTOURS_SKIP_SLICES', 'CONTOUR_GAP_FILLED'],
  );
});

test('planes with a stated thickness continue if they touch, up to 1.5 times the thickness', () => {
  assert.deepEqual(kinds([0, 3, 9], {}, disc, 3), ['usual', 'apart']);
  assert.deepEqual(kinds([0, 3, 7.5], {}, disc, 3), ['usual', 'usual']);
  assert.deepEqual(kinds([0, 3, 7.51], {}, disc, 3), ['usual', 'apart']);
  const { belowMm, aboveMm } = gapsOf([0, 3, 9], {}, disc, 3);
  assert.deepEqual(
    [belowMm, aboveMm],
    [
      [3, 3, 3],
      [3, 3, 3],
    ],
  );
});

test('a stated thickness below half a slice is ignored', () => {
  const slices = slicesAt([0, 3, 6, 9], 3);
  assert.deepEqual(kinds([0, 3, 6], { slices }, disc, 1.5), ['apart', 'apart']);
  assert.deepEqual(kinds([0, 3, 6], { slices }, disc, 1.49), ['usual', 'usual']);
});

test('the reported volume of a gap is that of the missing contour', () => {
  const [found] = gapsOf([0, 3, 6, 12, 15]).findings;
  assert.equal(found.code, 'CONTOUR_GAP_FILLED');
  const missingCc = (3 * Math.PI * 100) / 1000;
  assert.match(found.message, new RegExp(`about ${missingCc.toPrecision(2)} cc`));
});
