import type { StageContext } from '../../course-store/context.ts';
import { chosenDoseUid, joinOf } from '../../course-store/dose.ts';
import { type ImageRecord, readImages } from '../../course-store/images.ts';
import { readStructures, roiIdentity, type StructureRecord } from '../../course-store/structures.ts';
import { prescriptionOf } from '../../dvh/metrics/prescription.ts';
import { IMAGE_CHOICE_CODES } from '../../qc/checks/image-choice.ts';
import type { CourseFacts, ImageFacts, PlanFacts, SessionFacts, StructureFacts } from '../../qc/facts.ts';
import { isTreatmentBeam } from '../../rt/beam.ts';
import { type CoursePlan, type CourseStructureSet, countFractions } from '../../rt/course.ts';
import { instancesOf } from '../../rt/dose-decision.ts';
import { framesOf } from '../../rt/join-frames.ts';
import { type Plan, plannedFractions, planPrescription } from '../../rt/plan.ts';
import { isTarget } from '../../rt/target.ts';
import { prescriptionsOf } from '../prescriptions.ts';
import { loadDoses } from './doses.ts';
import type { QcCourse, QcStageConfig } from './inputs.ts';
import { measureImages } from './measure.ts';

/** Everything that the checks look at: from the headers, and measured in masks, images and doses. */
export async function collectFacts(
  course: QcCourse,
  config: QcStageConfig,
  context: StageContext,
): Promise<CourseFacts> {
  const images = await readImages(context.store, course.courseId);
  const { structures: records, findings } = await readStructures(context.store, course.courseId);
  const doses = await loadDoses(course, context);
  const structures = records.map((record) => structureFacts(record, course, config));
  const measured = await measureImages(
    { images, records, structures, doses, thresholds: config.qc.thresholds },
    context,
  );
  return {
    ageYears: course.patient.ageYears,
    images: images.map((image) => ({ ...imageFacts(image, course), hu: measured.hu.get(image.number) })),
    structureSets: course.structureSets.map((set) => ({
      sopInstanceUid: set.sopInstanceUid,
      source: 'manual',
      isPrimary: set.role === 'primary',
      date: set.header.date,
      approvalStatus: set.header.approvalStatus,
      frameOfReferenceUids: set.header.frameOfReferenceUids,
      imageFrameUids: imageFramesOf(set, course),
    })),
    imageFindings: course.findings.filter(({ code }) => IMAGE_CHOICE_CODES.includes(code)),
    structureFindings: findings,
    joinedFrameUids: joinedFrames(course),
    structures: measured.structures,
    overlaps: measured.overlaps,
    plans: course.plans.map((plan) => planFacts(plan, course)),
    doses: doses.facts,
    fractionsDelivered: countFractions(course.fractions),
    sessions: sessionFacts(course),
  };
}

function structureFacts(record: StructureRecord, course: QcCourse, config: QcStageConfig): StructureFacts {
  const { selected } = course.doseDecision;
  const { roiName: name, roiNumber: number, standardName, interpretedType } = record;
  const isPlanned = record.source !== 'manual' || roiIdentity(course, record).primary;
  const option = { ...course.doseDecision, doses: selected };
  const found =
    isTarget({ name, interpretedType }) && isPlanned
      ? prescriptionOf(
          { name, number, standardName, interpretedType },
          prescriptionsOf(course, option, config.dvh.prescriptions),
        )
      : undefined;
  return {
    ...record,
    ...roiIdentity(course, record),
    doseUid: selected.length > 0 ? chosenDoseUid(selected) : undefined,
    prescription: found?.doseGy === undefined ? undefined : { doseGy: found.doseGy, source: found.source },
  };
}

function imageFacts(image: ImageRecord, course: QcCourse): ImageFacts {
  const { frameOfReferenceUid, date, acquisition } = course.images[image.number];
  return {
    seriesInstanceUid: image.seriesInstanceUid,
    modality: image.modality,
    isPlanningImage: image.role === 'planning',
    frameOfReferenceUid,
    date,
    contrastAgent: acquisition.contrastAgent,
    bodyPart: acquisition.bodyPart ?? '',
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
  const selected = new Set(course.doseDecision.selected.flatMap(instancesOf));
  const planUids = course.doses.filter((dose) => selected.has(dose.sopInstanceUid)).flatMap((dose) => dose.planUids);
  const isSelected = planUids.length === 0 ? course.plans.length === 1 : planUids.includes(sopInstanceUid);
  const prescription = planPrescription(plan);
  return {
    sopInstanceUid,
    selected: isSelected,
    frameOfReferenceUid: '',
    approvalStatus: plan.approvalStatus,
    date: plan.date,
    fractionsPlanned: plannedFractions(plan),
    prescriptionGy: prescription?.doseGy,
    isTargetPrescription: prescription?.source === 'target_prescription',
    deliveredByBeamsGy: beamDoseGy(plan),
    beams: treatmentBeams(plan),
  };
}

/** Undefined unless every treatment beam, or every application setup, states its dose. */
function beamDoseGy(plan: Plan): number | undefined {
  const perGroup = plan.fractionGroups.map(({ beams, setups, fractionsPlanned }) => {
    const parts = [...beams.filter(({ number }) => treats(plan, number)), ...setups];
    if (parts.length === 0 || fractionsPlanned === undefined) return undefined;
    if (parts.some(({ doseGy }) => !(doseGy !== undefined && doseGy > 0))) return undefined;
    return fractionsPlanned * parts.reduce((sum, { doseGy }) => sum + (doseGy ?? 0), 0);
  });
  if (perGroup.length === 0 || perGroup.includes(undefined)) return undefined;
  return perGroup.reduce<number>((sum, doseGy) => sum + (doseGy ?? 0), 0);
}

function treatmentBeams(plan: Plan): PlanFacts['beams'] {
  return plan.fractionGroups.flatMap((group) =>
    group.beams
      .filter(({ number }) => treats(plan, number))
      .map(({ number, doseGy, meterset }) => ({
        number,
        doseGy,
        meterset,
        metersetUnit: plan.beams.find((beam) => beam.number === number)?.metersetUnit ?? '',
      })),
  );
}

function treats({ beams }: Plan, number: number): boolean {
  const beam = beams.find((one) => one.number === number);
  return beam !== undefined && isTreatmentBeam(beam);
}

/** A fraction that was broken off and completed on another day has two parts. */
function sessionFacts({ fractions }: QcCourse): SessionFacts[] {
  return fractions.map((fraction) => ({
    planUid: fraction.planUid,
    date: fraction.date,
    isPart:
      fraction.continuesFraction ||
      fractions.some((other) => {
        const isSame = other.planUid === fraction.planUid && other.groupNumber === fraction.groupNumber;
        return other.continuesFraction && isSame && other.number === fraction.number;
      }),
    deliveredMeterset: fraction.deliveredMeterset,
  }));
}
