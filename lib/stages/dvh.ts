import type { Config } from '../config.ts';
import type { Identifiers } from '../course-store/allowed-fields.ts';
import type { StageContext } from '../course-store/context.ts';
import { chosenDoseUid, dosesOf, joinOf } from '../course-store/dose.ts';
import { packNifti } from '../course-store/images.ts';
import { writeJson } from '../course-store/json.ts';
import { courseRois } from '../course-store/rois.ts';
import type { TablePart } from '../course-store/table-part.ts';
import { assignRois } from '../dvh/assign-rois.ts';
import { DEFAULT_MEASURE_OPTIONS, finishDvh, prepareDvh } from '../dvh/course.ts';
import type { CourseDvh, CourseDvhInput, CourseDvhOptions, CourseRoi } from '../dvh/course-dvh.ts';
import type { RoiMeasurement } from '../dvh/measure-roi.ts';
import { CURVE_COLUMNS } from '../dvh/metrics/columns.ts';
import { GOAL_COLUMNS, parseGoals } from '../dvh/metrics/goals.ts';
import { workerTask } from '../dvh/task.ts';
import { BadInput, describeError } from '../errors.ts';
import { type Finding, finding } from '../findings.ts';
import { type Course, imageMiB, isAnalysed } from '../rt/course.ts';
import type { Dose } from '../rt/dose.ts';
import type { DoseOption } from '../rt/dose-decision.ts';
import { plannedFractions } from '../rt/plan.ts';
import { COURSE_COLUMNS, courseCells } from '../rt/row-identity.ts';
import { courseKeys } from '../store/keys.ts';
import type { Column, Row } from '../tables/table.ts';
import { defineCourseStage } from './define-course-stage.ts';
import { dosePlanes } from './pictures/dose-planes.ts';
import { writePictures } from './pictures/write.ts';
import { plansOf, prescriptionsOf } from './prescriptions.ts';
import { failuresOf, type NamedStructure, resultOf, type TaskFailure } from './task-failures.ts';

const DVH_READS = [
  'courseId',
  'patient',
  'startDate',
  'images',
  'planningSeriesUid',
  'structureSets',
  'plans',
  'doses',
  'doseDecision',
  'registrations',
] as const satisfies (keyof Course)[];
type DvhCourse = Pick<Course, (typeof DVH_READS)[number]>;

interface DvhConfig extends Pick<Config, 'dvh'>, Identifiers {
  maxGapMm: number;
  /** Of structures that cropping cut, what it left. */
  useCropped: boolean;
}

/** The part of the configuration that DVHs follow from. */
export function dvhConfig({ dvh: settings, structures, ct_cropping: cropping, organize }: Config): DvhConfig {
  return {
    dvh: settings,
    maxGapMm: structures.max_contour_gap_mm,
    useCropped: cropping.enabled && cropping.use_cropped_for_dvh,
    organize: { identifiers: organize.identifiers },
  };
}

