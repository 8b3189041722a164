import type { Config } from '../config.ts';
import type { DataSet } from '../dicom/data-set.ts';
import { readDataSet } from '../dicom/read.ts';
import { uidFromDigest } from '../dicom/uid.ts';
import type { DicomJson } from '../dicom/write.ts';
import type { Course } from '../rt/course.ts';
import type { Dose } from '../rt/dose.ts';
import type { SelectedDose } from '../rt/dose-decision.ts';
import type { Matrix4 } from '../rt/matrix4.ts';
import { planSumObject } from '../rt/plan-sum.ts';
import { readDose } from '../rt/read-dose.ts';
import { rigidTransform } from '../rt/registration.ts';
import { sumDoses } from '../rt/sum-doses.ts';
import { doseObject } from '../rt/write-dose.ts';
import { courseKeys } from '../store/keys.ts';
import { allowedFields } from './allowed-fields.ts';
import type { StageContext } from './context.ts';
import { sha256 } from './json.ts';
import { openUpload } from './upload.ts';

/** One dose of the course, by SOP Instance UID. @throws BadInput when it cannot be read */
export async function loadDose(course: Course, doseUid: string, context: StageContext): Promise<Dose> {
  return readDose(await doseDataSet(course, doseUid, context));
}

/** The UID of the dose that a choice of doses stands for, whether it can be made or not. */
export function chosenDoseUid(selected: SelectedDose[]): string {
  if (selected.length === 1 && selected[0].weight === 1) return selected[0].doseUid;
  return derivedUid('dose', ...selected.flatMap(({ doseUid, weight }) => [doseUid, String(weight)]));
}

/**
 * The dose that a choice of doses stands for: the one, or the weighted sum, which is also written as an RTDOSE.
 * @throws BadInput when a dose cannot be read, or they cannot be added
 */
export async function chosenDose(
  course: Course,
  selected: SelectedDose[],
  config: Config,
  context: StageContext,
): Promise<Dose> {
  if (selected.length === 1 && selected[0].weight === 1) return loadDose(course, selected[0].doseUid, context);
  const doses = await Promise.all(selected.map(({ doseUid }) => loadDose(course, doseUid, context)));
  const terms = doses.map((dose, i) => ({ dose, weight: selected[i].weight }));
  const sopInstanceUid = chosenDoseUid(selected);
  const { dose } = sumDoses(terms, { sopInstanceUid, rigidTransform: (from, to) => transformOf(course, from, to) });
  const source = await doseDataSet(course, selected[0].doseUid, context);
  await writeSum(course, dose, selected, source, config, context);
  return { ...dose, findings: [...doses.flatMap(({ findings }) => findings), ...dose.findings] };
}

/** The sum as an RTDOSE, and as an RTPLAN when it is of several plans. */
async function writeSum(
  course: Course,
  dose: Dose,
  selected: SelectedDose[],
  source: DataSet,
  config: Config,
  context: StageContext,
): Promise<void> {
  const describe = (what: string) => ({
    source,
    seriesInstanceUid: derivedUid(what, dose.sopInstanceUid),
    seriesDescription: `Sum of ${selected.length} doses`,
    date: course.startDate.replaceAll('-', ''),
    time: '000000',
  });
  const { writeDicom } = await import('../dicom/write.ts');
  const write = (name: string, object: DicomJson) =>
    context.store.put(courseKeys(course.courseId).file('dvh', name), writeDicom(allowedFields(object, course, config)));

  const terms = selected.map(({ doseUid, weight }) => `${weight} x ${doseUid}`).join(', ');
  const comment = `${course.doseDecision.rule}: sum of ${terms}`;
  await write(`dose-${dose.sopInstanceUid}.dcm`, doseObject(dose, describe('dose series'), comment));
  const plans = course.plans
    .filter(({ sopInstanceUid }) => dose.planUids.includes(sopInstanceUid))
    .map(({ plan }) => plan);
  if (plans.length < 2) return;
  const sopInstanceUid = derivedUid('plan', dose.sopInstanceUid);
  const prescriptionGy = course.doseDecision.prescriptionGy ?? undefined;
  const sum = { sopInstanceUid, label: 'SUM', plans, prescriptionGy };
  await write(`plan-${sopInstanceUid}.dcm`, planSumObject(sum, describe('plan series')));
}

/** The matrix between two frames of reference by a rigid registration of the course. */
export function transformOf(course: Course, from: string, to: string): Matrix4 | undefined {
  for (const { registration } of course.registrations) {
    const matrix = rigidTransform(registration, from, to);
    if (matrix) return matrix;
  }
  return undefined;
}

async function doseDataSet(course: Course, doseUid: string, context: StageContext): Promise<DataSet> {
  const found = course.doses.find((dose) => dose.sopInstanceUid === doseUid);
  if (!found) throw new Error(`the course has no dose ${doseUid}`);
  return readDataSet(await openUpload(context).get(found.key));
}

/** The same parts give the same UID in every run. */
function derivedUid(...parts: string[]): string {
  return uidFromDigest(Buffer.from(sha256(parts.join('\n')), 'hex'));
}
