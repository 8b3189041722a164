import type { DataSet } from '#lib/dicom/data-set.ts';
import { readDataSet } from '#lib/dicom/read.ts';
import { SopClass } from '#lib/dicom/uid.ts';
import { type DicomJson, writeDicom } from '#lib/dicom/write.ts';
import { addScaled, cross, type Vec3 } from '#lib/math/vec3.ts';

export const COLUMNS = 5;
export const ROWS = 4;
export const AXIAL: [Vec3, Vec3] = [
  [1, 0, 0],
  [0, 1, 0],
];

/** Spacing of columns and rows, unequal on purpose. */
export const PIXEL_MM: [number, number] = [2, 3];

/** The made-up world: whole numbers at the whole coordinates that the tests use. */
export function worldValue([x, y, z]: Vec3): number {
  return 2 * x - 3 * y + 5 * z + 7;
}

export interface SliceSpec {
  axes?: [Vec3, Vec3];
  positionMm: Vec3;
  more?: DicomJson;
}

/** A single-frame CT slice that shows the world. */
export function slice({ axes = AXIAL, positionMm, more = {} }: SliceSpec): DataSet {
  return readDataSet(
    writeDicom({
      SOPClassUID: SopClass.ctImage,
      SOPInstanceUID: `1.2.${positionMm.map((mm) => Math.round(1000 + mm * 10)).join('.')}`,
      StudyInstanceUID: '1.2.8',
      SeriesInstanceUID: '1.2.9',
      FrameOfReferenceUID: '1.2.10',
      Modality: 'CT',
      ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
      ImagePositionPatient: positionMm,
      ImageOrientationPatient: axes.flat(),
      PixelSpacing: [PIXEL_MM[1], PIXEL_MM[0]],
      RescaleSlope: 1,
      RescaleIntercept: 0,
      RescaleType: 'HU',
      ...PIXELS,
      PixelData: showWorld(axes, positionMm),
      ...more,
    }),
  );
}

export const PIXELS: DicomJson = {
  Rows: ROWS,
  Columns: COLUMNS,
  SamplesPerPixel: 1,
  PhotometricInterpretation: 'MONOCHROME2',
  BitsAllocated: 16,
  BitsStored: 16,
  HighBit: 15,
  PixelRepresentation: 1,
};

/** Pixels of the world on a plane. */
export function showWorld([columnAxis, rowAxis]: [Vec3, Vec3], positionMm: Vec3): Int16Array {
  return Int16Array.from({ length: ROWS * COLUMNS }, (_, at) => {
    const along = addScaled(positionMm, (at % COLUMNS) * PIXEL_MM[0], columnAxis);
    return Math.round(worldValue(addScaled(along, Math.floor(at / COLUMNS) * PIXEL_MM[1], rowAxis)));
  });
}

/** Slices along the normal of `axes` at these distances from `originMm`. */
export function slicesAt(
  offsetsMm: number[],
  axes = AXIAL,
  originMm: Vec3 = [10, 20, 30],
  more: (k: number) => DicomJson = () => ({}),
): DataSet[] {
  const normal = cross(...axes);
  return offsetsMm.map((mm, k) =>
    slice({ axes, positionMm: addScaled(originMm, mm, normal), more: { InstanceNumber: k + 1, ...more(k) } }),
  );
}
