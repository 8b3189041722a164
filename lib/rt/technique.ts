import { type Beam, isTreatmentBeam } from './beam.ts';
import type { Brachy } from './brachy.ts';

export type Technique = 'VMAT' | 'ARC' | 'IMRT' | '3D-CRT' | 'ELECTRON' | 'PROTON' | 'ION' | 'BRACHY' | '';

/** A beam is an arc when the gantry turns through more than this while it is on. */
const ARC_MIN_SPAN_DEG = 80;
/** A static field has a first and a last control point; every further aperture adds to them. */
const STATIC_CONTROL_POINTS = 2;

/** How the plan treats, judged by its treatment beams: DICOM has no element for it that planning systems fill. */
export function inferTechnique(beams: Beam[], brachy?: Brachy): Technique {
  const treating = beams.filter(isTreatmentBeam);
  if (treating.length === 0) return brachy ? 'BRACHY' : '';
  if (treating.some((beam) => beam.radiationType === 'PROTON')) return 'PROTON';
  if (treating.some((beam) => beam.radiationType === 'ION')) return 'ION';
  if (treating.every((beam) => beam.radiationType === 'ELECTRON')) return 'ELECTRON';
  const arcs = treating.filter(isArc);
  if (arcs.length > 0) return arcs.some((beam) => beam.movesAperture) ? 'VMAT' : 'ARC';
  return treating.some(isModulated) ? 'IMRT' : '3D-CRT';
}

export function isArc(beam: Beam): boolean {
  return beam.gantrySpanDeg > ARC_MIN_SPAN_DEG;
}

function isModulated(beam: Beam): boolean {
  return beam.movesAperture && beam.controlPoints > STATIC_CONTROL_POINTS;
}
