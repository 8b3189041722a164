import type { Row } from '../tables/table.ts';
import { completeBlock } from './complete-block.ts';
import { coefficientOfVariationPct, quartileCoefficientOfDispersion, quartiles } from './dispersion.ts';
import { type Estimate, intraclassCorrelations } from './intraclass-correlation.ts';
import type { Kind } from './kinds.ts';
import { type LabelSettings, labelOf } from './label.ts';
import { withinMeanSquare } from './variance-components.ts';

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

/** A kind of perturbation and the names of those that belong to it. */
export interface KindOfPerturbation {
  kind: Kind;
  ids: string[];
}

/**
 * A row of robustness_summary for a feature of a group under one kind of perturbation. What counts is a complete block:
 * every structure in it has a value under every perturbation in it.
 * @param feature index of the feature in the subjects' values
 */
export function summariseFeature(
  group: SubjectGroup,
  feature: number,
  { kind, ids }: KindOfPerturbation,
  settings: LabelSettings,
): Row {
  const { subjects } = group;
  const measured = (subject: number, id: number) => subjects[subject].values.get(ids[id])?.[feature] ?? Number.NaN;
  const block = completeBlock(subjects.length, ids.length, (subject, id) => Number.isFinite(measured(subject, id)));
  const rows = block.rows.map((subject) => Float64Array.from(block.columns, (id) => measured(subject, id)));
  return {
    ...group.identity,
    perturbation: kind,
    n_subjects: subjects.length,
    n_subjects_complete: rows.length,
    n_subjects_dropped: subjects.length - rows.length,
    n_courses: new Set(block.rows.map((subject) => subjects[subject].courseId)).size,
    n_perturbations: block.columns.length,
    n_perturbations_dropped: ids.length - block.columns.length,
    ...agreement(rows, block.columns.length, kind === 'observer' ? byOwnRaters(settings) : settings),
  };
}

/** Observers differ from course to course: form 1, whatever the perturbations go by. */
function byOwnRaters(settings: LabelSettings): LabelSettings {
  const { metrics } = settings;
  return { ...settings, metrics: { ...metrics, icc: { ...metrics.icc, icc_type: 'ICC1' } } };
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
    ...withinSubjects(rows),
    ...cov,
    ...qcd,
    robustness_label: label,
    pass_seg_perturb: label === 'not_evaluable' ? null : label !== 'poor',
  };
}

/** Of differences between two measurements of one subject, 95 % lie within the coefficient (Bland & Altman 1996). */
const REPEATABILITY = 1.96 * Math.SQRT2;

function withinSubjects(rows: Float64Array[]): Row {
  const measurements = rows[0]?.length ?? 0;
  if (measurements < 2) return {};
  const sd = Math.sqrt(withinMeanSquare(rows));
  return { wsd: sd, rc: REPEATABILITY * sd };
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
