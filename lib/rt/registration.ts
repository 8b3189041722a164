import type { DataSet } from '../dicom/data-set.ts';
import type { Matrix4 } from './matrix4.ts';

/** One item of RegistrationSequence: how points of `frameOfReferenceUid` go to the frame of the registration. */
export interface RegistrationItem {
  frameOfReferenceUid: string;
  /** Absent when the item is deformable or its matrix is no matrix. */
  matrix?: Matrix4;
  /** RIGID, RIGID_SCALE, AFFINE. */
  matrixType: string;
  imageUids: string[];
}

/** A Spatial or Deformable Spatial Registration: PS3.3 A.39. */
export interface Registration {
  sopInstanceUid: string;
  /** The frame that all items are registered to. */
  frameOfReferenceUid: string;
  deformable: boolean;
  items: RegistrationItem[];
  referencedSeriesUids: string[];
}

/** Read a registration. */
export function readRegistration(dataSet: DataSet): Registration {
  const deformable = dataSet.items('DeformableRegistrationSequence');
  return {
    sopInstanceUid: dataSet.text('SOPInstanceUID'),
    frameOfReferenceUid: dataSet.text('FrameOfReferenceUID'),
    deformable: deformable.length > 0,
    items: [...dataSet.items('RegistrationSequence').map(readRigidItem), ...deformable.map(readDeformableItem)],
    referencedSeriesUids: referencedSeries(dataSet),
  };
}

/**
 * The matrix that takes points of one frame of reference to another by one registration, in either direction or
 * through its common frame; undefined when it says nothing of them, is deformable, or is not rigid.
 */
export function rigidTransform(registration: Registration, from: string, to: string): Matrix4 | undefined {
  const toCommon = matrixToCommon(registration, from);
  const fromCommon = matrixToCommon(registration, to);
  return toCommon && fromCommon && multiplyMatrices(invertRigid(fromCommon), toCommon);
}

function matrixToCommon(registration: Registration, frame: string): Matrix4 | undefined {
  const item = registration.items.find((i) => i.frameOfReferenceUid === frame && i.matrix);
  if (item) return item.matrixType === 'RIGID' && item.matrix && isRigid(item.matrix) ? item.matrix : undefined;
  return frame === registration.frameOfReferenceUid ? IDENTITY4 : undefined;
}

const IDENTITY4: Matrix4 = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
/** Matrices are written with six digits or more. */
const ORTHONORMAL_TOLERANCE = 1e-4;

function readRigidItem(item: DataSet): RegistrationItem {
  const matrices = item.items('MatrixRegistrationSequence').flatMap((m) => m.items('MatrixSequence'));
  const numbers = matrices.map((m) => m.numbers('FrameOfReferenceTransformationMatrix'));
  const valid = numbers.length > 0 && numbers.every((n) => n.length === 16 && n.every(Number.isFinite));
  const types = [...new Set(matrices.map((m) => m.text('FrameOfReferenceTransformationMatrixType').toUpperCase()))];
  return {
    frameOfReferenceUid: item.text('FrameOfReferenceUID'),
    // The items apply in their order: the first is the innermost (PS3.3 C.20.2).
    matrix: valid ? numbers.reduce((inner, outer) => multiplyMatrices(outer, inner)) : undefined,
    matrixType: types.length === 1 ? types[0] : types.join('\\'),
    imageUids: referencedImages(item),
  };
}

function readDeformableItem(item: DataSet): RegistrationItem {
  return {
    frameOfReferenceUid: item.text('SourceFrameOfReferenceUID'),
    matrixType: 'DEFORMABLE',
    imageUids: referencedImages(item),
  };
}

function referencedImages(item: DataSet): string[] {
  return item
    .items('ReferencedImageSequence')
    .map((image) => image.text('ReferencedSOPInstanceUID'))
    .filter(Boolean);
}

function referencedSeries(dataSet: DataSet): string[] {
  const other = dataSet.items('StudiesContainingOtherReferencedInstancesSequence');
  const series = [dataSet, ...other].flatMap((level) => level.items('ReferencedSeriesSequence'));
  return [...new Set(series.map((item) => item.text('SeriesInstanceUID')).filter(Boolean))];
}

function isRigid(m: Matrix4): boolean {
  for (let a = 0; a < 3; a++) {
    for (let b = a; b < 3; b++) {
      const product = m[a] * m[b] + m[4 + a] * m[4 + b] + m[8 + a] * m[8 + b];
      if (Math.abs(product - (a === b ? 1 : 0)) > ORTHONORMAL_TOLERANCE) return false;
    }
  }
  return true;
}

/** The rotation transposed, the translation turned back. */
function invertRigid(m: Matrix4): Matrix4 {
  const t = [m[3], m[7], m[11]];
  const back = [0, 1, 2].map((c) => -(m[c] * t[0] + m[4 + c] * t[1] + m[8 + c] * t[2]));
  return [m[0], m[4], m[8], back[0], m[1], m[5], m[9], back[1], m[2], m[6], m[10], back[2], 0, 0, 0, 1];
}

function multiplyMatrices(a: Matrix4, b: Matrix4): Matrix4 {
  const product: Matrix4 = [];
  for (let row = 0; row < 4; row++) {
    for (let column = 0; column < 4; column++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += a[4 * row + k] * b[4 * k + column];
      product.push(sum);
    }
  }
  return product;
}
