import type { DataSet } from '../dicom/data-set.ts';
import { isoDate, isoTime } from './date-time.ts';
import { greatestDistanceMm, IDENTITY4, type Matrix4, multiplyMatrices, whyNotRigid } from './matrix4.ts';

/** One item of RegistrationSequence: how points of `frameOfReferenceUid` go to the frame of the registration. */
export interface RegistrationItem {
  /** '' when the item names images alone (type 1C): organize then fills in the frame of those images. */
  frameOfReferenceUid: string;
  /** Present only when it is a rigid motion, whatever type is declared: a rigid one is a special case of the others. */
  matrix?: Matrix4;
  /** Why there is no rigid matrix; '' when there is one. */
  problem: string;
  /** True when the item has several matrices whose order makes a difference. */
  orderMatters: boolean;
  /** True when the frame of reference is that of its images. */
  frameByImages?: boolean;
  imageUids: string[];
}

/** A Spatial or Deformable Spatial Registration: PS3.3 A.39. */
export interface Registration {
  sopInstanceUid: string;
  /** The frame that all items are registered to. */
  frameOfReferenceUid: string;
  /** YYYY-MM-DD and HH:MM:SS of Content, else of InstanceCreation; '' when absent. */
  date: string;
  time: string;
  deformable: boolean;
  items: RegistrationItem[];
  referencedSeriesUids: string[];
}

/** Read a registration. Nothing is thrown: an item that is no rigid motion says why. */
export function readRegistration(dataSet: DataSet): Registration {
  const deformable = dataSet.items('DeformableRegistrationSequence');
  const content = isoDate(dataSet.text('ContentDate'));
  return {
    sopInstanceUid: dataSet.text('SOPInstanceUID'),
    frameOfReferenceUid: dataSet.text('FrameOfReferenceUID'),
    date: content || isoDate(dataSet.text('InstanceCreationDate')),
    time: isoTime(dataSet.text(content ? 'ContentTime' : 'InstanceCreationTime')),
    deformable: deformable.length > 0,
    items: [...dataSet.items('RegistrationSequence').map(readRigidItem), ...deformable.map(readDeformableItem)],
    referencedSeriesUids: referencedSeries(dataSet),
  };
}

const MATRIX_TYPES = ['RIGID', 'RIGID_SCALE', 'AFFINE'];

/**
 * The matrices of an item, in all its MatrixRegistrationSequence items, apply in their order, the first one first:
 * a point goes to M3 M2 M1 p. PS3.3 C.20.2.1.1: "Equation C.20.2-2 specifies the order of the matrix multiplication
 * where M1, M2 and M3 are the first, second and third Items in the Sequence." vtkDICOMTransformReader does the same.
 */
function readRigidItem(item: DataSet): RegistrationItem {
  const matrices = item.items('MatrixRegistrationSequence').flatMap((m) => m.items('MatrixSequence'));
  const numbers = matrices.map((m) => m.numbers('FrameOfReferenceTransformationMatrix'));
  const types = matrices.map((m) => m.text('FrameOfReferenceTransformationMatrixType').toUpperCase());
  const problem = whyUnusable(numbers, types);
  const compose = (list: Matrix4[]) => list.reduce((inner, outer) => multiplyMatrices(outer, inner), IDENTITY4);
  const matrix = problem ? undefined : compose(numbers);
  const reversed = problem ? undefined : compose(numbers.toReversed());
  return {
    frameOfReferenceUid: item.text('FrameOfReferenceUID'),
    matrix,
    problem,
    orderMatters: matrix !== undefined && greatestDistanceMm(matrix, reversed!) > SAME_MOTION_MM,
    imageUids: referencedImages(item),
  };
}

/** Two motions that differ by less than this are one: rounding of the numbers in files. */
export const SAME_MOTION_MM = 0.1;

function whyUnusable(matrices: Matrix4[], types: string[]): string {
  if (matrices.length === 0) return 'it has no matrix';
  const unknown = types.find((type) => !MATRIX_TYPES.includes(type));
  if (unknown !== undefined) return `the type '${unknown}' of its matrix is not one that DICOM defines`;
  return matrices.map(whyNotRigid).find((problem) => problem !== '') ?? '';
}

function readDeformableItem(item: DataSet): RegistrationItem {
  return {
    frameOfReferenceUid: item.text('SourceFrameOfReferenceUID'),
    problem: 'it is deformable, but only rigid registrations are applied',
    orderMatters: false,
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
