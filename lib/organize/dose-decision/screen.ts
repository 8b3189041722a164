import type { CourseDose, CoursePlan } from '../../rt/course.ts';
import { joinFrames } from '../../rt/join-frames.ts';
import type { Matrix4 } from '../../rt/matrix4.ts';
import type { DoseQuestion, Ledger } from './ledger.ts';

/** Types that describe neither a plan nor a part of which all parts make a plan. */
const PARTIAL_TYPES = ['PLAN_OVERVIEW', 'BEAM_SESSION', 'BRACHY_SESSION', 'CONTROL_POINT', 'RECORD'];
const KNOWN_TYPES = ['PLAN', 'MULTI_PLAN', 'PLAN_SUM', 'FRACTION', 'BEAM', 'BRACHY', 'FRACTION_SESSION'];
/** PlanIntent of plans that are not for treating the patient: PS3.3 C.8.8.9. */
const OTHER_INTENTS = ['VERIFICATION', 'MACHINE_QA', 'RESEARCH', 'SERVICE'];

/** The doses that can be the dose of a treatment; the others are set aside with the reason. */
export function usableDoses(question: DoseQuestion, ledger: Ledger): CourseDose[] {
  const readable = question.doses.filter((dose) => {
    const problem = unusable(dose);
    if (problem) ledger.setAside(dose, 'unusable', problem);
    return !problem;
  });
  if (readable.some((dose) => dose.header.summationTypeAbsent)) {
    ledger.warnings.push('a dose has no DoseSummationType: it is read as the dose of a whole plan');
  }
  return withoutOtherIntents(withoutRelative(readable, ledger), question.plans, ledger);
}

function unusable(dose: CourseDose): string {
  const { grid, doseType, summationType } = dose.header;
  if (!grid) return 'it has no dose grid';
  if (doseType === 'ERROR') return 'DoseType is ERROR: a difference of doses';
  if (PARTIAL_TYPES.includes(summationType))
    return `DoseSummationType ${summationType} does not describe a planned total`;
  return KNOWN_TYPES.includes(summationType) ? '' : `DoseSummationType ${summationType} is unknown`;
}

function withoutRelative(doses: CourseDose[], ledger: Ledger): CourseDose[] {
  const absolute = doses.filter((dose) => dose.header.units !== 'RELATIVE');
  const relative = doses.filter((dose) => dose.header.units === 'RELATIVE');
  if (absolute.length === 0) {
    if (relative.length > 0) ledger.warnings.push('the doses are relative and give no value in Gy');
    return relative;
  }
  for (const dose of relative) ledger.setAside(dose, 'unusable', 'DoseUnits is RELATIVE, but other doses are absolute');
  return absolute;
}

/** Verification, research and rejected plans: set aside unless there is nothing else. */
function withoutOtherIntents(doses: CourseDose[], plans: CoursePlan[], ledger: Ledger): CourseDose[] {
  const reasons = new Map(doses.map((dose) => [dose, otherIntent(dose, plans)]));
  const clinical = doses.filter((dose) => reasons.get(dose) === '');
  if (clinical.length === 0) {
    if (doses.length > 0) ledger.warnings.push('every dose belongs to a plan that is rejected or not for treatment');
    return doses;
  }
  for (const dose of doses) {
    const reason = reasons.get(dose);
    if (reason) ledger.setAside(dose, 'not_clinical', reason);
  }
  return clinical;
}

function otherIntent(dose: CourseDose, plans: CoursePlan[]): string {
  const own = plans.filter(({ sopInstanceUid }) => dose.planUids.includes(sopInstanceUid)).map(({ plan }) => plan);
  if (own.length === 0) return '';
  if (own.every((plan) => OTHER_INTENTS.includes(plan.intent))) return `the plan's intent is ${own[0].intent}`;
  return own.every((plan) => plan.approvalStatus === 'REJECTED') ? 'the plan is rejected' : '';
}

export interface Framed {
  doses: CourseDose[];
  /** Dose UID -> registrations that take it to the frame of the structure set. */
  registrationsOf: Map<string, string[]>;
  /** Dose UID -> matrix of these registrations. */
  matrixOf: Map<string, Matrix4>;
  /** Doses of other frames in which the course has structures: to be evaluated with those, frame by frame. */
  elsewhere: CourseDose[][];
}

/** The doses in the frame of the structure set, or that rigid registrations take there, and those of other frames. */
export function dosesInFrame(doses: CourseDose[], question: DoseQuestion, ledger: Ledger): Framed {
  const frames = question.frameOfReferenceUids;
  const framed: Framed = { doses, registrationsOf: new Map(), matrixOf: new Map(), elsewhere: [] };
  if (frames.length === 0) return framed;
  const base = frames.find((frame) => doses.some((dose) => dose.header.frameOfReferenceUid === frame));
  const inFrame = doses.filter((dose) => {
    const own = dose.header.frameOfReferenceUid;
    if (own === '' || own === base) return true;
    const joins = (base === undefined ? frames : [base]).map((frame) => joinFrames(question.registrations, own, frame));
    const join = joins.find(({ matrix }) => matrix !== undefined);
    if (!join?.matrix) return leaveApart(dose, joins, ledger);
    framed.registrationsOf.set(dose.sopInstanceUid, join.registrationUids);
    framed.matrixOf.set(dose.sopInstanceUid, join.matrix);
    ledger.find('DOSE_REGISTERED', dose.sopInstanceUid, `moved by registration ${join.registrationUids.join(', ')}`);
    return true;
  });
  if (inFrame.some((dose) => dose.header.frameOfReferenceUid === '')) {
    ledger.warnings.push('a dose has no frame of reference: that of the structure set is assumed');
  }
  if (inFrame.length < doses.length) {
    ledger.warnings.push(`${doses.length - inFrame.length} dose(s) have another frame of reference`);
  }
  const registered = framed.registrationsOf.size;
  if (registered > 0) ledger.evidence.push(`${registered} dose(s) are moved to the frame by a registration`);
  const others = doses.filter(
    (dose) => !inFrame.includes(dose) && question.structureFrameUids.includes(dose.header.frameOfReferenceUid),
  );
  const elsewhere = [...Map.groupBy(others, (dose) => dose.header.frameOfReferenceUid).values()];
  return { ...framed, doses: inFrame, elsewhere };
}

function leaveApart(dose: CourseDose, joins: ReturnType<typeof joinFrames>[], ledger: Ledger): false {
  const reason = joins.flatMap((join) => (join.matrix ? [] : [join.reason]))[0];
  const message = `its frame of reference differs from that of the structure set, and ${reason}`;
  ledger.setAside(dose, 'other_frame', message);
  ledger.find('DOSE_IN_OTHER_FRAME', dose.sopInstanceUid, message);
  return false;
}
