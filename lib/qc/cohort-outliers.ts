import { type Finding, finding } from '../findings.ts';
import type { Row } from '../tables/table.ts';
import type { QcThresholds } from './check.ts';

/** A finding on a structure that only the cohort shows, with the course that it is of. */
export interface CohortFinding extends Finding {
  courseId: string;
}

interface Quantity {
  column: string;
  what: string;
  unit: string;
  /** Volumes and their spread grow together: they are compared by their logarithm. */
  scale(value: number): number;
  /** Spread below which a cohort is not believed to be, on that scale: identical structures differ by rounding. */
  leastSpread: number;
  /** Whether a row says something of the whole structure. */
  counts(row: Row): boolean;
}

const QUANTITIES: Quantity[] = [
  {
    column: 'mask_volume_cc',
    what: 'volume',
    unit: 'cc',
    scale: Math.log,
    leastSpread: Math.log(1.05),
    counts: (row) => row.cut_at_border !== true,
  },
  {
    column: 'median_hu',
    what: 'median',
    unit: 'HU',
    scale: (value) => value,
    leastSpread: 5,
    counts: () => true,
  },
  {
    column: 'median_dose_gy',
    what: 'median dose',
    unit: 'Gy',
    scale: (value) => value,
    leastSpread: 0.5,
    counts: () => true,
  },
];

/**
 * Structures that differ much from those of the same standard name and source in the cohort, by rows of `qc_measures`: more
 * than so many robust standard deviations (1.4826 times the median absolute deviation; Hampel 1974, JASA 69:383) off the
 * median. Names that few courses have are left out.
 */
export function cohortOutliers(rows: readonly Row[], thresholds: QcThresholds): CohortFinding[] {
  const groups = Map.groupBy(
    rows.filter(({ standard_name: name }) => typeof name === 'string' && name !== ''),
    ({ standard_name: name, source }) => `${name}\n${source}`,
  );
  return [...groups.values()].flatMap((group) =>
    QUANTITIES.flatMap((quantity) => outliersOf(group, quantity, thresholds)),
  );
}

const SD_PER_MAD = 1.4826;

function outliersOf(group: Row[], quantity: Quantity, thresholds: QcThresholds): CohortFinding[] {
  const { column, scale, leastSpread, counts } = quantity;
  const known = group.filter((row) => typeof row[column] === 'number' && counts(row));
  if (new Set(known.map((row) => row.course_id)).size < thresholds.outlier_courses) return [];
  const values = known.map((row) => scale(row[column] as number));
  const middle = medianOf(values);
  const spread = Math.max(SD_PER_MAD * medianOf(values.map((value) => Math.abs(value - middle))), leastSpread);
  return known.flatMap((row, n) => {
    const deviations = Math.abs(values[n] - middle) / spread;
    const usual = medianOf(known.map((other) => other[column] as number));
    return deviations > thresholds.outlier_deviations ? [outlier(row, quantity, usual, known.length)] : [];
  });
}

function outlier(row: Row, { column, what, unit }: Quantity, usual: number, count: number): CohortFinding {
  const { roi_number: roiNumber, roi_name: roiName, source, structure_set_uid: structureSetUid } = row;
  const value = (row[column] as number).toFixed(1);
  const message = `${what} of ${value} ${unit}; the median of ${count} structures named ${row.standard_name} is ${usual.toFixed(1)} ${unit}`;
  return {
    ...finding('COHORT_OUTLIER', `roi ${roiNumber} (${source})`, message),
    courseId: String(row.course_id),
    roiNumber: Number(roiNumber),
    roiName: String(roiName),
    source: String(source),
    structureSetUid: String(structureSetUid ?? ''),
  };
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
