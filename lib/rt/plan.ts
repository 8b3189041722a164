import type { DataSet } from '../dicom/data-set.ts';
import { type Beam, readBeams } from './beam.ts';
import { type Brachy, readBrachy } from './brachy.ts';
import { isoDate, isoTime } from './date-time.ts';
import { inferTechnique, type Technique } from './technique.ts';

/** One item of DoseReferenceSequence, PS3.3 C.8.8.10. Doses in Gy over the whole plan. */
export interface DoseReference {
  number: number;
  uid: string;
  /** TARGET, ORGAN_AT_RISK or ''. */
  type: string;
  /** POINT, VOLUME, COORDINATES, SITE or ''. */
  structureType: string;
  description: string;
  roiNumber?: number;
  targetPrescriptionGy?: number;
  targetMinimumGy?: number;
  targetMaximumGy?: number;
  deliveryMaximumGy?: number;
  organAtRiskMaximumGy?: number;
}

/** One item of FractionGroupSequence, PS3.3 C.8.8.13. */
export interface FractionGroup {
  number: number;
  fractionsPlanned?: number;
  /** Dose at the specification point and meterset of each beam in one fraction. */
  beams: { number: number; doseGy?: number; meterset?: number }[];
  /** Dose of each brachytherapy application setup in one fraction. */
  setups: { number: number; doseGy?: number }[];
}

/** What the plan was meant to give, and which elements said so. */
export interface Prescription {
  doseGy: number;
  source: 'target_prescription' | 'delivery_maximum' | 'fraction_group';
}

/** An RTPLAN (photons, electrons, ions or brachytherapy) without its control points. */
export interface Plan {
  sopInstanceUid: string;
  label: string;
  name: string;
  description: string;
  prescriptionDescription: string;
  /** YYYY-MM-DD of RTPlanDate, else of InstanceCreationDate, else ''. */
  date: string;
  time: string;
  /** CURATIVE, PALLIATIVE, VERIFICATION, MACHINE_QA, ... or ''. */
  intent: string;
  /** PATIENT or TREATMENT_DEVICE. */
  geometry: string;
  /** APPROVED, UNAPPROVED, REJECTED or ''. */
  approvalStatus: string;
  reviewDate: string;
  reviewTime: string;
  doseReferences: DoseReference[];
  fractionGroups: FractionGroup[];
  beams: Beam[];
  brachy?: Brachy;
  technique: Technique;
  structureSetUids: string[];
  /** Plans of ReferencedRTPlanSequence with their relationship: PRIOR, ALTERNATIVE, PREDECESSOR, VERIFIED_PLAN. */
  relatedPlans: { uid: string; relationship: string }[];
}

/** Read an RTPLAN or RT Ion Plan: PS3.3 A.20 and A.49. Nothing is thrown: what is absent reads '' or undefined. */
export function readPlan(dataSet: DataSet): Plan {
  const beams = readBeams(dataSet);
  const brachy = readBrachy(dataSet);
  return {
    sopInstanceUid: dataSet.text('SOPInstanceUID'),
    label: dataSet.text('RTPlanLabel'),
    name: dataSet.text('RTPlanName'),
    description: dataSet.text('RTPlanDescription'),
    prescriptionDescription: dataSet.text('PrescriptionDescription'),
    date: isoDate(dataSet.text('RTPlanDate')) || isoDate(dataSet.text('InstanceCreationDate')),
    time: isoTime(dataSet.text('RTPlanTime')),
    intent: dataSet.text('PlanIntent').toUpperCase(),
    geometry: dataSet.text('RTPlanGeometry'),
    approvalStatus: dataSet.text('ApprovalStatus').toUpperCase(),
    reviewDate: isoDate(dataSet.text('ReviewDate')),
    reviewTime: isoTime(dataSet.text('ReviewTime')),
    doseReferences: dataSet.items('DoseReferenceSequence').map(readDoseReference),
    fractionGroups: dataSet.items('FractionGroupSequence').map(readFractionGroup),
    beams,
    brachy,
    technique: inferTechnique(beams, brachy),
    structureSetUids: dataSet.items('ReferencedStructureSetSequence').map(referencedInstance).filter(Boolean),
    relatedPlans: dataSet
      .items('ReferencedRTPlanSequence')
      .map((item) => ({ uid: referencedInstance(item), relationship: item.text('RTPlanRelationship') })),
  };
}

