import type { CourseView } from '../courses.ts';
import { formatCell, splitUnit } from '../format.ts';
import type { AttentionGroup } from './courses-data.ts';
import { robustScores } from './quantiles.ts';
import { type SharedStructure, sharedStructures } from './shared-structures.ts';

/** Beyond this many robust standard deviations a value is an outlier (Iglewicz and Hoaglin 1993). */
const OUTLYING = 3.5;
/** Fewer courses say little of what is usual. */
const FEWEST_COURSES = 8;
/** Volumes spread by factors: their logarithm is compared. */
const METRICS: { column: string; title: string; scale(value: number): number }[] = [
  { column: 'Volume[cc]', title: 'Volumes far from those of the cohort', scale: Math.log },
  { column: 'Mean[Gy]', title: 'Mean doses far from those of the cohort', scale: (value) => value },
];

/** Columns of `dvh_metrics` that are compared. */
export const OUTLIER_METRICS = METRICS.map(({ column }) => column);

/** Structures whose volume or dose differs from the same structure in the other courses: every one is named. */
export function outlierGroups(courses: CourseView[]): AttentionGroup[] {
  const places = new Map(courses.map((course, n) => [course, n]));
  return METRICS.flatMap(({ column, title, scale }) => {
    const shared = sharedStructures(courses, 'dvh_metrics', (row) => Number(row[column]) > 0);
    const byCourse = new Map<number, string[]>();
    for (const structure of shared)
      for (const { course, note } of outliersOf(structure, column, scale)) {
        const place = places.get(course)!;
        byCourse.set(place, [...(byCourse.get(place) ?? []), note]);
      }
    const entries = [...byCourse]
      .sort(([a], [b]) => a - b)
      .map(([place, notes]): AttentionGroup['entries'][number] => [place, notes.length, notes]);
    return entries.length > 0 ? [{ severity: 'warning', title, code: '', remedy: REMEDY, entries }] : [];
  });
}

/** Values of a column of a structure that lie far from the others; small groups have none. */
export function areOutlying(values: number[], column: string): boolean[] {
  const { scale = (value: number) => value } = METRICS.find((metric) => metric.column === column) ?? {};
  const scaled = values.map(scale);
  if (values.length < FEWEST_COURSES || !scaled.every(Number.isFinite)) return values.map(() => false);
  return robustScores(scaled).map((score) => Math.abs(score) > OUTLYING);
}

const REMEDY = `More than ${OUTLYING} robust standard deviations from the median: look at the contours, the name and the dose.`;

function outliersOf({ name, source, rows }: SharedStructure, column: string, scale: (value: number) => number) {
  if (rows.length < FEWEST_COURSES) return [];
  const { unit, name: metric } = splitUnit(column);
  const scores = robustScores(rows.map(({ row }) => scale(Number(row[column]))));
  return rows.flatMap(({ course, row }, n) => {
    if (Math.abs(scores[n]) <= OUTLYING) return [];
    const value = `${formatCell(row[column], unit)} ${unit}`;
    return [
      {
        course,
        note: `${name} (${source}): ${metric} ${value}, ${scores[n] > 0 ? '+' : '−'}${Math.abs(scores[n]).toFixed(1)} SD of ${rows.length}`,
      },
    ];
  });
}
