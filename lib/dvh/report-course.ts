import { type Finding, finding, findingsOn } from '../findings.ts';
import { coverageFindings } from '../rt/dose-coverage.ts';
import { byPattern } from '../rt/roi-pattern.ts';
import { DOSE_UID, type RoiIdentity, roiCells } from '../rt/row-identity.ts';
import { isTarget } from '../rt/target.ts';
import type { Column, Row } from '../tables/table.ts';
import {
  type CourseDvh,
  type CourseDvhInput,
  type CourseDvhOptions,
  type CourseRoi,
  type PreparedDvh,
  subjectOf,
  whereOf,
} from './course-dvh.ts';
import { isodoseCurve } from './isodose.ts';
import type { RoiMeasurement } from './measure-roi.ts';
import { MEASUREMENT_COLUMNS, metricColumns, UNCERTAINTY } from './metrics/columns.ts';
import { doseAtVolumeGy } from './metrics/curve.ts';
import { BIOLOGICAL_METRICS, DEFAULT_METRICS, GEUD_METRIC } from './metrics/default-metrics.ts';
import type { Dvh } from './metrics/dvh.ts';
import { evaluateMetric } from './metrics/evaluate-metric.ts';
import { goalRows } from './metrics/goals.ts';
import type { MetricContext } from './metrics/metric-context.ts';
import { type Metric, parseMetric } from './metrics/metric-name.ts';
import { type CoursePrescriptions, prescriptionOf, type RoiPrescription } from './metrics/prescription.ts';
import { thinCurve } from './metrics/thin-curve.ts';

interface Reported {
  roi: CourseRoi;
  registrationUids: string[];
  measurement: RoiMeasurement;
  prescription: RoiPrescription;
  context: MetricContext;
}

/** The tables of a course from its measured ROIs. */
export function reportCourse(prepared: PreparedDvh, measurements: RoiMeasurement[]): CourseDvh {
  const { rois, options, dose, prescriptions } = prepared.input;
  const metrics = metricsOf(options);
  const isodoseCc = courseIsodose(prepared);
  const reported = rois.map((_, n) => describe(prepared, n, measurements[n], isodoseCc));
  return {
    columns: dvhColumns(options),
    rows: reported.map((one) => roiRow(prepared, one, metrics)),
    curves: reported.flatMap((one) => curveRows(prepared, one)),
    goals: goalRows(options.goals ?? [], reported.map(goalSubject), doseUidOf(prepared.input)),
    findings: [
      ...prepared.findings,
      ...reported.flatMap((one) => findingsOn(subjectOf(one.roi), one.measurement.findings)),
      ...reported.flatMap((one) => findingsOn(subjectOf(one.roi, dose), aboutDose(one, prescriptions))),
    ],
  };
}

/** Columns of the metrics table, which follow from the options alone; those of patient and course go before them. */
export function dvhColumns(
  options: Pick<CourseDvhOptions, 'metrics' | 'alphaBetaGy' | 'geudA' | 'uncertainty'>,
): Column[] {
  const uncertainty = options.uncertainty ?? true;
  return [...MEASUREMENT_COLUMNS, ...metricsOf(options).flatMap((metric) => metricColumns(metric, uncertainty))];
}

function metricsOf(options: Pick<CourseDvhOptions, 'metrics' | 'alphaBetaGy' | 'geudA'>): Metric[] {
  const names = [...(options.metrics ?? DEFAULT_METRICS)];
  if (Object.keys(options.alphaBetaGy ?? {}).length > 0) names.push(...BIOLOGICAL_METRICS);
  if (Object.keys(options.geudA ?? {}).length > 0) names.push(GEUD_METRIC);
  return [...new Map(names.map(parseMetric).map((metric) => [metric.name, metric])).values()];
}

/** One look at the dose for all targets, down to half the least prescription. */
function courseIsodose({ input, field }: PreparedDvh): MetricContext['isodoseCc'] {
  const doses = input.rois.filter(isTarget).flatMap((roi) => prescriptionOf(roi, input.prescriptions).doseGy ?? []);
  return field && doses.length > 0 ? isodoseCurve(field, Math.min(...doses) / 2) : undefined;
}

function describe(
  { input, rois }: PreparedDvh,
  n: number,
  measurement: RoiMeasurement,
  isodoseCc: MetricContext['isodoseCc'],
): Reported {
  const roi = input.rois[n];
  const prescription = prescriptionOf(roi, input.prescriptions);
  const context = {
    prescriptionGy: prescription.doseGy,
    fractions: input.fractions,
    alphaBetaGy: byPattern(roi, input.options.alphaBetaGy ?? {}),
    geudA: byPattern(roi, input.options.geudA ?? {}),
    isodoseCc: isTarget(roi) ? isodoseCc : undefined,
  };
  return { roi, registrationUids: rois[n].registrationUids, measurement, prescription, context };
}

function aboutDose(one: Reported, prescriptions: CoursePrescriptions): Finding[] {
  const covered = coverageFindings(one.roi, coverageOf(one.measurement) ?? 1, whereOf(one.roi));
  return [...covered, ...openPrescription(one, prescriptions), ...unlikelyPrescription(one)];
}

function coverageOf({ status, fine }: RoiMeasurement): number | undefined {
  return status === 'outside_dose' ? 0 : fine?.coverage;
}

