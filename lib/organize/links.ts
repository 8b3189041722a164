import { type Finding, type FindingCode, finding } from '../findings.ts';
import type { LinkStatus } from '../rt/course.ts';
import type { IndexRow } from './index-row.ts';
import type { PatientObjects } from './patient-objects.ts';
import { placesBy } from './places.ts';
import { imageLookup } from './series.ts';
import { imagesOfStructureSet, type SetLink } from './structure-image.ts';

export interface Link {
  uids: string[];
  status: LinkStatus;
}

/** The reference graph of one patient: RTRECORD -> RTPLAN -> RTSTRUCT -> images, RTDOSE -> RTPLAN and RTSTRUCT. */
export interface Links {
  imageOfStructureSet: Map<string, SetLink>;
  structureSetOfPlan: Map<string, Link>;
  plansOfDose: Map<string, Link>;
  structureSetOfDose: Map<string, Link>;
  planOfRecord: Map<string, Link>;
  /** `where` is the SOP Instance UID of the object that refers. */
  findings: Finding[];
}

/**
 * Resolve the references of a patient's objects. A UID decides; without one, the only object that fits is inferred.
 * @param isElsewhere whether a series or frame of reference is that of another patient's images
 */
export function linkObjects(objects: PatientObjects, isElsewhere: (uid: string) => boolean): Links {
  const { structureSets, plans, doses, records, series } = objects;
  const lookup = imageLookup(series);
  const [known, knownPlans] = [uidsOf(structureSets), uidsOf(plans)];
  const images = new Map(structureSets.map((row) => [row.sopInstanceUid, imagesOfStructureSet(row, lookup)]));
  const setsOfFrame = rowsBy(structureSets, (row) => row.structureSet!.frameOfReferenceUids);
  const plansOfFrame = rowsBy(plans, (row) => [row.frameOfReferenceUid].filter(Boolean));
  const structureSetOfPlan = new Map(plans.map((row) => [row.sopInstanceUid, structureSetOf(row, setsOfFrame, known)]));
  const plansOfDose = new Map(doses.map((row) => [row.sopInstanceUid, plansOf(row, plansOfFrame, knownPlans)]));
  const links = {
    imageOfStructureSet: images,
    structureSetOfPlan,
    plansOfDose,
    structureSetOfDose: new Map(doses.map((row) => [row.sopInstanceUid, byUid(row.dose!.structureSetUids, known)])),
    planOfRecord: new Map(records.map((row) => [row.sopInstanceUid, planOfRecord(row, plans, knownPlans)])),
  };
  return {
    ...links,
    findings: [
      ...structureSets.flatMap((row) => imageFindings(row, images.get(row.sopInstanceUid)!, isElsewhere)),
      ...plans.flatMap((row) => planFindings(row, structureSetOfPlan)),
      ...doses.flatMap((row) => doseFindings(row, plansOfDose)),
    ],
  };
}

/** The structure sets of a plan; with no usable reference, the only one of the same frame, then of the same study. */
function structureSetOf(plan: IndexRow, ofFrame: RowsBy, known: ReadonlySet<string>): Link {
  const named = byUid(plan.plan!.structureSetUids, known);
  if (named.status === 'referenced') return named;
  const sameFrame = ofFrame.get(plan.frameOfReferenceUid) ?? [];
  return inferred(named, only(sameFrame) ?? only(sameStudy(plan, sameFrame)));
}

/** The plans of a dose; with no reference at all, the only plan of the same frame and study. */
function plansOf(dose: IndexRow, ofFrame: RowsBy, known: ReadonlySet<string>): Link {
  const named = byUid(
    dose.dose!.planReferences.map((reference) => reference.planUid),
    known,
  );
  if (named.status !== 'none') return named;
  return inferred(named, only(sameStudy(dose, ofFrame.get(dose.frameOfReferenceUid) ?? [])));
}

