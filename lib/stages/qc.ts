import type { StageContext } from '../course-store/context.ts';
import { chosenDoseUid, joinOf, loadDose } from '../course-store/dose.ts';
import { gridOf, type ImageRecord, readImages } from '../course-store/images.ts';
import { writeJson } from '../course-store/json.ts';
import { readMask, readStructures, roiIdentity, type StructureRecord } from '../course-store/structures.ts';
import type { TablePart } from '../course-store/table-part.ts';
import { BadInput, describeError } from '../errors.ts';
import { type Finding, finding } from '../findings.ts';
import { coverageOf } from '../image/coverage.ts';
import type { Grid } from '../image/grid.ts';
import type { CourseFacts, DoseFacts, ImageFacts, PlanFacts, StructureFacts } from '../qc/facts.ts';
import { IMAGE_CHOICE_CODES } from '../qc/image-choice.ts';
import { checkCourse, QC_COLUMNS, qcRows } from '../qc/qc.ts';
import { assembledGrid } from '../rt/assemble-dose.ts';
import {
  type Course,
  type CourseDose,
  type CoursePlan,
  type CourseStructureSet,
  countFractions,
} from '../rt/course.ts';
import type { Dose } from '../rt/dose.ts';
import { instancesOf } from '../rt/dose-decision.ts';
import { framesOf } from '../rt/join-frames.ts';
import { plannedFractions, planPrescription } from '../rt/plan.ts';
import { courseCells } from '../rt/row-identity.ts';
import { courseKeys } from '../store/keys.ts';
import { defineCourseStage } from './define-course-stage.ts';

const QC_READS = [
  'courseId',
  'patient',
  'images',
  'structureSets',
  'plans',
  'doses',
  'doseDecision',
  'fractions',
  'findings',
  'registrations',
] as const satisfies (keyof Course)[];
type QcCourse = Pick<Course, (typeof QC_READS)[number]>;

/** Checks of what the earlier stages found and made: a row per finding, and a verdict for the course. */
export const qc = defineCourseStage({
  name: 'qc',
  reads: QC_READS,
  configuration: () => ({}),
  means: () => ({}),
  claim: (_, config) =>
    config.qc.enabled
      ? { cpus: 1, memoryMiB: 1024, gpus: 0, timeoutSeconds: config.task_timeout }
      : { skip: 'disabled: qc.enabled is false' },
  async compute({ course }, context) {
    const results = checkCourse(await collectFacts(course, context));
    const rows = qcRows(courseCells(course), results);
    const part: TablePart = { columns: QC_COLUMNS, rows };
    await writeJson(context.store, courseKeys(course.courseId).part('qc', 'qc'), part);
    return { status: 'ok', findings: results.flatMap(({ findings }) => findings.map(({ roi: _, ...found }) => found)) };
  },
});

async function collectFacts(course: QcCourse, context: StageContext): Promise<CourseFacts> {
  const images = await readImages(context.store, course.courseId);
  const { structures, findings } = await readStructures(context.store, course.courseId);
  const doses = await Promise.all(course.doses.map((dose) => doseOf(course, dose, context)));
  const grids = doseGrids(
    course,
    doses.flatMap(({ dose }) => dose ?? []),
  );
  const { selected } = course.doseDecision;
  const doseUid = selected.length > 0 ? chosenDoseUid(selected) : undefined;
  const structureFacts: StructureFacts[] = [];
  for (const record of structures) {
    structureFacts.push({
      ...record,
      ...roiIdentity(course, record),
      doseUid,
      doseCoverage: await coverage(record, images, grids, context),
    });
  }
  return {
    images: images.map((image) => imageFacts(image, course)),
    structureSets: course.structureSets.map((set) => ({
      sopInstanceUid: set.sopInstanceUid,
      source: 'manual',
      frameOfReferenceUids: set.header.frameOfReferenceUids,
      imageFrameUids: imageFramesOf(set, course),
    })),
    imageFindings: course.findings.filter(({ code }) => IMAGE_CHOICE_CODES.includes(code)),
    structureFindings: findings,
    joinedFrameUids: joinedFrames(course),
    structures: structureFacts,
    plans: course.plans.map((plan) => planFacts(plan, course)),
    doses: doses.map((dose) => dose.facts),
    fractionsDelivered: countFractions(course.fractions),
  };
}

