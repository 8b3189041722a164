import { isTarget } from '../../rt/target.ts';
import type { Row } from '../../tables/table.ts';
import { type CourseView, groupBy } from '../courses.ts';
import { volumeAt } from '../curve.ts';
import { PERCENTILES, type PopulationData } from './population-data.ts';
import { quantile } from './quantiles.ts';
import { FEWEST_COURSES, structureName } from './shared-structures.ts';

const DOSE_GY = Array.from({ length: 101 }, (_, n) => n);
const DOSE_PCT = Array.from({ length: 101 }, (_, n) => 1.25 * n);
const ALL = 'all';

/** A structure of a course, its curve read at the doses of the population. */
export interface SampledCurve {
  name: string;
  source: string;
  technique: string;
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
        technique: String(course.metadata.technique_inferred ?? ''),
        absolute: Float32Array.from(DOSE_GY, (gy) => volumeAt(curve, gy)),
        relative,
      },
    ];
  });
}

/** Percentiles of the curves of every structure that enough courses share, for all courses and for each technique. */
export function populationOf(curves: SampledCurve[]): PopulationData {
  const techniques = [...new Set(curves.map(({ technique }) => technique))].filter(Boolean).sort();
  const groups = techniques.length > 1 ? [ALL, ...techniques] : [ALL];
  const structures = [...groupBy(curves, ({ name, source }) => `${name}\n${source}`).values()]
    .sort((a, b) => Number(isTargetOf(b)) - Number(isTargetOf(a)) || b.length - a.length)
    .flatMap((same) =>
      groups.map((group) => ({ group, same: same.filter(({ technique }) => group === ALL || technique === group) })),
    )
    .filter(({ same }) => same.length >= FEWEST_COURSES)
    .map(({ group, same }) => {
      const relative = same.flatMap((curve) => curve.relative ?? []);
      return {
        ...{ name: same[0].name, source: same[0].source, group, courses: same.length, prescribed: relative.length },
        absolute: bands(same.map(({ absolute }) => absolute)),
        relative: relative.length >= FEWEST_COURSES ? bands(relative) : [],
      };
    });
  return { doseGy: DOSE_GY, dosePct: DOSE_PCT, structures };
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
