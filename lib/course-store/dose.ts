import type { DataSet } from '../dicom/data-set.ts';
import { readDataSet } from '../dicom/read.ts';
import { uidFromDigest } from '../dicom/uid.ts';
import type { DicomJson } from '../dicom/write.ts';
import { BadInput } from '../errors.ts';
import { assembleDose } from '../rt/assemble-dose.ts';
import type { Course } from '../rt/course.ts';
import type { Dose } from '../rt/dose.ts';
import { instancesOf, type SelectedDose } from '../rt/dose-decision.ts';
import { type Join, joinFrames, type NoJoin } from '../rt/join-frames.ts';
import { planSumObject } from '../rt/plan-sum.ts';
import { readDose } from '../rt/read-dose.ts';
import { type DoseTerm, sumDoses } from '../rt/sum-doses.ts';
import { doseObject } from '../rt/write-dose.ts';
import { courseKeys } from '../store/keys.ts';
import type { ObjectStore } from '../store/store.ts';
import { allowedFields, type Identifiers } from './allowed-fields.ts';
import type { StageContext } from './context.ts';
import { sha256 } from './json.ts';
import { readSentObject } from './sent-objects.ts';
import { openUpload, type UploadPlace } from './upload.ts';

/** What of a course its dose follows from. */
export type DoseCourse = Pick<
  Course,
  'courseId' | 'patient' | 'startDate' | 'plans' | 'doses' | 'doseDecision' | 'registrations'
>;

/** What of it the numbers follow from. */
export type ReadDoseCourse = Pick<Course, 'doses' | 'registrations'>;

/** One dose of the course, by SOP Instance UID. @throws BadInput when it cannot be read */
export async function loadDose(course: Pick<Course, 'doses'>, doseUid: string, upload: UploadPlace): Promise<Dose> {
  return readDose(await doseDataSet(course, doseUid, upload));
}

/**
 * A dose that the rows of a course name: one of the upload, or a sum or whole that the product wrote.
 * @throws BadInput when it cannot be read
 */
export async function namedDose(
  course: Pick<Course, 'courseId' | 'doses'>,
  doseUid: string,
  upload: UploadPlace,
): Promise<Dose> {
  if (course.doses.some((dose) => dose.sopInstanceUid === doseUid)) return loadDose(course, doseUid, upload);
  const key = writtenDoseKey(course.courseId, doseUid);
  if (!(await upload.store.head(key))) throw new BadInput('the sum of doses was not written', { where: doseUid });
  return readDose(readDataSet(await upload.store.get(key)));
}

/** UIDs of the doses of a choice: usually one, or one per place for a dose in several places. */
export function resultDoseUids(selected: SelectedDose[]): string[] {
  const [first] = selected;
  return isOfPlaces(selected) ? first.placeUids! : [chosenDoseUid(selected)];
}

/** Several doses of one plan, each evaluated where it lies. */
function isOfPlaces(selected: SelectedDose[]): boolean {
  return selected.length === 1 && selected[0].placeUids !== undefined && selected[0].weight === 1;
}

/** Of the sums and wholes that the product wrote for the doses of a course, those that are there: keys of RTDOSE objects. */
export async function writtenDoses({ courseId, doses, doseDecision }: Course, store: ObjectStore): Promise<string[]> {
  const { selected, alternatives, otherTypes } = doseDecision;
  const evaluated = [selected, ...[...alternatives, ...otherTypes].map((option) => option.doses)];
  const uids = evaluated.filter((parts) => parts.length > 0).flatMap(resultDoseUids);
  const isSent = (uid: string) => doses.some(({ sopInstanceUid }) => sopInstanceUid === uid);
  const keys = [...new Set(uids)].filter((uid) => !isSent(uid)).map((uid) => writtenDoseKey(courseId, uid));
  const there = await Promise.all(keys.map((key) => store.head(key)));
  return keys.filter((_, i) => there[i] !== undefined);
}

function writtenDoseKey(courseId: string, doseUid: string): string {
  return courseKeys(courseId).file('dvh', `dose-${doseUid}.dcm`);
}

/** The UID of the dose of a choice, whether the dose can be computed or not. */
export function chosenDoseUid(selected: SelectedDose[]): string {
  if (selected.length === 1 && selected[0].weight === 1) return wholeUid(selected[0]);
  return derivedUid('dose', ...selected.flatMap((one) => [wholeUid(one), String(one.weight)]));
}

function wholeUid({ doseUid, tileUids }: SelectedDose): string {
  return tileUids ? derivedUid('assembled dose', ...tileUids) : doseUid;
}

/**
 * The doses that a choice stands for, without a word in the store: the one, or the weighted sum or the whole of its parts;
 * several only for the places of one dose.
 * @throws BadInput when a dose cannot be read, put together or added
 */
export async function computedDoses(
  course: ReadDoseCourse,
  selected: SelectedDose[],
  upload: UploadPlace,
): Promise<Dose[]> {
  if (isOfPlaces(selected)) return Promise.all(resultDoseUids(selected).map((uid) => loadDose(course, uid, upload)));
  return [await chosenDose(course, selected, upload)];
}

