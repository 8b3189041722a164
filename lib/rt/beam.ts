import type { DataSet } from '../dicom/data-set.ts';
import type { Keyword } from '../dicom/tags.ts';

/** One item of BeamSequence or IonBeamSequence, its control points summed up. PS3.3 C.8.8.14 and C.8.8.25. */
export interface Beam {
  number: number;
  name: string;
  /** STATIC or DYNAMIC. */
  type: string;
  /** PHOTON, ELECTRON, PROTON, ION, NEUTRON. */
  radiationType: string;
  /** TREATMENT, SETUP, OPEN_PORTFILM, TRMT_PORTFILM, CONTINUATION, or '' which means TREATMENT. */
  deliveryType: string;
  machine: string;
  /** Distinct nominal energies in the order of the control points: MV, MeV, or MeV/u of ions. */
  energies: number[];
  /** FFF and the like, from PrimaryFluenceModeSequence; '' when standard. */
  fluenceMode: string;
  controlPoints: number;
  /** At the first control point, IEC 61217 degrees. */
  gantryDeg?: number;
  gantryEndDeg?: number;
  /** Degrees that the gantry turns through, over all control points. */
  gantrySpanDeg: number;
  collimatorDeg?: number;
  couchDeg?: number;
  /** Whether leaves or jaws move between control points. */
  movesAperture: boolean;
  /** MU, or MINUTE, or NP of ions. */
  metersetUnit: string;
  isocenterMm?: number[];
}

/** Beams that treat, as opposed to those that take images of the set-up. */
export function isTreatmentBeam(beam: { deliveryType: string }): boolean {
  return ['', 'TREATMENT', 'CONTINUATION'].includes(beam.deliveryType);
}

/** The beams of a plan; [] for brachytherapy. */
export function readBeams(plan: DataSet): Beam[] {
  return [
    ...plan.items('BeamSequence').map((item) => readBeam(item, 'ControlPointSequence')),
    ...plan.items('IonBeamSequence').map((item) => readBeam(item, 'IonControlPointSequence')),
  ];
}

function readBeam(item: DataSet, controlPointSequence: Keyword): Beam {
  const points = item.items(controlPointSequence);
  const first = points[0];
  const gantryAngles = carryForward(points, 'GantryAngle');
  return {
    number: item.number('BeamNumber') ?? 0,
    name: item.text('BeamName'),
    type: item.text('BeamType').toUpperCase(),
    radiationType: item.text('RadiationType').toUpperCase(),
    deliveryType: item.text('TreatmentDeliveryType').toUpperCase(),
    machine: item.text('TreatmentMachineName'),
    energies: [...new Set(points.flatMap((point) => point.number('NominalBeamEnergy') ?? []))],
    fluenceMode: fluenceMode(item),
    controlPoints: points.length,
    gantryDeg: gantryAngles[0],
    gantryEndDeg: gantryAngles.at(-1),
    gantrySpanDeg: gantrySpanDeg(points, gantryAngles),
    collimatorDeg: first?.number('BeamLimitingDeviceAngle'),
    couchDeg: first?.number('PatientSupportAngle'),
    movesAperture: points.slice(1).some((point) => point.has('BeamLimitingDevicePositionSequence')),
    metersetUnit: item.text('PrimaryDosimeterUnit'),
    isocenterMm: first?.has('IsocenterPosition') ? first.numbers('IsocenterPosition') : undefined,
  };
}

/** The value at each control point; one that is absent has not changed (PS3.3 C.8.8.14.5). [] if never given. */
function carryForward(points: DataSet[], keyword: Keyword): number[] {
  const values: number[] = [];
  for (const point of points) {
    const value = point.number(keyword) ?? values.at(-1);
    if (value !== undefined) values.push(value);
  }
  return values;
}

/** Sum of the turns between control points in the direction given; without a direction, the shorter way. */
function gantrySpanDeg(points: DataSet[], angles: number[]): number {
  if (angles.length !== points.length) return 0;
  let span = 0;
  let direction = '';
  for (let i = 0; i + 1 < points.length; i++) {
    direction = points[i].text('GantryRotationDirection').toUpperCase() || direction;
    const clockwise = (((angles[i + 1] - angles[i]) % 360) + 360) % 360;
    if (direction === 'CW') span += clockwise;
    else if (direction === 'CC') span += (360 - clockwise) % 360;
    else span += Math.min(clockwise, 360 - clockwise);
  }
  return span;
}

function fluenceMode(beam: DataSet): string {
  const mode = beam.items('PrimaryFluenceModeSequence')[0];
  if (mode?.text('FluenceMode').toUpperCase() !== 'NON_STANDARD') return '';
  return mode.text('FluenceModeID') || 'NON_STANDARD';
}
