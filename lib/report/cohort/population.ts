import { isTarget } from '../../rt/target.ts';
import type { Row } from '../../tables/table.ts';
import { type CourseView, groupBy } from '../courses.ts';
import { volumeAt } from '../curve.ts';
import { formatCell } from '../format.ts';
import { type Bands, PERCENTILES, type PopulationData, type PopulationStructure } from './population-data.ts';
import { quantile } from './quantiles.ts';
import { FEWEST_COURSES, structureName } from './shared-structures.ts';

const DOSE_GY = Array.from({ length: 101 }, (_, n) => n);
const DOSE_PCT = Array.from({ length: 101 }, (_, n) => 1.25 * n);
/** Structures that are compared by group, and groups of each, at most: a page holds so much. */
const MOST_GROUPED = 40;
const MOST_GROUPS = 6;

/** What courses are compared by: the value of a course, '' where it has none. */
const GROUPINGS: { name: string; groupOf(course: CourseView): string }[] = [
  { name: 'technique', groupOf: ({ metadata: m }) => String(m.technique_inferred ?? '') },
  { name: 'machine', groupOf: ({ metadata: m }) => String(m.treatment_machine ?? '') },
  {
    name: 'prescription',
    groupOf: ({ metadata: { total_prescription_gy: gy } }) =>
      typeof gy === 'number' ? `${formatCell(gy, 'Gy')} Gy` : '',
  },
];

/** A structure of a course, its curve read at the doses of the population. */
export interface SampledCurve {
  name: string;
  source: string;
  /** The group of its course by each of `GROUPINGS`. */
  groups: string[];
  absolute: Float32Array;
  relative?: Float32Array;
}

/** The curves of a course that the population counts: of its primary set, on its first dose, each structure once. */
export function sampleCurves(course: CourseView, rows: Row[]): SampledCurve[] {
  const [first] = rows;
  const hasPrimary = rows.some(({ primary }) => primary);
  const counted = rows.filter(
    (row) => row.dose_uid === first.dose_uid && (row.source !== 'manual' || !hasPrimary || row.primary),
  );
  const metrics = new Map(course.rows('dvh_metrics').map((row) => [rowKey(row), row]));
  const perRoi = [...groupBy(counted, rowKey)];
  const perName = groupBy(perRoi, ([, [row]]) => `${structureName(row)}\n${row.source}`);
  return [...perName.values()].flatMap(([[key, points]]) => {
    const curve = {
      doseGy: points.map((row) => Number(row['dose[Gy]'])),
      volumePct: points.map((row) => Number(row['volume[%]'])),
    };
    if (points.length < 2) return [];
    const prescriptionGy = metrics.get(key)?.['prescription[Gy]'];
    const relative =
      typeof prescriptionGy === 'number' && prescriptionGy > 0
        ? Float32Array.from(DOSE_PCT, (pct) => volumeAt(curve, (pct * prescriptionGy) / 100))
        : undefined;
    return [
      {
        name: structureName(points[0]),
        source: String(points[0].source ?? ''),
        groups: GROUPINGS.map(({ groupOf }) => groupOf(course)),
        absolute: Float32Array.from(DOSE_GY, (gy) => volumeAt(curve, gy)),
        relative,
      },
    ];
  });
}

/**
 * Percentiles of the curves of every structure that enough courses share, for all courses and for the groups that they fall
 * into: a group of few courses has none.
 */
export function populationOf(curves: SampledCurve[]): PopulationData {
  const structures = [...groupBy(curves, ({ name, source }) => `${name}\n${source}`).values()]
    .filter((same) => same.length >= FEWEST_COURSES)
    .sort((a, b) => Number(isTargetOf(b)) - Number(isTargetOf(a)) || b.length - a.length)
    .map((same, n) => ({
      ...{ name: same[0].name, source: same[0].source, all: bandsOf(same) },
      groups: GROUPINGS.map((_, grouping) => (n < MOST_GROUPED ? groupsOf(same, grouping) : [])),
    }));
  return { doseGy: DOSE_GY, dosePct: DOSE_PCT, groupings: GROUPINGS.map(({ name }) => name), structures };
}

/** None where all courses are alike. */
function groupsOf(same: SampledCurve[], grouping: number): PopulationStructure['groups'][number] {
  const groups = [...groupBy(same, ({ groups: values }) => values[grouping])]
    .filter(([value, members]) => value !== '' && members.length >= FEWEST_COURSES)
    .sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1))
    .slice(0, MOST_GROUPS);
  return groups.length < 2 ? [] : groups.map(([value, members]) => ({ value, bands: bandsOf(members) }));
}

function bandsOf(curves: SampledCurve[]): Bands {
  const relative = curves.flatMap((curve) => curve.relative ?? []);
  return {
    courses: curves.length,
    prescribed: relative.length,
    absolute: bands(curves.map(({ absolute }) => absolute)),
    relative: relative.length >= FEWEST_COURSES ? bands(relative) : [],
  };
}

function isTargetOf([{ name }]: SampledCurve[]): boolean {
  return isTarget({ name, interpretedType: '' });
}

function bands(curves: Float32Array[]): number[][] {
  const atDose = DOSE_GY.map((_, n) => Float32Array.from(curves, (curve) => curve[n]).sort());
  return PERCENTILES.map((percent) => atDose.map((sorted) => Number(quantile(sorted, percent / 100).toFixed(2))));
}

function rowKey(row: Row): string {
  return [row.structure_set_uid, row.source, row.roi_number, row.roi_name, row.dose_uid].join('\n');
}
