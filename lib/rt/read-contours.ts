import type { DataSet } from '../dicom/data-set.ts';
import { type Finding, type FindingCode, finding } from '../findings.ts';
import type { Contour, ContourType } from './structure-set.ts';

const CONTOUR_TYPES: ContourType[] = ['CLOSED_PLANAR', 'CLOSEDPLANAR_XOR', 'OPEN_PLANAR', 'OPEN_NONPLANAR', 'POINT'];

/** What can be odd about a contour: the end of a sentence that begins with "n contours". */
const ODDITIES = {
  CONTOUR_POINT_COUNT: 'have a number of points that differs from the stated one',
  CONTOUR_NOT_NUMERIC: 'have coordinates that are not numbers, and are left out',
  CONTOUR_WITHOUT_POINTS: 'have no points, and are left out',
  CONTOUR_TYPE_UNKNOWN: 'have no known geometric type, and are read as closed',
} satisfies Partial<Record<FindingCode, string>>;

type Oddity = keyof typeof ODDITIES;

export interface ReadContours {
  contours: Contour[];
  findings: Finding[];
}

/**
 * The contours of a ROI's items of ROIContourSequence (PS3.3 C.8.8.6) as they are written; all coordinates are finite numbers.
 * `readContourPlanes` judges what they enclose.
 * @param where names the ROI in findings; each kind of oddity is one finding with a count
 */
export function readContours(roiItems: DataSet[], where: string): ReadContours {
  const counts = new Map<Oddity, number>();
  const note = (oddity: Oddity) => counts.set(oddity, (counts.get(oddity) ?? 0) + 1);
  const items = roiItems.flatMap((item) => item.items('ContourSequence'));
  const contours = items.flatMap((item) => readContour(item, note));
  const findings = [...counts].map(([oddity, count]) =>
    finding(oddity, where, `${count} of ${items.length} contours ${ODDITIES[oddity]}`),
  );
  return { contours, findings };
}

function readContour(item: DataSet, note: (oddity: Oddity) => void): Contour[] {
  const values = item.numbers('ContourData');
  const pointCount = Math.floor(values.length / 3);
  const stated = item.number('NumberOfContourPoints');
  if (values.length % 3 !== 0 || (stated !== undefined && stated !== pointCount)) note('CONTOUR_POINT_COUNT');
  if (pointCount === 0) note('CONTOUR_WITHOUT_POINTS');
  const finite = values.every(Number.isFinite);
  if (!finite) note('CONTOUR_NOT_NUMERIC');
  if (pointCount === 0 || !finite) return [];
  const contour: Contour = {
    type: readType(item, note),
    pointsMm: Float64Array.from(values.slice(0, 3 * pointCount)),
    imageUids: item
      .items('ContourImageSequence')
      .map((image) => image.text('ReferencedSOPInstanceUID'))
      .filter(Boolean),
  };
  const slabThicknessMm = item.number('ContourSlabThickness');
  if (slabThicknessMm !== undefined && slabThicknessMm > 0) contour.slabThicknessMm = slabThicknessMm;
  return [contour];
}

function readType(item: DataSet, note: (oddity: Oddity) => void): ContourType {
  const text = item.text('ContourGeometricType').toUpperCase();
  const type = CONTOUR_TYPES.find((known) => known === text);
  if (!type) note('CONTOUR_TYPE_UNKNOWN');
  return type ?? 'CLOSED_PLANAR';
}