function openPrescription(
  { roi, measurement, prescription: { openGy } }: Reported,
  course: CoursePrescriptions,
): Finding[] {
  if (!measurement.fine || openGy === undefined) return [];
  const ofCourse = course.courseGy === undefined ? '' : `, and that of the course is ${course.courseGy.toFixed(2)} Gy`;
  const message = `the name may say ${openGy.toFixed(2)} Gy, which no plan prescribes${ofCourse}: the target has no metrics in percent of the prescription`;
  return [finding('PRESCRIPTION_OPEN', whereOf(roi), message)];
}

/** A prescription is in doubt when the median dose of its target is less than half or more than twice of it. */
const MOST_UNLIKE = 2;

function unlikelyPrescription({ roi, measurement: { fine }, prescription: { doseGy, source } }: Reported): Finding[] {
  if (!fine || doseGy === undefined || source === 'config' || !isTarget(roi)) return [];
  const medianGy = doseAtVolumeGy(fine.curve, fine.curve.volumeCc[0] / 2);
  if (medianGy <= MOST_UNLIKE * doseGy && doseGy <= MOST_UNLIKE * medianGy) return [];
  const message = `${doseGy.toFixed(2)} Gy (${source}) is not a plausible prescription for a target with a median dose of ${medianGy.toFixed(2)} Gy`;
  return [finding('PRESCRIPTION_UNLIKELY', whereOf(roi), message)];
}

function roiRow(
  { input }: PreparedDvh,
  { roi, measurement, prescription, context, registrationUids }: Reported,
  metrics: Metric[],
): Row {
  const { fine } = measurement;
  const isMask = roi.region.kind === 'mask';
  const row: Row = {
    ...roiCells(identityOf(roi)),
    [DOSE_UID.name]: doseUidOf(input),
    status: measurement.status,
    reason: measurement.reason,
    cropped: roi.cropped ?? false,
    dose_type: input.dose?.doseType ?? null,
    dose_summation_type: input.dose?.summationType ?? null,
    fraction_number: input.fractionNumber ?? null,
    moved: movedText(input, registrationUids),
    registration_uids: [...registrationUids, ...(input.doseRegistrationUids ?? [])].join('; '),
    'prescription[Gy]': prescription.doseGy ?? null,
    prescription_source: prescription.source,
    fractions: input.fractions ?? null,
    'alpha_beta[Gy]': context.alphaBetaGy ?? null,
    geud_a: context.geudA ?? null,
    dose_coverage: coverageOf(measurement) ?? null,
    end_cap: isMask ? 'voxel' : (measurement.endCap ?? input.options.endCap),
    interpolation: isMask ? 'voxel' : input.options.interpolation,
    'end_cap_volume[cc]': orNull(measurement.capCc),
    'sample_step[mm]': fine?.stepMm ?? null,
  };
  const withUncertainty = input.options.uncertainty ?? true;
  for (const metric of metrics) {
    const value = figureOf(metric, measurement.volumeCc, fine, context);
    row[metric.name] = orNull(value);
    if (withUncertainty)
      row[`${metric.name}${UNCERTAINTY}`] = orNull(uncertaintyOf(metric, value, measurement, context));
  }
  return row;
}

function figureOf(metric: Metric, volumeCc: number, dvh: Dvh | undefined, context: MetricContext): number {
  if (metric.kind === 'volume') return volumeCc;
  return dvh ? evaluateMetric(metric, dvh, context) : Number.NaN;
}

/** The greatest change of a metric: when the ROI is cut twice as coarsely, and on few planes when its ends lie elsewhere. */
function uncertaintyOf(
  metric: Metric,
  value: number,
  { volumeCc, coarse, ends = [] }: RoiMeasurement,
  context: MetricContext,
): number {
  const others = [
    figureOf(metric, volumeCc, coarse, context),
    ...ends.map((end) => figureOf(metric, end.volumeCc, end.dvh, context)),
  ];
  const changes = others.map((other) => Math.abs(other - value)).filter(Number.isFinite);
  return changes.length > 0 ? Math.max(...changes) : Number.NaN;
}

function movedText({ doseRegistrationUids = [] }: CourseDvhInput, roiRegistrationUids: string[]): string {
  const moved = [roiRegistrationUids.length > 0 && 'roi', doseRegistrationUids.length > 0 && 'dose'];
  return moved.filter((what) => what !== false).join('; ');
}

function curveRows({ input }: PreparedDvh, { roi, measurement }: Reported): Row[] {
  if (!measurement.fine) return [];
  const { doseGy, volumeCc } = thinCurve(measurement.fine.curve);
  return Array.from(doseGy, (dose, n) => ({
    ...roiCells(identityOf(roi)),
    [DOSE_UID.name]: doseUidOf(input),
    point: n + 1,
    'dose[Gy]': dose,
    'volume[cc]': volumeCc[n],
    'volume[%]': (volumeCc[n] / volumeCc[0]) * 100,
    'differential[cc/Gy]': n + 1 < doseGy.length ? (volumeCc[n] - volumeCc[n + 1]) / (doseGy[n + 1] - dose) : null,
  }));
}

function goalSubject({ roi, measurement, context }: Reported) {
  const { fine } = measurement;
  return {
    roi: identityOf(roi),
    status: measurement.status,
    cropped: roi.cropped ?? false,
    value: (metric: Metric) => (fine ? evaluateMetric(metric, fine, context) : Number.NaN),
  };
}

/** '' when there is no dose. */
function doseUidOf({ dose, unusable }: CourseDvhInput): string {
  return dose?.sopInstanceUid ?? unusable?.doseUid ?? '';
}

function identityOf({ name, number, standardName, ...rest }: CourseRoi): RoiIdentity {
  return { ...rest, roiName: name, roiNumber: number, standardName: standardName ?? null };
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
