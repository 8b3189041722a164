import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DicomJson } from '#lib/dicom/write.ts';
import { joinFrames, rigidTransform } from '#lib/rt/join-frames.ts';
import type { Matrix4 } from '#lib/rt/matrix4.ts';
import { readRegistration } from '#lib/rt/registration.ts';
import { dataSetOf } from '#test/fixtures/data-sets.ts';

const QUARTER_TURN_AND_SHIFT = [0, -1, 0, 10, 1, 0, 0, 20, 0, 0, 1, 30, 0, 0, 0, 1];
const SHIFT = [1, 0, 0, 1, 0, 1, 0, 2, 0, 0, 1, 3, 0, 0, 0, 1];

function item(frame: string, matrices: number[][], type = 'RIGID'): DicomJson {
  return {
    FrameOfReferenceUID: frame,
    MatrixRegistrationSequence: [
      {
        MatrixSequence: matrices.map((matrix) => ({
          FrameOfReferenceTransformationMatrixType: type,
          FrameOfReferenceTransformationMatrix: matrix,
        })),
      },
    ],
  };
}

function registrationOf(items: DicomJson[], more: DicomJson = {}) {
  return readRegistration(dataSetOf({ FrameOfReferenceUID: '1.1', RegistrationSequence: items, ...more }));
}

function apply(matrix: Matrix4 | undefined, point: number[]): number[] {
  assert.ok(matrix);
  return [0, 1, 2].map(
    (r) => matrix[4 * r] * point[0] + matrix[4 * r + 1] * point[1] + matrix[4 * r + 2] * point[2] + matrix[4 * r + 3],
  );
}

test('the matrix of a frame moves a point to the frame of the registration, and its inverse back', () => {
  const registration = registrationOf([
    item('1.2', [QUARTER_TURN_AND_SHIFT]),
    item('1.1', [[1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]]),
  ]);
  assert.deepEqual(apply(rigidTransform([registration], '1.2', '1.1'), [1, 2, 3]), [8, 21, 33]);
  assert.deepEqual(apply(rigidTransform([registration], '1.1', '1.2'), [8, 21, 33]), [1, 2, 3]);
});

test('two frames are linked through the common one', () => {
  const registration = registrationOf([item('1.2', [QUARTER_TURN_AND_SHIFT]), item('1.3', [SHIFT])]);
  assert.deepEqual(apply(rigidTransform([registration], '1.2', '1.3'), [1, 2, 3]), [7, 19, 30]);
});

test('the matrices of an item apply in order, the first one first', () => {
  const registration = registrationOf([item('1.2', [SHIFT, QUARTER_TURN_AND_SHIFT])]);
  // (1,2,3) -> (2,4,6) -> (-4 + 10, 2 + 20, 6 + 30)
  assert.deepEqual(apply(rigidTransform([registration], '1.2', '1.1'), [1, 2, 3]), [6, 22, 36]);
});

const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
const DOUBLED = IDENTITY.map((value, n) => (n % 5 === 0 && n < 15 ? 2 * value : value));

const REFUSED = [
  { title: 'a matrix that scales', matrices: [[1.1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]], why: /scales/ },
  { title: 'a shear declared rigid', matrices: [[1, 0.2, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]], why: /shears/ },
  { title: 'a matrix of fifteen numbers', matrices: [SHIFT.slice(1)], why: /16 numbers/ },
  {
    title: 'a shift by columns',
    matrices: [[1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 20, 0, 0, 1]],
    why: /stored by columns/,
  },
  {
    title: 'a turn and shift by columns',
    matrices: [[0, 1, 0, 0, -1, 0, 0, 0, 0, 0, 1, 0, 10, 20, 30, 1]],
    why: /stored by columns/,
  },
  { title: 'a mirror of x', matrices: [[-1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]], why: /mirrors/ },
  {
    title: 'a mirror through the origin',
    matrices: [[-1, 0, 0, 5, 0, -1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1]],
    why: /mirrors/,
  },
  { title: 'a swap of two axes', matrices: [[0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]], why: /mirrors/ },
  { title: 'a last row of zeros', matrices: [[...SHIFT.slice(0, 12), 0, 0, 0, 0]], why: /last row/ },
  { title: 'a last row that projects', matrices: [[...SHIFT.slice(0, 12), 0, 0, 0.01, 1]], why: /last row/ },
  { title: 'a last row that divides', matrices: [[...SHIFT.slice(0, 12), 0, 0, 0, 2]], why: /last row/ },
  { title: 'one valid matrix and one that scales', matrices: [SHIFT, DOUBLED], why: /scales/ },
  { title: 'a type that DICOM does not know', matrices: [SHIFT], type: 'BSPLINE', why: /BSPLINE/ },
  { title: 'no matrix', matrices: [], why: /no matrix/ },
];

for (const { title, matrices, type, why } of REFUSED) {
  test(`${title} gives no rigid motion, with the reason`, () => {
    const registration = registrationOf([item('1.2', matrices, type)]);
    assert.match(registration.items[0].problem, why);
    const joined = joinFrames([registration], '1.2', '1.1');
    assert.equal(joined.matrix, undefined);
    assert.match('reason' in joined ? joined.reason : '', why);
  });
}

for (const type of ['RIGID_SCALE', 'AFFINE'])
  test(`a matrix declared ${type} that is a rigid motion is accepted as one`, () => {
    const registration = registrationOf([item('1.2', [QUARTER_TURN_AND_SHIFT], type)]);
    assert.deepEqual(apply(rigidTransform([registration], '1.2', '1.1'), [1, 2, 3]), [8, 21, 33]);
  });

test('a registration knows whether the order of its matrices matters', () => {
  assert.equal(registrationOf([item('1.2', [SHIFT, QUARTER_TURN_AND_SHIFT])]).items[0].orderMatters, true);
  assert.equal(registrationOf([item('1.2', [SHIFT, SHIFT])]).items[0].orderMatters, false);
});

test('a deformable registration names its frames but gives no rigid transform', () => {
  const registration = readRegistration(
    dataSetOf({
      FrameOfReferenceUID: '1.1',
      DeformableRegistrationSequence: [{ SourceFrameOfReferenceUID: '1.2' }],
      ReferencedSeriesSequence: [{ SeriesInstanceUID: '1.7' }],
      StudiesContainingOtherReferencedInstancesSequence: [{ ReferencedSeriesSequence: [{ SeriesInstanceUID: '1.8' }] }],
    }),
  );
  assert.equal(registration.deformable, true);
  assert.deepEqual(
    registration.items.map((i) => i.frameOfReferenceUid),
    ['1.2'],
  );
  assert.equal(rigidTransform([registration], '1.2', '1.1'), undefined);
  assert.deepEqual(registration.referencedSeriesUids, ['1.7', '1.8']);
});
