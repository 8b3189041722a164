import { cross, dot, type Vec3 } from '../../math/vec3.ts';
import type { CourseDose } from '../../rt/course.ts';
import type { DoseGrid } from '../../rt/dose-header.ts';
import { type DoseBox, tile } from '../../rt/dose-tiles.ts';
import { newestFirst, planUidsOf, stampOf } from './dose-order.ts';
import { frameSteps } from './grid-extent.ts';
import type { Ledger } from './ledger.ts';
import type { PlacedDose } from './placed-dose.ts';

/**
 * One dose for each part of each plan. Of several RTDOSE of one part on the same grid the newest is a revision of the
 * others; without a date that says so, all stay. Those on different grids are one dose: put together when they fill a
 * box without a hole, else kept by place. A date decides nothing between doses that differ in place.
 */
export function joinPlaces(doses: CourseDose[], ledger: Ledger): PlacedDose[] {
  const groups = Map.groupBy(doses, partKey);
  return [...groups].flatMap(([key, group]) => {
    if (key === '' || group.length === 1) return group;
    const current = [...Map.groupBy(group, gridKey).values()].map((same) => withoutRevisions(same, ledger));
    if (current.some((same) => same.length > 1)) return current.flat();
    return current.length === 1 ? current[0] : [joined(current.flat(), ledger)];
  });
}

const BY_NUMBER = ['FRACTION', 'BEAM', 'BRACHY', 'BEAM_SESSION', 'BRACHY_SESSION'];

/** Doses with the same key are of the same part of the same plan; '' for one that does not say which part it is of. */
function partKey(dose: CourseDose): string {
  const { header } = dose;
  const numbers = header.planReferences.flatMap((reference) => [
    ...reference.fractionGroupNumbers.map((n) => `group ${n}`),
    ...reference.beamNumbers.map((n) => `beam ${n}`),
    ...reference.setupNumbers.map((n) => `setup ${n}`),
  ]);
  const isNumbered = !BY_NUMBER.includes(header.summationType) || numbers.length > 0;
  const plans = planUidsOf(dose).toSorted();
  if (!isNumbered || plans.length === 0) return '';
  const kind = [header.summationType, header.doseType, header.units, header.frameOfReferenceUid];
  return [...plans, ...kind, ...numbers.toSorted()].join('|');
}

/** To a hundredth of a millimetre, and the spacing to a thousandth. */
function gridKey({ header: { grid }, sopInstanceUid }: CourseDose): string {
  if (!grid) return sopInstanceUid;
  const place = [...grid.positionMm, ...grid.frameOffsetsMm].map((mm) => Math.round(100 * mm));
  const scale = [...grid.orientation, ...grid.pixelSpacingMm].map((value) => Math.round(1000 * value));
  return [grid.rows, grid.columns, grid.frames, ...place, ...scale].join(' ');
}

function withoutRevisions(same: CourseDose[], ledger: Ledger): CourseDose[] {
  if (same.length === 1) return same;
  const [newest, ...older] = newestFirst(same);
  if (stampOf(newest) === stampOf(older[0]) || same.some((dose) => dose.header.createdDate === '')) {
    ledger.warnings.push(`${same.length} doses of one plan have the same grid, and their dates do not decide`);
    return same;
  }
  for (const dose of older) {
    ledger.setAside(dose, 'superseded', 'a newer dose of the same plan on the same grid is used: a revision');
    ledger.find(
      'DOSE_REVISED',
      dose.sopInstanceUid,
      `dose ${newest.sopInstanceUid} on the same grid is newer and is used`,
    );
  }
  return [newest];
}

function joined(doses: CourseDose[], ledger: Ledger): PlacedDose {
  const ordered = doses.toSorted((a, b) => (a.sopInstanceUid < b.sopInstanceUid ? -1 : 1));
  const boxes = ordered.map(({ header }) => header.grid && boxOfGrid(header.grid));
  const whole = boxes.every((box) => box !== undefined) ? tile(boxes) : undefined;
  const where = ordered[0].sopInstanceUid;
  if (!whole) {
    const message = `${doses.length} doses of one plan have different grids: each ROI is evaluated on the one that covers it`;
    ledger.find('DOSE_BY_PLACE', where, message);
    return { ...ordered[0], places: ordered };
  }
  ledger.find('DOSE_ASSEMBLED', where, `${doses.length} doses of one plan lie side by side and are joined`);
  if (whole.gaps > 0) ledger.find('DOSE_PLANES_MISSING', where, `planes are missing at ${whole.gaps} place(s)`);
  return { ...ordered[0], tiles: ordered };
}

/** Undefined when the geometry is incomplete. */
function boxOfGrid(grid: DoseGrid): DoseBox | undefined {
  const { positionMm: p, orientation: o, pixelSpacingMm: s } = grid;
  if (p.length !== 3 || o.length !== 6 || s.length !== 2 || ![...p, ...o, ...s].every(Number.isFinite))
    return undefined;
  const row: Vec3 = [o[0], o[1], o[2]];
  const down: Vec3 = [o[3], o[4], o[5]];
  const normal = cross(row, down);
  const originMm: Vec3 = [p[0], p[1], p[2]];
  const level = dot(originMm, normal);
  const levelsMm = frameSteps(grid, normal)
    .map((step) => level + step)
    .sort((a, b) => a - b);
  return { originMm, row, down, normal, spacingMm: [s[1], s[0]], columns: grid.columns, rows: grid.rows, levelsMm };
}
