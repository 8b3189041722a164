import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assignRois } from '#lib/dvh/assign-rois.ts';
import type { CourseRoi } from '#lib/dvh/course-dvh.ts';
import type { Vec3 } from '#lib/math/vec3.ts';
import type { Dose } from '#lib/rt/dose.ts';
import type { JoinFrames } from '#lib/rt/join-frames.ts';
import { circle, planes, roiOf } from '../../fixtures/dvh-phantom.ts';

/** A disc of 10 mm about the axis, from z - 6 to z + 6. */
function roi(name: string, z: number, frameOfReferenceUid = 'F'): CourseRoi {
  const contours = roiOf(planes(z - 6, z + 6, 3), () => [circle(10, [0, 0])]).contours;
  return {
    ...{ name, number: 1, source: 'manual', interpretedType: '', structureSetUid: '1.5', frameOfReferenceUid },
    region: { kind: 'contours', contours },
  };
}

/** A dose on a box of 40 mm about the axis. */
function dose(lowZ: number, highZ: number, frameOfReferenceUid = 'F', spacing = 2): Dose {
  const size: Vec3 = [40 / spacing + 1, 40 / spacing + 1, (highZ - lowZ) / spacing + 1];
  const direction = [1, 0, 0, 0, 1, 0, 0, 0, 1] as Dose['volume']['grid']['direction'];
  const grid = { size, originMm: [-20, -20, lowZ] as Vec3, spacingMm: [spacing, spacing, spacing] as Vec3, direction };
  return {
    ...{ sopInstanceUid: '1', studyInstanceUid: '1', frameOfReferenceUid, doseType: 'PHYSICAL', units: 'GY' },
    ...{ summationType: 'PLAN', relative: false, planUids: [], structureSetUids: [], findings: [] },
    volume: { grid, data: new Float64Array(0) },
  };
}

const apart: JoinFrames = () => ({ reason: 'nothing joins them', findings: [] });
const names = (assigned: CourseRoi[][][]) =>
  assigned.map((places) => places.map((rois) => rois.map(({ name }) => name)));

test('of several dose grids of one dose, each ROI uses the one that covers most of it', () => {
  const rois = [roi('low', 0), roi('high', 100), roi('between', 24), roi('nowhere', 300)];
  assert.deepEqual(names(assignRois(rois, [[dose(-20, 20), dose(20, 120)]], apart)), [
    [
      ['low', 'nowhere'],
      ['high', 'between'],
    ],
  ]);
});

test('of two dose grids that cover an ROI completely, the finer one is used', () => {
  const places = [dose(-20, 20, 'F', 4), dose(-20, 20, 'F', 2)];
  assert.deepEqual(names(assignRois([roi('A', 0)], [places], apart)), [[[], ['A']]]);
});

test('every alternative dose in a frame has every ROI', () => {
  const rois = [roi('A', 0), roi('B', 5)];
  assert.deepEqual(names(assignRois(rois, [[dose(-20, 20)], [dose(-20, 20)]], apart)), [[['A', 'B']], [['A', 'B']]]);
});

test('each frame has its own ROIs; an ROI that reaches no dose has one row', () => {
  const rois = [roi('F', 0), roi('G', 0, 'G'), roi('lost', 0, 'H')];
  assert.deepEqual(names(assignRois(rois, [[dose(-20, 20)], [dose(-20, 20, 'G')]], apart)), [[['F', 'lost']], [['G']]]);
});

test('a registration moves an ROI to the doses of another frame before a grid is chosen', () => {
  const join: JoinFrames = (from, to) =>
    from === 'G' && to === 'F'
      ? { matrix: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 100, 0, 0, 0, 1], registrationUids: ['r'], findings: [] }
      : { reason: 'nothing joins them', findings: [] };
  assert.deepEqual(names(assignRois([roi('G', 0, 'G')], [[dose(-20, 20), dose(80, 120)]], join)), [[[], ['G']]]);
});

test('without a readable dose every ROI still has a row', () => {
  assert.deepEqual(names(assignRois([roi('A', 0)], [[]], apart)), [[['A']]]);
});
