import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readDataSet } from '#lib/dicom/read.ts';
import type { DicomJson } from '#lib/dicom/write.ts';
import { BadInput } from '#lib/errors.ts';
import { indexToPatient, sliceOffsetMm } from '#lib/image/grid.ts';
import { column, dot } from '#lib/math/vec3.ts';
import { readDoseGeometry } from '#lib/rt/dose-geometry.ts';
import { doseDataSet } from '../../fixtures/dose-object.ts';
import { absent, sharedPath } from '../../fixtures/shared.ts';

const folder = sharedPath('data/dose-orientations');
const skip = absent('data/dose-orientations');

/**
 * Eclipse doses in eight patient positions, with the axes that PyMedPhys expects of them in the fixed frame of IEC 61217.
 * Their rows run along fixed x, their columns against fixed z, their frames along fixed y, whichever way the patient
 * lies. (The patient axes of the same source have the sign of the fixed frame where the two differ.)
 */
const ORIENTATIONS = ['HFS', 'HFP', 'HFDL', 'HFDR', 'FFS', 'FFP', 'FFDL', 'FFDR'];

for (const orientation of ORIENTATIONS) {
  test(`an Eclipse dose of a patient ${orientation} is placed by its axes`, { skip }, () => {
    const file = readFileSync(`${folder}/RD.DICOMORIENT.Dose_${orientation}_empty.dcm`);
    const [x, y, z] = JSON.parse(readFileSync(`${folder}/expected_iec_fixed_xyz.json`, 'utf8'))[orientation];
    const { grid, findings } = readDoseGeometry(readDataSet(file));
    assert.deepEqual(findings, []);
    assert.deepEqual(grid.size, [x.length, z.length, y.length]);
    const [i, j, k] = ([0, 1, 2] as const).map((axis) => column(grid.direction, axis));
    for (const [a, b, c] of [
      [0, 0, 0],
      [5, 7, 11],
      [x.length - 1, z.length - 1, y.length - 1],
    ]) {
      const p = indexToPatient(grid, [a, b, c]);
      const fixed = [dot(i, p), dot(k, p), -dot(j, p)];
      [x[a], y[c], z[z.length - 1 - b]].forEach((expected, axis) => {
        assert.ok(Math.abs(fixed[axis] - expected) < 1e-6, `${fixed} at ${[a, b, c]}`);
      });
    }
  });
}

/** First and last plane along z, and the stored frames in the order of the slices. */
const OFFSETS: [name: string, changes: DicomJson, z: [number, number], order: number[]][] = [
  ['relative', { GridFrameOffsetVector: [0, 2.5, 5, 7.5] }, [30, 37.5], [0, 1, 2, 3]],
  ['absolute', { GridFrameOffsetVector: [30, 32.5, 35, 37.5] }, [30, 37.5], [0, 1, 2, 3]],
  ['descending relative', { GridFrameOffsetVector: [0, -2.5, -5, -7.5] }, [22.5, 30], [3, 2, 1, 0]],
  ['descending absolute', { GridFrameOffsetVector: [30, 27.5, 25, 22.5] }, [22.5, 30], [3, 2, 1, 0]],
  [
    'relative, feet first prone',
    { GridFrameOffsetVector: [0, 2.5, 5, 7.5], ImageOrientationPatient: [1, 0, 0, 0, -1, 0] },
    [30, 22.5],
    [0, 1, 2, 3],
  ],
  [
    'absolute, feet first prone',
    { GridFrameOffsetVector: [30, 27.5, 25, 22.5], ImageOrientationPatient: [1, 0, 0, 0, -1, 0] },
    [30, 22.5],
    [0, 1, 2, 3],
  ],
  ['uneven', { GridFrameOffsetVector: [0, 2, 5, 9] }, [30, 39], [0, 1, 2, 3]],
  ['uneven descending', { GridFrameOffsetVector: [0, -2, -5, -9] }, [21, 30], [3, 2, 1, 0]],
  ['out of order', { GridFrameOffsetVector: [0, 5, 2.5, 7.5] }, [30, 37.5], [0, 2, 1, 3]],
];