function imageFacts(image: ImageRecord, course: QcCourse): ImageFacts {
  return {
    seriesInstanceUid: image.seriesInstanceUid,
    modality: image.modality,
    isPlanningImage: image.role === 'planning',
    frameOfReferenceUid: course.images[image.number].frameOfReferenceUid,
    findings: image.findings,
  };
}

function imageFramesOf(set: CourseStructureSet, { images }: QcCourse): string[] {
  const numbers = [set, ...set.roiImages].flatMap(({ imageNumber }) => imageNumber ?? []);
  return [...new Set(numbers)].map((number) => images[number].frameOfReferenceUid);
}

function joinedFrames(course: QcCourse): string[] {
  const planning = course.images.find((image) => image.role === 'planning')?.frameOfReferenceUid ?? '';
  const frames = new Set(course.registrations.flatMap(({ registration }) => framesOf(registration)));
  return [...frames].filter((frame) => frame !== planning && joinOf(course, frame, planning).matrix !== undefined);
}

function planFacts({ sopInstanceUid, plan }: CoursePlan, course: QcCourse): PlanFacts {
  const selected = selectedDoses(course);
  const planUids = course.doses.filter((dose) => selected.has(dose.sopInstanceUid)).flatMap((dose) => dose.planUids);
  const isSelected = planUids.length === 0 ? course.plans.length === 1 : planUids.includes(sopInstanceUid);
  const prescription = planPrescription(plan);
  return {
    sopInstanceUid,
    selected: isSelected,
    frameOfReferenceUid: '',
    approvalStatus: plan.approvalStatus,
    fractionsPlanned: plannedFractions(plan),
    prescriptionGy: prescription?.doseGy,
  };
}

function selectedDoses(course: QcCourse): Set<string> {
  return new Set(course.doseDecision.selected.flatMap(instancesOf));
}

async function doseOf(
  course: QcCourse,
  dose: CourseDose,
  context: StageContext,
): Promise<{ facts: DoseFacts; dose?: Dose }> {
  const { header, sopInstanceUid } = dose;
  const facts: DoseFacts = {
    sopInstanceUid,
    selected: selectedDoses(course).has(sopInstanceUid),
    frameOfReferenceUid: header.frameOfReferenceUid,
    doseType: header.doseType,
    findings: [],
  };
  if (!facts.selected) return { facts };
  try {
    const loaded = await loadDose(course, sopInstanceUid, context);
    return { facts: { ...facts, findings: loaded.findings }, dose: loaded };
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    const findings: Finding[] = [finding('DOSE_UNUSABLE', sopInstanceUid, describeError(error))];
    return { facts: { ...facts, findings } };
  }
}

async function coverage(
  record: StructureRecord,
  images: ImageRecord[],
  grids: Grid[],
  context: StageContext,
): Promise<number | undefined> {
  const image = images.find((found) => found.number === record.imageNumber);
  if (!image?.grid || record.status !== 'ok') return undefined;
  const there = grids.filter((grid) => grid.frameOfReferenceUid === image.grid?.frameOfReferenceUid);
  if (there.length === 0) return undefined;
  const mask = await readMask(context.store, record, gridOf(image.grid));
  return Math.max(...there.map((grid) => coverageOf(mask, grid)));
}

/** The grid of the dose that is evaluated first, put together from its parts; of a dose kept by place those of all. */
function doseGrids(course: QcCourse, doses: Dose[]): Grid[] {
  const [first] = course.doseDecision.selected;
  const parts = doses.filter((dose) => first && instancesOf(first).includes(dose.sopInstanceUid));
  const grids = parts.map(({ volume }) => volume.grid);
  const whole = first?.tileUids && grids.length > 0 ? assembledGrid(grids) : undefined;
  return whole ? [whole] : grids;
}