/**
 * The same doses, of which a sum or a whole is also written as an RTDOSE; several only for the places of one dose.
 * @throws BadInput when a dose cannot be read, put together or added
 */
export async function dosesOf(
  course: DoseCourse,
  selected: SelectedDose[],
  config: Identifiers,
  context: StageContext,
): Promise<Dose[]> {
  const doses = await computedDoses(course, selected, context);
  if (isOfPlaces(selected) || isAsSent(selected)) return doses;
  const source = await doseDataSet(course, selected[0].doseUid, context);
  await writeSum(course, doses[0], { selected, source, config, context });
  return doses;
}

/** One dose of the upload, whole and once. */
function isAsSent([first, ...others]: SelectedDose[]): boolean {
  return others.length === 0 && first.weight === 1 && !first.tileUids;
}

async function chosenDose(course: ReadDoseCourse, selected: SelectedDose[], upload: UploadPlace): Promise<Dose> {
  if (isAsSent(selected)) return loadDose(course, selected[0].doseUid, upload);
  const doses = await Promise.all(selected.map((one) => wholeDose(course, one, upload)));
  const terms = doses.map((dose, i) => ({ dose, weight: selected[i].weight }));
  const isOne = selected.length === 1 && selected[0].weight === 1;
  const dose = isOne ? doses[0] : sumOf(course, selected, terms);
  return isOne ? dose : { ...dose, findings: [...doses.flatMap(({ findings }) => findings), ...dose.findings] };
}

/** A dose as it stands, or put together from its parts. */
async function wholeDose(course: ReadDoseCourse, selected: SelectedDose, upload: UploadPlace): Promise<Dose> {
  if (selected.placeUids) {
    const message = 'the dose lies at several places and cannot be added or scaled';
    throw new BadInput(message, { where: selected.doseUid });
  }
  if (!selected.tileUids) return loadDose(course, selected.doseUid, upload);
  const parts = await Promise.all(selected.tileUids.map((uid) => loadDose(course, uid, upload)));
  return assembleDose(parts, wholeUid(selected));
}

function sumOf(course: ReadDoseCourse, selected: SelectedDose[], terms: DoseTerm[]): Dose {
  const rigidTransform = (from: string, to: string) => joinOf(course, from, to).matrix;
  return sumDoses(terms, { sopInstanceUid: chosenDoseUid(selected), rigidTransform }).dose;
}

interface Writing {
  selected: SelectedDose[];
  source: DataSet;
  config: Identifiers;
  context: StageContext;
}

/** The sum or whole as an RTDOSE, and as an RTPLAN when it is of several plans. */
async function writeSum(course: DoseCourse, dose: Dose, { selected, source, config, context }: Writing): Promise<void> {
  const describe = (what: string) => ({
    source,
    seriesInstanceUid: derivedUid(what, dose.sopInstanceUid),
    seriesDescription: `Sum of ${selected.flatMap(instancesOf).length} doses`,
    date: course.startDate.replaceAll('-', ''),
    time: '000000',
  });
  const { writeDicom } = await import('../dicom/write.ts');
  const write = (key: string, object: DicomJson) =>
    context.store.put(key, writeDicom(allowedFields(object, course, config)));

  const terms = selected.map(({ doseUid, weight }) => `${weight} x ${doseUid}`).join(', ');
  const comment = `${course.doseDecision.rule}: sum of ${terms}`;
  await write(writtenDoseKey(course.courseId, dose.sopInstanceUid), doseObject(dose, describe('dose series'), comment));
  const plans = course.plans
    .filter(({ sopInstanceUid }) => dose.planUids.includes(sopInstanceUid))
    .map(({ plan }) => plan);
  if (plans.length < 2) return;
  const sopInstanceUid = derivedUid('plan', dose.sopInstanceUid);
  const prescriptionGy = course.doseDecision.prescriptionGy ?? undefined;
  const sum = { sopInstanceUid, label: 'SUM', plans, prescriptionGy };
  await write(
    courseKeys(course.courseId).file('dvh', `plan-${sopInstanceUid}.dcm`),
    planSumObject(sum, describe('plan series')),
  );
}

/** How one frame of reference comes to another by the registrations of the course. */
export function joinOf(course: Pick<Course, 'registrations'>, from: string, to: string): Join | NoJoin {
  const registrations = course.registrations.map(({ registration }) => registration);
  return joinFrames(registrations, from, to);
}

async function doseDataSet(course: Pick<Course, 'doses'>, doseUid: string, upload: UploadPlace): Promise<DataSet> {
  const found = course.doses.find((dose) => dose.sopInstanceUid === doseUid);
  if (!found) throw new Error(`the course has no dose ${doseUid}`);
  return readSentObject(openUpload(upload), found.key);
}

/** The same parts give the same UID in every run. */
function derivedUid(...parts: string[]): string {
  return uidFromDigest(Buffer.from(sha256(parts.join('\n')), 'hex'));
}
