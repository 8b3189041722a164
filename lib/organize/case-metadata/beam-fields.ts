import { isArc } from '../../rt/technique.ts';
import { column } from '../../tables/table.ts';
import { type Field, field } from '../field.ts';
import { type CaseFacts, joined, json, sumOf } from './facts.ts';

export const BEAM_FIELDS: Field<CaseFacts>[] = [
  field(column('beams_count', 'int', 'treatment beams, without set-up beams', '', '(300A,00B0)'), (f) =>
    f.plans.length > 0 ? f.beams.length : undefined,
  ),
  field(
    column(
      'beam_energies',
      'string',
      'nominal energies of the control points, MV or MeV, with the fluence mode if it is not standard',
      'MV or MeV',
      '(300A,0111) > (300A,0114)',
    ),
    (f) => joined(f.beams.flatMap((beam) => beam.energies.map((energy) => `${energy} ${beam.fluenceMode}`.trim()))),
  ),
  field(column('treatment_machine', 'string', 'machines of the beams', '', '(300A,00B0) > (300A,00B2)'), (f) =>
    joined([...f.beams.map((beam) => beam.machine), ...f.plans.map((plan) => plan.brachy?.machine)]),
  ),
  field(
    column(
      'technique_inferred',
      'string',
      'VMAT, ARC, IMRT, 3D-CRT, ELECTRON, PROTON, ION or BRACHY, derived from the beams',
    ),
    (f) => joined(f.plans.map((plan) => plan.technique)),
  ),
  field(
    column(
      'total_meterset',
      'double',
      'meterset of one fraction, sum of the beams of all plans',
      'MU',
      '(300C,0004) > (300A,0086)',
    ),
    (f) => sumOf(f.beams.map((beam) => beam.meterset)),
  ),
  field(
    column(
      'meterset_by_beam',
      'string',
      'meterset of one fraction by beam, as JSON',
      'MU',
      '(300C,0004) > (300A,0086)',
    ),
    (f) => json(f.beams.map((beam) => ({ number: beam.number, meterset: beam.meterset }))),
  ),
  field(
    column(
      'beam_geometry',
      'string',
      'start angles of gantry, collimator and couch over the beams: circular mean and deviation, distinct values; as JSON',
      'degree',
      '(300A,0111) > (300A,011E), (300A,0120), (300A,0122)',
    ),
    beamGeometry,
  ),
  field(
    column(
      'beam_info',
      'string',
      'beams with type, radiation, energies, control points and gantry span, as JSON',
      '',
      '(300A,00B0)',
    ),
    beamInfo,
  ),
];

function beamGeometry(f: CaseFacts): string {
  if (f.beams.length === 0) return '';
  return JSON.stringify({
    gantry: spread(f.beams.flatMap((beam) => beam.gantryDeg ?? [])),
    collimator: spread(f.beams.flatMap((beam) => beam.collimatorDeg ?? [])),
    couch: spread(f.beams.flatMap((beam) => beam.couchDeg ?? [])),
  });
}

/** Mean and standard deviation on the circle, so that 350 and 10 degrees average to 0; PS3.3 writes angles 0 to 360. */
function spread(anglesDeg: number[]) {
  if (anglesDeg.length === 0) return null;
  const radians = anglesDeg.map((angle) => (angle * Math.PI) / 180);
  const x = radians.reduce((sum, angle) => sum + Math.cos(angle), 0) / anglesDeg.length;
  const y = radians.reduce((sum, angle) => sum + Math.sin(angle), 0) / anglesDeg.length;
  const length = Math.min(1, Math.hypot(x, y));
  const mean = length < 1e-9 ? null : rounded(((Math.atan2(y, x) * 180) / Math.PI + 360) % 360);
  const std = length < 1e-9 ? null : rounded((Math.sqrt(-2 * Math.log(length)) * 180) / Math.PI);
  return { mean, std, unique: [...new Set(anglesDeg.map(rounded))].sort((a, b) => a - b) };
}

function rounded(angleDeg: number): number {
  return Math.round(angleDeg * 10) / 10;
}

function beamInfo(f: CaseFacts): string {
  return json(
    f.beams.map((beam) => ({
      number: beam.number,
      name: beam.name,
      type: beam.type,
      radiation_type: beam.radiationType,
      energies: beam.energies,
      control_points: beam.controlPoints,
      gantry_span_deg: beam.gantrySpanDeg,
      is_arc: isArc(beam),
      meterset: beam.meterset,
      dose_gy: beam.doseGy,
    })),
  );
}
