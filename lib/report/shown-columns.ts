import type { TableHead } from '../tables/table.ts';
import { OUTLIER_METRICS } from './cohort/outliers.ts';
import { SPREAD_METRICS } from './cohort/spread.ts';
import { SPREAD_AT } from './course/dose-volume.ts';
import { COURSE_METRICS } from './course/metrics.ts';
import { isFeature, SHOWN_FEATURES } from './features.ts';

/**
 * The columns that the pages show of a table: all, but of the wide ones. Of radiomics they show few of more than a thousand
 * features, of DVHs few metrics: a large cohort does not fit into memory with all of them.
 */
export function shownColumns({ name, columns }: TableHead): string[] {
  const names = columns.map((column) => column.name);
  if (name.startsWith('radiomics_')) return names.filter((one) => !isFeature(one) || SHOWN_FEATURES.includes(one));
  if (name === 'dvh_metrics') return names.filter((one) => !isMetric(one) || METRICS.has(one));
  return names;
}

function isMetric(name: string): boolean {
  return /\](_uncertainty)?$/.test(name);
}

const METRICS = new Set([
  ...COURSE_METRICS,
  ...SPREAD_METRICS,
  ...OUTLIER_METRICS,
  ...SPREAD_AT.flatMap((percent) => [`D${percent}%[Gy]`, `D${percent}%[Gy]_uncertainty`]),
  'prescription[Gy]',
]);
