import type { DicomJson } from '../../dicom/write.ts';
import type { Vec3 } from '../../math/vec3.ts';
import { identityModules, type PhantomSeries, reference } from './identity.ts';

export interface PhantomBeam {
  number: number;
  name: string;
  /** First and last gantry angle, degrees; equal for a static beam. */
  gantryDeg: [number, number];
  /** Dose of one fraction at the prescription point, Gy. */
  doseGy: number;
  metersetMu: number;
}

export interface PhantomPrescription {
  roiNumber: number;
  doseGy: number;
}

export interface PhantomPlan {
  series: PhantomSeries;
  uid: string;
  label: string;
  name: string;
  description: string;
  /** YYYYMMDD */
  date: string;
  structureSetUid: string;
  /** UIDs of the plans that it continues or replaces. */
  predecessorUids: string[];
  prescriptions: PhantomPrescription[];
  fractions: number;
  beams: PhantomBeam[];
  isocenterMm: Vec3;
  machine: string;
  energyMv: number;
  approved: boolean;
}

/** A photon plan (PS3.3 A.20) with static beams or arcs. */
export function plan(p: PhantomPlan): DicomJson {
  return {
    ...identityModules(p.series, 'rtPlan', p.uid),
    Modality: 'RTPLAN',
    FrameOfReferenceUID: p.series.frameOfReferenceUid,
    PositionReferenceIndicator: '',
    RTPlanLabel: p.label,
    RTPlanName: p.name,
    RTPlanDescription: p.description,
    RTPlanDate: p.date,
    RTPlanTime: '120000',
    PlanIntent: 'CURATIVE',
    RTPlanGeometry: 'PATIENT',
    ReferencedStructureSetSequence: [reference('rtStructureSet', p.structureSetUid)],
    ...(p.predecessorUids.length > 0 && {
      ReferencedRTPlanSequence: p.predecessorUids.map((uid) => ({
        ...reference('rtPlan', uid),
        RTPlanRelationship: 'PREDECESSOR',
      })),
    }),
    DoseReferenceSequence: p.prescriptions.map(({ roiNumber, doseGy }, index) => ({
      DoseReferenceNumber: index + 1,
      DoseReferenceStructureType: 'VOLUME',
      DoseReferenceType: 'TARGET',
      ReferencedROINumber: roiNumber,
      TargetPrescriptionDose: doseGy,
    })),
    FractionGroupSequence: [
      {
        FractionGroupNumber: 1,
        NumberOfFractionsPlanned: p.fractions,
        NumberOfBeams: p.beams.length,
        NumberOfBrachyApplicationSetups: 0,
        ReferencedBeamSequence: p.beams.map((beam) => ({
          ReferencedBeamNumber: beam.number,
          BeamDose: beam.doseGy,
          BeamMeterset: beam.metersetMu,
        })),
      },
    ],
    BeamSequence: p.beams.map((beam) => beamItem(beam, p)),
    PatientSetupSequence: [{ PatientSetupNumber: 1, PatientPosition: 'HFS', SetupTechnique: 'ISOCENTRIC' }],
    ApprovalStatus: p.approved ? 'APPROVED' : 'UNAPPROVED',
    ...(p.approved && { ReviewDate: p.date, ReviewTime: '130000', ReviewerName: 'Reviewer^Demo' }),
  };
}

const DEGREES_PER_CONTROL_POINT = 10;

/** Gantry angle and meterset weight along a beam: two control points when static, one for every 10 degrees of an arc. */
export function controlPoints(beam: PhantomBeam): { gantryDeg: number; weight: number }[] {
  const [from, to] = beam.gantryDeg;
  const steps = Math.max(1, Math.round(Math.abs(to - from) / DEGREES_PER_CONTROL_POINT));
  return Array.from({ length: steps + 1 }, (_, index) => ({
    gantryDeg: (from + ((to - from) * index) / steps + 360) % 360,
    weight: index / steps,
  }));
}

/** The attributes of a beam that plan and treatment record share. */
export function describedBeam(beam: PhantomBeam): DicomJson {
  return {
    BeamName: beam.name,
    BeamType: controlPoints(beam).length > 2 ? 'DYNAMIC' : 'STATIC',
    RadiationType: 'PHOTON',
    TreatmentDeliveryType: 'TREATMENT',
    NumberOfWedges: 0,
    NumberOfCompensators: 0,
    NumberOfBoli: 0,
    NumberOfBlocks: 0,
  };
}

function beamItem(beam: PhantomBeam, p: PhantomPlan): DicomJson {
  const points = controlPoints(beam);
  const isArc = points.length > 2;
  return {
    BeamNumber: beam.number,
    ...describedBeam(beam),
    TreatmentMachineName: p.machine,
    Manufacturer: 'Phantom Works',
    PrimaryDosimeterUnit: 'MU',
    SourceAxisDistance: 1000,
    BeamLimitingDeviceSequence: ['X', 'Y'].map((type) => ({ RTBeamLimitingDeviceType: type, NumberOfLeafJawPairs: 1 })),
    ReferencedPatientSetupNumber: 1,
    FinalCumulativeMetersetWeight: 1,
    NumberOfControlPoints: points.length,
    ControlPointSequence: points.map(({ gantryDeg, weight }, index) => ({
      ControlPointIndex: index,
      CumulativeMetersetWeight: weight,
      ...(index === 0 ? firstControlPoint(beam, p, isArc, gantryDeg) : isArc && { GantryAngle: gantryDeg }),
    })),
  };
}

function firstControlPoint(beam: PhantomBeam, p: PhantomPlan, isArc: boolean, gantryDeg: number): DicomJson {
  const [from, to] = beam.gantryDeg;
  return {
    NominalBeamEnergy: p.energyMv,
    DoseRateSet: 600,
    BeamLimitingDevicePositionSequence: ['X', 'Y'].map((type) => ({
      RTBeamLimitingDeviceType: type,
      LeafJawPositions: [-50, 50],
    })),
    GantryAngle: gantryDeg,
    GantryRotationDirection: isArc ? (to > from ? 'CW' : 'CC') : 'NONE',
    BeamLimitingDeviceAngle: isArc ? 10 : 0,
    BeamLimitingDeviceRotationDirection: 'NONE',
    PatientSupportAngle: 0,
    PatientSupportRotationDirection: 'NONE',
    TableTopEccentricAngle: 0,
    TableTopEccentricRotationDirection: 'NONE',
    TableTopVerticalPosition: '',
    TableTopLongitudinalPosition: '',
    TableTopLateralPosition: '',
    IsocenterPosition: p.isocenterMm,
  };
}