/** Dose-volume histograms, metrics and goals of every structure, on the dose that organize decided for. */
export const dvh = defineCourseStage({
  name: 'dvh',
  reads: DVH_READS,
  configuration: dvhConfig,
  means: ({ task_timeout }) => ({ taskTimeoutSeconds: task_timeout }),
  claim(course, config) {
    const structures = course.structureSets.reduce((sum, set) => sum + set.header.rois.length, 0);
    return {
      cpus: structures > 20 ? 2 : 1,
      // The pictures take the voxels of one image after the other: packed, unpacked and as numbers.
      memoryMiB: 1536 + Math.ceil(6 * largestImageMiB(course)),
      gpus: 0,
      timeoutSeconds: config.task_timeout * (1 + structures),
    };
  },
  async compute({ course, config, means }, context) {
    const structures = await courseRois(course, config.useCropped, context);
    const { rois, singlePlaneMm } = structures;
    const loaded = await loadResults(course, config, context);
    const { results } = loaded;
    const findings = [...structures.findings, ...loaded.findings];
    const join = (from: string, to: string) => joinOf(course, from, to);
    const assigned = assignRois(
      rois,
      results.map(({ doses }) => doses),
      join,
    );
    const parts: CourseDvh[] = [];
    const failures: TaskFailure[] = [];
    for (const [n, result] of results.entries()) {
      for (const [place, ofDose] of assigned[n].entries()) {
        const input = inputOf(course, config, { rois: ofDose, singlePlaneMm, result, dose: result.doses[place] });
        const measured = await measure({ ...input, join }, 1000 * means.taskTimeoutSeconds, context);
        parts.push(measured.dvh);
        failures.push(...measured.failures);
      }
    }
    await writeParts(course, parts, context);
    const drawn = results.flatMap(({ doses, option }) =>
      doses.map((dose) => ({ dose, prescriptionGy: option.prescriptionGy ?? undefined })),
    );
    const rows = { metrics: parts.flatMap((part) => part.rows), goals: parts.flatMap((part) => part.goals) };
    findings.push(...(await writePictures('dvh', { course, doses: drawn }, dosePlanes(rows), context)));
    for (const dose of results.flatMap(({ doses }) => doses))
      findings.push(...(await writeDoseNifti(course, dose, context)));
    return resultOf([...findings, ...parts.flatMap((part) => part.findings)], failures);
  },
});

function largestImageMiB(course: Course): number {
  return Math.max(0, ...course.images.filter(isAnalysed).map((image) => imageMiB({ ...course, images: [image] })));
}

/** What rows are computed for: doses that are added up to one, or several places of one; none when unreadable. */
interface Result {
  option: DoseOption;
  doses: Dose[];
  /** Why a course with doses has no result. */
  unusable?: CourseDvhInput['unusable'];
}

/** Usually one result; several parallel doses give one each, distinguished by `dose_uid`. */
async function loadResults(
  course: DvhCourse,
  config: DvhConfig,
  context: StageContext,
): Promise<{ results: Result[]; findings: Finding[] }> {
  const options = resultOptions(course, config.dvh.all_dose_types);
  const results: Result[] = [];
  const findings: Finding[] = [];
  if (options.length === 0) results.push({ option: NO_OPTION, doses: [], unusable: whyNoDose(course) });
  for (const option of options) {
    try {
      results.push({ option, doses: await dosesOf(course, option.doses, config, context) });
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      const reason = describeError(error);
      findings.push(finding('DOSE_UNUSABLE', chosenDoseUid(option.doses), reason));
      results.push({ option, doses: [], unusable: { doseUid: chosenDoseUid(option.doses), reason } });
    }
  }
  return { results, findings };
}

const NO_OPTION: DoseOption = { doses: [], prescriptionGy: null, prescriptionSource: '', targetPrescriptions: [] };

function resultOptions({ doseDecision }: DvhCourse, allTypes: boolean): DoseOption[] {
  const { selected: doses, prescriptionGy, prescriptionSource, targetPrescriptions } = doseDecision;
  const chosen = { doses, prescriptionGy, prescriptionSource, targetPrescriptions };
  const options = doses.length > 0 ? [chosen] : doseDecision.alternatives;
  return allTypes ? [...options, ...doseDecision.otherTypes] : options;
}

/** Why no dose of a course is evaluated; undefined when it has none. */
function whyNoDose({ doseDecision }: DvhCourse): CourseDvhInput['unusable'] {
  const reasons = [...new Set(doseDecision.candidates.map((candidate) => candidate.reason))];
  return reasons.length === 0 ? undefined : { doseUid: null, reason: `no dose is evaluated: ${reasons.join('; ')}` };
}

interface Measured {
  rois: CourseRoi[];
  singlePlaneMm: number;
  result: Result;
  dose: Dose | undefined;
}

