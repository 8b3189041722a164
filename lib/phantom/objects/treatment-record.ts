import type { DicomJson } from '../../dicom/write.ts';
import { identityModules, type PhantomSeries, reference } from './identity.ts';
import { controlPoints, describedBeam, type PhantomBeam, type PhantomPlan } from './plan.ts';

export interface PhantomFraction {
  series: PhantomSeries;
  uid: string;
  plan: PhantomPlan;
  number: number;
  /** YYYYMMDD */
  date: string;
  /** HHMMSS */
  time: string;
  /** Part of the planned meterset that was delivered: below 1 when the fraction was broken off. */
  delivered: number;
}

/** An RT beams treatment record (PS3.3 A.29) of one fraction. */
export function treatmentRecord(fraction: PhantomFraction): DicomJson {
  const { plan } = fraction;
  return {
    ...identityModules(fraction.series, 'rtBeamsTreatmentRecord', fraction.uid),
    Modality: 'RTRECORD',
    InstanceNumber: fraction.number,
    TreatmentDate: fraction.date,
    TreatmentTime: fraction.time,
    ReferencedRTPlanSequence: [reference('rtPlan', plan.uid)],
    PrimaryDosimeterUnit: 'MU',
    TreatmentMachineSequence: [
      {
        TreatmentMachineName: plan.machine,
        Manufacturer: 'Phantom Works',
        InstitutionName: '',
        ManufacturerModelName: 'Analytic',
        DeviceSerialNumber: '1',
      },
    ],
    ReferencedFractionGroupNumber: 1,
    NumberOfFractionsPlanned: plan.fractions,
    TreatmentSessionBeamSequence: plan.beams.map((beam) => sessionBeam(beam, fraction)),
  };
}

function sessionBeam(beam: PhantomBeam, { plan, number, date, time, delivered }: PhantomFraction): DicomJson {
  const points = controlPoints(beam);
  const isArc = points.length > 2;
  return {
    ReferencedBeamNumber: beam.number,
    ...describedBeam(beam),
    CurrentFractionNumber: number,
    TreatmentTerminationStatus: delivered < 1 ? 'MACHINE' : 'NORMAL',
    TreatmentVerificationStatus: 'VERIFIED',
    SpecifiedPrimaryMeterset: beam.metersetMu,
    DeliveredPrimaryMeterset: beam.metersetMu * delivered,
    BeamLimitingDeviceLeafPairsSequence: ['X', 'Y'].map((type) => ({
      RTBeamLimitingDeviceType: type,
      NumberOfLeafJawPairs: 1,
    })),
    NumberOfControlPoints: 2,
    ControlPointDeliverySequence: [points[0], points[points.length - 1]].map(({ gantryDeg, weight }, index) => ({
      ReferencedControlPointIndex: index === 0 ? 0 : points.length - 1,
      TreatmentControlPointDate: date,
      TreatmentControlPointTime: time,
      SpecifiedMeterset: beam.metersetMu * weight,
      DeliveredMeterset: beam.metersetMu * delivered * weight,
      DoseRateSet: 600,
      DoseRateDelivered: 600,
      NominalBeamEnergy: plan.energyMv,
      NominalBeamEnergyUnit: 'MV',
      BeamLimitingDevicePositionSequence: ['X', 'Y'].map((type) => ({
        RTBeamLimitingDeviceType: type,
        LeafJawPositions: [-50, 50],
      })),
      GantryAngle: gantryDeg,
      GantryRotationDirection: 'NONE',
      BeamLimitingDeviceAngle: isArc ? 10 : 0,
      BeamLimitingDeviceRotationDirection: 'NONE',
      BeamStopperPosition: 'UNKNOWN',
      PatientSupportAngle: 0,
      PatientSupportRotationDirection: 'NONE',
      TableTopEccentricAngle: 0,
      TableTopEccentricRotationDirection: 'NONE',
      TableTopVerticalPosition: '',
      TableTopLongitudinalPosition: '',
      TableTopLateralPosition: '',
    })),
  };
}