/** The levels that targets are prescribed to: the dose references with a prescription that are no organ at risk. */
export function targetPrescriptions(plan: Plan): DoseReference[] {
  return plan.doseReferences.filter((r) => r.type !== 'ORGAN_AT_RISK' && (r.targetPrescriptionGy ?? 0) > 0);
}

/**
 * The prescription of the plan: the highest level of its targets, because the levels of a simultaneous integrated
 * boost are reached together and do not add up; else the highest delivery maximum of a target; else fractions times
 * the dose of the beams or application setups, summed over the fraction groups.
 */
export function planPrescription(plan: Plan): Prescription | undefined {
  const levels = targetPrescriptions(plan).map((r) => r.targetPrescriptionGy ?? 0);
  if (levels.length > 0) return { doseGy: Math.max(...levels), source: 'target_prescription' };
  const maxima = plan.doseReferences.filter((r) => r.type === 'TARGET').map((r) => r.deliveryMaximumGy ?? 0);
  const maximum = Math.max(0, ...maxima);
  if (maximum > 0) return { doseGy: maximum, source: 'delivery_maximum' };
  const doseGy = plan.fractionGroups.map(fractionGroupDoseGy).reduce((sum, dose) => sum + dose, 0);
  return doseGy > 0 ? { doseGy, source: 'fraction_group' } : undefined;
}

/** Fractions planned over all fraction groups; undefined when no group says a number. */
export function plannedFractions(plan: Plan): number | undefined {
  const planned = plan.fractionGroups.flatMap((group) => group.fractionsPlanned ?? []);
  return planned.length === 0 ? undefined : planned.reduce((sum, n) => sum + n, 0);
}

function fractionGroupDoseGy(group: FractionGroup): number {
  const perFraction = [...group.beams, ...group.setups].reduce((sum, part) => sum + (part.doseGy ?? 0), 0);
  return perFraction * (group.fractionsPlanned ?? 0);
}

function readDoseReference(item: DataSet): DoseReference {
  return {
    number: item.number('DoseReferenceNumber') ?? 0,
    uid: item.text('DoseReferenceUID'),
    type: item.text('DoseReferenceType').toUpperCase(),
    structureType: item.text('DoseReferenceStructureType').toUpperCase(),
    description: item.text('DoseReferenceDescription'),
    roiNumber: item.number('ReferencedROINumber'),
    targetPrescriptionGy: item.number('TargetPrescriptionDose'),
    targetMinimumGy: item.number('TargetMinimumDose'),
    targetMaximumGy: item.number('TargetMaximumDose'),
    deliveryMaximumGy: item.number('DeliveryMaximumDose'),
    organAtRiskMaximumGy: item.number('OrganAtRiskMaximumDose'),
  };
}

function readFractionGroup(item: DataSet): FractionGroup {
  return {
    number: item.number('FractionGroupNumber') ?? 0,
    fractionsPlanned: item.number('NumberOfFractionsPlanned'),
    beams: item.items('ReferencedBeamSequence').map((beam) => ({
      number: beam.number('ReferencedBeamNumber') ?? 0,
      doseGy: beam.number('BeamDose'),
      meterset: beam.number('BeamMeterset'),
    })),
    setups: item.items('ReferencedBrachyApplicationSetupSequence').map((setup) => ({
      number: setup.number('ReferencedBrachyApplicationSetupNumber') ?? 0,
      doseGy: setup.number('BrachyApplicationSetupDose'),
    })),
  };
}

function referencedInstance(item: DataSet): string {
  return item.text('ReferencedSOPInstanceUID');
}