for (const [name, changes, [first, last], order] of OFFSETS) {
  test(`frame offsets, ${name}: frames are placed at their heights, ascending along the normal`, () => {
    const { grid, frameOrder } = readDoseGeometry(doseDataSet(changes));
    assert.deepEqual(frameOrder, order);
    assert.ok(Math.abs(indexToPatient(grid, [0, 0, 0])[2] - first) < 1e-9);
    assert.ok(Math.abs(indexToPatient(grid, [0, 0, 3])[2] - last) < 1e-9);
  });
}

test('uneven slices keep their offsets, even slices need none', () => {
  const uneven = readDoseGeometry(doseDataSet({ GridFrameOffsetVector: [0, 2, 5, 9] })).grid;
  assert.deepEqual(
    [0, 1, 2, 3].map((k) => sliceOffsetMm(uneven, k)),
    [0, 2, 5, 9],
  );
  assert.equal(readDoseGeometry(doseDataSet()).grid.sliceOffsetsMm, undefined);
});

test('PixelSpacing is row spacing, then column spacing: rows go down, columns across', () => {
  const { grid } = readDoseGeometry(doseDataSet());
  assert.deepEqual(grid.size, [3, 2, 4]);
  assert.deepEqual(grid.spacingMm, [3, 2, 2.5]);
});

const ODD: [name: string, changes: DicomJson, code: string][] = [
  ['offsets that start anywhere', { GridFrameOffsetVector: [5, 7.5, 10, 12.5] }, 'DOSE_FRAME_OFFSETS_UNUSUAL'],
  ['more offsets than frames', { GridFrameOffsetVector: [0, 2.5, 5, 7.5, 10] }, 'DOSE_FRAME_COUNT'],
  ['no offsets but a thickness', { GridFrameOffsetVector: null, SliceThickness: 2.5 }, 'DOSE_WITHOUT_FRAME_OFFSETS'],
  ['frames out of order', { GridFrameOffsetVector: [0, 5, 2.5, 7.5] }, 'DOSE_FRAMES_UNORDERED'],
];

for (const [name, changes, code] of ODD) {
  test(`a dose with ${name} is read and reported`, () => {
    const { findings } = readDoseGeometry(doseDataSet(changes));
    assert.deepEqual(
      findings.map((found) => [found.code, found.where]),
      [[code, '1.2.3.4']],
    );
  });
}

test('absolute offsets may differ from the dose position by 0.01 mm of rounding, not more', () => {
  const codes = (first: number) => {
    const changes = { GridFrameOffsetVector: [first, first + 2.5, first + 5, first + 7.5] };
    return readDoseGeometry(doseDataSet(changes)).findings.map(({ code }) => code);
  };
  assert.deepEqual([codes(30.009), codes(29.991)], [[], []]);
  assert.deepEqual([codes(30.011), codes(29.989)], [['DOSE_FRAME_OFFSETS_UNUSUAL'], ['DOSE_FRAME_OFFSETS_UNUSUAL']]);
});

test('a single frame has its SliceThickness, or its larger pixel side without one', () => {
  const single = (SliceThickness: number | null) =>
    readDoseGeometry(doseDataSet({ NumberOfFrames: 1, GridFrameOffsetVector: null, SliceThickness })).grid.spacingMm[2];
  assert.equal(single(4), 4);
  assert.equal(single(0.5), 0.5);
});

const BAD: [name: string, changes: DicomJson][] = [
  ['fewer offsets than frames', { GridFrameOffsetVector: [0, 2.5] }],
  ['frames without any distance', { GridFrameOffsetVector: null }],
  ['two frames at one height', { GridFrameOffsetVector: [0, 2.5, 2.5, 5] }],
  ['no position', { ImagePositionPatient: null }],
  ['no orientation', { ImageOrientationPatient: null }],
  ['directions that are not square', { ImageOrientationPatient: [1, 0, 0, 0.1, 1, 0] }],
  ['no pixel spacing', { PixelSpacing: null }],
];

for (const [name, changes] of BAD) {
  test(`a dose with ${name} has no position and is refused with its UID`, () => {
    assert.throws(
      () => readDoseGeometry(doseDataSet(changes)),
      (error) => error instanceof BadInput && error.where === '1.2.3.4',
    );
  });
}