/** The plan of a record; with no reference at all, the only plan of the patient. */
function planOfRecord(record: IndexRow, plans: IndexRow[], known: ReadonlySet<string>): Link {
  const named = byUid(record.record!.planUids, known);
  return named.status === 'none' ? inferred(named, only(plans)) : named;
}

type RowsBy = ReadonlyMap<string, IndexRow[]>;

/** Rows by each of their texts, for exports in which all patients are called ANON and are one with thousands of plans. */
function rowsBy(rows: IndexRow[], textsOf: (row: IndexRow) => string[]): RowsBy {
  const places = placesBy(rows, textsOf);
  return new Map([...places].map(([text, own]) => [text, own.map((place) => rows[place])]));
}

function uidsOf(rows: IndexRow[]): Set<string> {
  return new Set(rows.map((row) => row.sopInstanceUid));
}

function byUid(uids: string[], known: ReadonlySet<string>): Link {
  const found = [...new Set(uids)].filter((uid) => known.has(uid));
  if (found.length > 0) return { uids: found, status: 'referenced' };
  return { uids: [], status: uids.length > 0 ? 'unresolved_reference' : 'none' };
}

function inferred(named: Link, row: IndexRow | undefined): Link {
  return row ? { uids: [row.sopInstanceUid], status: 'inferred' } : named;
}

function only(rows: IndexRow[]): IndexRow | undefined {
  return rows.length === 1 ? rows[0] : undefined;
}

function sameStudy(row: IndexRow, others: IndexRow[]): IndexRow[] {
  return others.filter((other) => other.studyInstanceUid === row.studyInstanceUid);
}

/** A structure set whose images are another patient's says that, and not that they are missing. */
function imageFindings(row: IndexRow, link: SetLink, isElsewhere: (uid: string) => boolean): Finding[] {
  const { seriesReferences, frameOfReferenceUids } = row.structureSet!;
  const named = [...seriesReferences.map(({ seriesInstanceUid }) => seriesInstanceUid), ...frameOfReferenceUids];
  const other = named.find(isElsewhere);
  if (link.series || other === undefined) return link.findings;
  const message = `the image belongs to another patient: ${other} is in the upload under another PatientID`;
  return [
    finding('STRUCTURE_SET_IMAGES_OF_OTHER_PATIENT', row.sopInstanceUid, message),
    ...link.findings.filter(({ code }) => code !== 'STRUCTURE_SET_IMAGES_MISSING'),
  ];
}

function planFindings(row: IndexRow, structureSetOfPlan: Links['structureSetOfPlan']): Finding[] {
  const { status } = structureSetOfPlan.get(row.sopInstanceUid)!;
  const at = (code: FindingCode, message: string) => [finding(code, row.sopInstanceUid, message)];
  if (status === 'unresolved_reference')
    return at('PLAN_STRUCTURE_SET_MISSING', 'the structure set of the plan is not in the upload');
  if (status === 'inferred')
    return at('PLAN_STRUCTURE_SET_INFERRED', 'the plan and its structure set are linked by frame of reference');
  return status === 'none' ? at('PLAN_WITHOUT_STRUCTURE_SET', 'the plan refers to no structure set') : [];
}

function doseFindings(row: IndexRow, plansOfDose: Links['plansOfDose']): Finding[] {
  const { uids, status } = plansOfDose.get(row.sopInstanceUid)!;
  const at = (code: FindingCode, message: string) => [finding(code, row.sopInstanceUid, message)];
  const named = new Set(row.dose!.planReferences.map((reference) => reference.planUid));
  if (status === 'unresolved_reference') return at('DOSE_PLAN_MISSING', 'the plan of the dose is not in the upload');
  if (status === 'none') return at('DOSE_WITHOUT_PLAN', 'the dose refers to no plan');
  if (status === 'inferred') return at('DOSE_PLAN_INFERRED', 'the dose and its plan are linked by frame of reference');
  const missing = named.size - uids.length;
  if (missing === 0) return [];
  return at('DOSE_PLAN_MISSING', `${missing} of the ${named.size} plans of the dose are not in the upload`);
}
