import type { DataSet } from '../dicom/data-set.ts';
import { type Finding, type FindingCode, finding } from '../findings.ts';
import { planeOfPolygon } from '../math/polygon.ts';
import type { Contour, ContourType } from './structure-set.ts';

const CONTOUR_TYPES: ContourType[] = ['CLOSED_PLANAR', 'CLOSEDPLANAR_XOR', 'OPEN_PLANAR', 'OPEN_NONPLANAR', 'POINT'];
/** Points this far from a contour's own plane can't come from rounding. */
const MAX_DEVIATION_MM = 0.5;
/** No patient coordinate of a clinical scanner lies further from the origin. */
const MAX_COORDINATE_MM = 10_000;

/** What can be odd about a contour: the end of a sentence that begins with "n contours". */
const ODDITIES = {
  CONTOUR_POINT_COUNT: 'hold another number of points than they state',
  CONTOUR_NOT_NUMERIC: 'hold coordinates that are not numbers and are left out',
  CONTOUR_WITHOUT_POINTS: 'hold no point and are left out',
  CONTOUR_TYPE_UNKNOWN: 'state no known geometric type and are taken as closed',
  CONTOUR_OPEN: 'are open and enclose nothing',
  CONTOUR_TOO_FEW_POINTS: 'are closed with fewer than three points and enclose nothing',
  CONTOUR_WITHOUT_AREA: 'have parts that cancel, or no area at all',
  CONTOUR_NOT_PLANAR: `leave their plane by more than ${MAX_DEVIATION_MM} mm`,
  CONTOUR_FAR_AWAY: `lie more than ${MAX_COORDINATE_MM / 1000} m from the origin`,
} satisfies Partial<Record<FindingCode, string>>;

type Oddity = keyof typeof ODDITIES;

/**
 * The contours of an item of ROIContourSequence (PS3.3 C.8.8.6). All coordinates of the result are finite numbers.
 * @param where names the ROI in findings; each kind of oddity is one finding with a count
 */
export function readContours(roiItem: DataSet, where: string, findings: Finding[]): Contour[] {
  const counts = new Map<Oddity, number>();
  const note = (oddity: Oddity) => counts.set(oddity, (counts.get(oddity) ?? 0) + 1);
  const items = roiItem.items('ContourSequence');
  const contours = items.flatMap((item) => readContour(item, note));
  for (const [oddity, count] of counts) {
    findings.push(finding(oddity, where, `${count} of ${items.length} contours ${ODDITIES[oddity]}`));
  }
  return contours;
}

function readContour(item: DataSet, note: (oddity: Oddity) => void): Contour[] {
  const values = item.numbers('ContourData');
  const pointCount = Math.floor(values.length / 3);
  const stated = item.number('NumberOfContourPoints');
  if (values.length % 3 !== 0 || (stated !== undefined && stated !== pointCount)) note('CONTOUR_POINT_COUNT');
  if (pointCount === 0) note('CONTOUR_WITHOUT_POINTS');
  if (values.some(Number.isNaN)) note('CONTOUR_NOT_NUMERIC');
  if (pointCount === 0 || values.some(Number.isNaN)) return [];
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
  judge(contour, note);
  return [contour];
}

function readType(item: DataSet, note: (oddity: Oddity) => void): ContourType {
  const text = item.text('ContourGeometricType').toUpperCase();
  const type = CONTOUR_TYPES.find((known) => known === text);
  if (!type) note('CONTOUR_TYPE_UNKNOWN');
  return type ?? 'CLOSED_PLANAR';
}

function judge(contour: Contour, note: (oddity: Oddity) => void): void {
  const { type, pointsMm } = contour;
  if (pointsMm.some((value) => Math.abs(value) > MAX_COORDINATE_MM)) note('CONTOUR_FAR_AWAY');
  if (type === 'OPEN_PLANAR' || type === 'OPEN_NONPLANAR') note('CONTOUR_OPEN');
  if (type !== 'CLOSED_PLANAR' && type !== 'CLOSEDPLANAR_XOR') return;
  const plane = planeOfPolygon(pointsMm);
  if (pointsMm.length < 9) note('CONTOUR_TOO_FEW_POINTS');
  else if (plane.area === 0) note('CONTOUR_WITHOUT_AREA');
  else if (plane.deviation > MAX_DEVIATION_MM) note('CONTOUR_NOT_PLANAR');
}