function inputOf(
  course: DvhCourse,
  config: DvhConfig,
  { rois, singlePlaneMm, result, dose }: Measured,
): CourseDvhInput {
  const { option, unusable } = result;
  const plans = plansOf(course, option);
  const fractions = plans.map(({ plan }) => plannedFractions(plan));
  return {
    rois,
    dose,
    unusable,
    fractionNumber: option.fractionNumber,
    doseRegistrationUids: option.doses.length > 1 ? option.doses.flatMap((one) => one.registrationUids ?? []) : [],
    prescriptions: prescriptionsOf(course, option, config.dvh.prescriptions),
    fractions: fractions.length > 0 && fractions.every((n) => n !== undefined) ? sum(fractions) : undefined,
    options: optionsOf(config, singlePlaneMm),
  };
}

function sum(numbers: (number | undefined)[]): number {
  return numbers.reduce<number>((total, n) => total + (n ?? 0), 0);
}

export function optionsOf(
  { dvh: settings, maxGapMm }: Pick<DvhConfig, 'dvh' | 'maxGapMm'>,
  singlePlaneMm: number,
): CourseDvhOptions {
  return {
    ...DEFAULT_MEASURE_OPTIONS,
    endCap: settings.end_cap,
    singlePlaneMm,
    maxGapMm,
    metrics: settings.metrics ?? undefined,
    alphaBetaGy: settings.alpha_beta_gy,
    geudA: settings.geud_a,
    goals: settings.goals === null ? [] : parseGoals(settings.goals),
  };
}

/** A thread per ROI where there are threads; results in the order of the ROIs all the same. */
async function measure(
  input: CourseDvhInput,
  timeoutMs: number,
  context: StageContext,
): Promise<{ dvh: CourseDvh; failures: TaskFailure[] }> {
  const prepared = prepareDvh(input);
  const tasks = prepared.rois.flatMap(({ task }, i) =>
    task ? [{ ...workerTask(task, `roi ${input.rois[i].number}`), timeoutMs }] : [],
  );
  const inOrder = (await context.pool.map<RoiMeasurement>('dvh', tasks, context.signal)).values();
  const results = prepared.rois.map(({ task }) => task && inOrder.next().value);
  const failures = results.flatMap((result, i) => (result ? failuresOf(namedRoi(input.rois[i]), result) : []));
  const measured = results.map((result) => result && (result.ok ? result.value : result.error));
  return { dvh: finishDvh(prepared, measured), failures };
}

function namedRoi({ number, name, source, structureSetUid }: CourseRoi): NamedStructure {
  return { roiNumber: number, roiName: name, source, structureSetUid };
}

/** The dose in Gy on its own grid, for other programs. */
async function writeDoseNifti({ courseId }: DvhCourse, dose: Dose, { store }: StageContext): Promise<Finding[]> {
  if (dose.relative) return [];
  const { grid, data } = dose.volume;
  const key = courseKeys(courseId).file('dvh', `dose-${dose.sopInstanceUid}.nii.gz`);
  await store.put(key, packNifti({ grid, data: Float32Array.from(data) }));
  if (!grid.sliceOffsetsMm) return [];
  const message = 'the NIfTI file of the dose has even frames; the exact positions are in the RTDOSE';
  return [finding('NIFTI_SLICES_UNEVEN', dose.sopInstanceUid, message)];
}

async function writeParts(course: DvhCourse, parts: CourseDvh[], context: StageContext): Promise<void> {
  const keys = courseKeys(course.courseId);
  const write = (table: string, columns: Column[], rows: Row[]) => {
    const part: TablePart = {
      columns: [...COURSE_COLUMNS, ...columns],
      rows: rows.map((row) => ({ ...courseCells(course), ...row })),
    };
    return writeJson(context.store, keys.part('dvh', table), part);
  };
  await write(
    'dvh_metrics',
    parts[0].columns,
    parts.flatMap((part) => part.rows),
  );
  await write(
    'dvh_curves',
    CURVE_COLUMNS,
    parts.flatMap((part) => part.curves),
  );
  await write(
    'goals',
    GOAL_COLUMNS,
    parts.flatMap((part) => part.goals),
  );
}
