import type { StageContext } from '../../course-store/context.ts';
import { computedDoses, joinOf, loadDose } from '../../course-store/dose.ts';
import { BadInput, describeError } from '../../errors.ts';
import { type Finding, finding } from '../../findings.ts';
import type { Grid } from '../../image/grid.ts';
import type { Vec3 } from '../../math/vec3.ts';
import type { DoseFacts } from '../../qc/facts.ts';
import { valueAt } from '../../qc/measure/structure.ts';
import { assembledGrid } from '../../rt/assemble-dose.ts';
import type { CourseDose } from '../../rt/course.ts';
import type { Dose } from '../../rt/dose.ts';
import { instancesOf, type SelectedDose } from '../../rt/dose-decision.ts';
import { movePoint } from '../../rt/matrix4.ts';
import type { PicturedDose } from '../pictures/scene.ts';
import type { QcCourse } from './inputs.ts';

/** The doses of a course as the checks look at them. */
export interface CourseDoses {
  facts: DoseFacts[];
  /** Grids that coverage is counted in: of the dose that is evaluated first, put together from its parts. */
  grids: Grid[];
  /** The dose of the course at a point of a frame of reference, Gy; undefined outside of it. */
  doseAt(frameOfReferenceUid: string): ((pointMm: Vec3) => number | undefined) | undefined;
}

/** Reads the selected doses. One that cannot be read is a finding. */
export async function loadDoses(course: QcCourse, context: StageContext): Promise<CourseDoses> {
  const read = await Promise.all(course.doses.map((dose) => readOne(course, dose, context)));
  const loaded = read.flatMap(({ dose }) => dose ?? []);
  return {
    facts: read.map(({ facts }) => facts),
    grids: doseGrids(course, loaded),
    doseAt: (frame) => doseSum(course, loaded, frame),
  };
}

/** The dose of the course as pictures show it; none where it cannot be read, which the facts say. */
export async function picturedDoses(course: QcCourse, context: StageContext): Promise<PicturedDose[]> {
  const { selected, prescriptionGy } = course.doseDecision;
  if (selected.length === 0) return [];
  try {
    const doses = await computedDoses(course, selected, context);
    return doses.map((dose) => ({ dose, prescriptionGy: prescriptionGy ?? undefined }));
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    return [];
  }
}

async function readOne(
  course: QcCourse,
  dose: CourseDose,
  context: StageContext,
): Promise<{ facts: DoseFacts; dose?: Dose }> {
  const { header, sopInstanceUid } = dose;
  const facts: DoseFacts = {
    sopInstanceUid,
    selected: course.doseDecision.selected.flatMap(instancesOf).includes(sopInstanceUid),
    frameOfReferenceUid: header.frameOfReferenceUid,
    doseType: header.doseType,
    findings: [],
  };
  if (!facts.selected) return { facts };
  try {
    const loaded = await loadDose(course, sopInstanceUid, context);
    return { facts: { ...facts, spacingMm: loaded.volume.grid.spacingMm, findings: loaded.findings }, dose: loaded };
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    const findings: Finding[] = [finding('DOSE_UNUSABLE', sopInstanceUid, describeError(error))];
    return { facts: { ...facts, findings } };
  }
}

function doseGrids(course: QcCourse, doses: Dose[]): Grid[] {
  const [first] = course.doseDecision.selected;
  const parts = doses.filter((dose) => first && instancesOf(first).includes(dose.sopInstanceUid));
  const grids = parts.map(({ volume }) => volume.grid);
  const whole = first?.tileUids && grids.length > 0 ? assembledGrid(grids) : undefined;
  return whole ? [whole] : grids;
}

/** Undefined when a dose is unreadable, not in Gy, or lies in a frame that no registration joins to this one. */
function doseSum(course: QcCourse, doses: Dose[], frame: string): ReturnType<CourseDoses['doseAt']> {
  const terms = course.doseDecision.selected.map((selected) => termOf(course, selected, doses, frame));
  if (terms.length === 0 || terms.some((term) => term === undefined)) return undefined;
  return (pointMm) => {
    let sum = 0;
    for (const term of terms) {
      const value = term?.(pointMm);
      if (value === undefined) return undefined;
      sum += value;
    }
    return sum;
  };
}

/** One selected dose, times its weight: of several parts the first that holds the point. */
function termOf(
  course: QcCourse,
  selected: SelectedDose,
  doses: Dose[],
  frame: string,
): ((pointMm: Vec3) => number | undefined) | undefined {
  const parts = instancesOf(selected).map((uid) => doses.find((dose) => dose.sopInstanceUid === uid));
  const places = parts.map((dose) => {
    if (!dose || dose.relative) return undefined;
    if (dose.frameOfReferenceUid === frame) return { dose };
    const { matrix } = joinOf(course, frame, dose.frameOfReferenceUid);
    return matrix && { dose, matrix };
  });
  if (places.some((place) => place === undefined)) return undefined;
  return (pointMm) => {
    for (const place of places) {
      if (!place) continue;
      const there = 'matrix' in place && place.matrix ? movePoint(pointMm, place.matrix, 1) : pointMm;
      const value = valueAt(place.dose.volume, there);
      if (value !== undefined) return selected.weight * value;
    }
    return undefined;
  };
}
