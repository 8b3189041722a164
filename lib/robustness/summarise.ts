import type { Row } from '../tables/table.ts';
import { coefficientOfVariationPct, quartileCoefficientOfDispersion, quartiles } from './dispersion.ts';
import { type Estimate, intraclassCorrelations } from './intraclass-correlation.ts';
import { type LabelSettings, labelOf } from './label.ts';

/** One structure of one course, and what its features were under each perturbation. */
export interface Subject {
  courseId: string;
  /** By perturbation; undefined where it failed. Features in the order of the group. */
  values: Map<string, Float64Array | undefined>;
}

/** Structures of one name, source and modality over the cohort. */
export interface SubjectGroup {
  identity: Row;
  subjects: Subject[];
}

/**
 * A row of robustness_summary for a feature of a group. Every structure that counts has a value under every perturbation
 * that counts; a perturbation counts when at least half of those perturbed at all went through it.
 * @param feature index of the feature in the subjects' values
 */
export function summariseFeature(group: SubjectGroup, feature: number, settings: LabelSettings): Row {
  const { subjects } = group;
  const known = new Set(subjects.flatMap(({ values }) => [...values.keys()]));
  const used = perturbationsThatCount(subjects, [...known]);
  const complete = subjects
    .map((subject) => ({
      subject,
      row: Float64Array.from(used, (id) => subject.values.get(id)?.[feature] ?? Number.NaN),
    }))
    .filter(({ row }) => row.length > 0 && row.every(Number.isFinite));
  return {
    ...group.identity,
    n_subjects: subjects.length,
    n_subjects_complete: complete.length,
    n_subjects_dropped: subjects.length - complete.length,
    n_courses: new Set(complete.map(({ subject }) => subject.courseId)).size,
    n_perturbations: used.length,
    n_perturbations_dropped: known.size - used.length,
    ...agreement(
      complete.map(({ row }) => row),
      used.length,
      settings,
    ),
  };
}

/** Structures that went through none are left out first. */
function perturbationsThatCount(subjects: Subject[], known: string[]): string[] {
  const perturbed = subjects.filter(({ values }) => known.some((id) => values.get(id)));
  return known.filter((id) => 2 * perturbed.filter(({ values }) => values.get(id)).length >= perturbed.length);
}

function agreement(rows: Float64Array[], measurements: number, settings: LabelSettings): Row {
  const { metrics } = settings;
  const data = new Float64Array(rows.length * measurements);
  for (const [n, row] of rows.entries()) data.set(row, n * measurements);
  const all = intraclassCorrelations({ targets: rows.length, measurements, data });
  const type = metrics.icc.icc_type;
  const chosen = { ICC1: all.icc1, ICC2: all.icc2, ICC3: all.icc3 }[type];
  const cov = dispersion('cov_pct', 'cov', rows, coefficientOfVariationPct, metrics.cov.enabled);
  const qcd = dispersion('qcd', 'qcd', rows, quartileCoefficientOfDispersion, metrics.qcd.enabled);
  const covOfAll = cov.cov_status === 'complete' ? Number(cov.cov_pct) : Number.NaN;
  const label = labelOf(chosen, covOfAll, settings);
  return {
    icc_type: type,
    ...estimateCells('icc', chosen),
    icc_flag: all.flag,
    ...estimateCells('icc1', all.icc1),
    ...estimateCells('icc2', all.icc2),
    ...estimateCells('icc3', all.icc3),
    ...cov,
    ...qcd,
    robustness_label: label,
    pass_seg_perturb: label === 'not_evaluable' ? null : label !== 'poor',
  };
}

function estimateCells(name: string, { value, low, high }: Estimate): Row {
  return { [name]: value, [`${name}_ci95_low`]: low, [`${name}_ci95_high`]: high };
}

function dispersion(
  name: string,
  short: string,
  rows: Float64Array[],
  of: (values: Float64Array) => number,
  isEnabled: boolean,
): Row {
  if (!isEnabled) return { [`n_subjects_${short}`]: 0, [`${short}_status`]: 'disabled' };
  const found = rows.map(of).filter(Number.isFinite);
  const { q1, median, q3 } = quartiles(found);
  const isComplete = found.length > 0 && found.length === rows.length;
  const status = isComplete ? 'complete' : found.length > 0 ? 'partial' : 'not_evaluable';
  return {
    [name]: median,
    [`${name}_q1`]: q1,
    [`${name}_q3`]: q3,
    [`n_subjects_${short}`]: found.length,
    [`${short}_status`]: status,
  };
}
