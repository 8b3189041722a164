import { SopClass } from '../dicom/uid.ts';
import type { DicomJson } from '../dicom/write.ts';
import { patientAndStudy } from './patient-and-study.ts';
import { type Plan, plannedFractions, targetPrescriptions } from './plan.ts';
import { type ObjectContext, reference, series } from './write-dose.ts';

/** A plan that records the sum of others: 16 characters hold its label. */
export interface PlanSum {
  sopInstanceUid: string;
  label: string;
  plans: Plan[];
  /** Prescription of the sum, Gy; absent when a plan says none. */
  prescriptionGy?: number;
}

/**
 * An RTPLAN object (PS3.3 A.20) that says which plans a summed dose is of: no beams, the fractions of all plans, their
 * targets, and the plans by reference. It is a record for research and never claims an approval.
 */
export function planSumObject(sum: PlanSum, context: ObjectContext): DicomJson {
  const structureSetUids = [...new Set(sum.plans.flatMap((plan) => plan.structureSetUids))];
  return {
    ...patientAndStudy(context.source),
    ...series(context, 'RTPLAN'),
    SOPClassUID: SopClass.rtPlan,
    SOPInstanceUID: sum.sopInstanceUid,
    RTPlanLabel: sum.label.slice(0, 16).trim(),
    RTPlanDescription: `Sum of ${sum.plans.length} plans; not for treatment`,
    RTPlanDate: context.date,
    RTPlanTime: context.time,
    PlanIntent: 'RESEARCH',
    RTPlanGeometry: structureSetUids.length > 0 ? 'PATIENT' : 'TREATMENT_DEVICE',
    ApprovalStatus: 'UNAPPROVED',
    DoseReferenceSequence: doseReferences(sum),
    FractionGroupSequence: sum.plans.map((plan, n) => ({
      FractionGroupNumber: n + 1,
      NumberOfFractionsPlanned: plannedFractions(plan) ?? null,
      NumberOfBeams: 0,
      NumberOfBrachyApplicationSetups: 0,
    })),
    ReferencedRTPlanSequence: sum.plans.map((plan) => ({
      ...reference(SopClass.rtPlan, plan.sopInstanceUid),
      RTPlanRelationship: 'PREDECESSOR',
    })),
    ReferencedStructureSetSequence: structureSetUids.map((uid) => reference(SopClass.rtStructureSet, uid)),
  };
}

/** The prescription of the sum first, then the targets of the plans as each of them says. */
function doseReferences({ plans, prescriptionGy }: PlanSum): DicomJson[] {
  const whole = prescriptionGy === undefined ? [] : [{ description: 'sum of all plans', doseGy: prescriptionGy }];
  const targets = plans.flatMap((plan) =>
    targetPrescriptions(plan).map((target) => ({
      description: [plan.label, target.description].filter(Boolean).join(' '),
      doseGy: target.targetPrescriptionGy ?? 0,
    })),
  );
  return [...whole, ...targets].map(({ description, doseGy }, n) => ({
    DoseReferenceNumber: n + 1,
    DoseReferenceStructureType: 'SITE',
    DoseReferenceDescription: description,
    DoseReferenceType: 'TARGET',
    TargetPrescriptionDose: doseGy,
  }));
}
