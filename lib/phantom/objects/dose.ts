import type { DicomJson } from '../../dicom/write.ts';
import { type Grid, indexToPatient, sliceOffsetMm, voxelCount } from '../../image/grid.ts';
import { column } from '../../math/vec3.ts';
import type { DoseField } from '../dose-field.ts';
import { identityModules, type PhantomSeries, reference } from './identity.ts';

export interface PhantomDose {
  series: PhantomSeries;
  uid: string;
  field: DoseField;
  grid: Grid;
  summationType: 'PLAN' | 'MULTI_PLAN' | 'FRACTION' | 'BEAM';
  planUids: string[];
  /** Only with BEAM: the beam of the first plan that it belongs to. */
  beamNumber?: number;
  bits: 16 | 32;
  /** Frames from head to feet, as some systems write them. */
  descending: boolean;
  /** GridFrameOffsetVector holds coordinates instead of distances (PS3.3 C.8.8.3.2, second form). */
  absoluteOffsets: boolean;
}

/** An RT dose (PS3.3 A.18) of an analytic field sampled at the centres of an axial grid. */
export function dose(d: PhantomDose): DicomJson {
  const { grid } = d;
  const order = frameOrder(d);
  const { data, scaling } = quantized(sampled(d.field, grid, order), d.bits);
  const first = indexToPatient(grid, [0, 0, order[0]]);
  const start = d.absoluteOffsets ? first[2] : 0;
  return {
    ...identityModules(d.series, 'rtDose', d.uid),
    Modality: 'RTDOSE',
    FrameOfReferenceUID: d.series.frameOfReferenceUid,
    PositionReferenceIndicator: '',
    InstanceNumber: 1,
    ImagePositionPatient: first,
    ImageOrientationPatient: [...column(grid.direction, 0), ...column(grid.direction, 1)],
    PixelSpacing: [grid.spacingMm[1], grid.spacingMm[0]],
    SliceThickness: '',
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    NumberOfFrames: grid.size[2],
    FrameIncrementPointer: 'GridFrameOffsetVector',
    Rows: grid.size[1],
    Columns: grid.size[0],
    BitsAllocated: d.bits,
    BitsStored: d.bits,
    HighBit: d.bits - 1,
    PixelRepresentation: 0,
    DoseUnits: 'GY',
    DoseType: 'PHYSICAL',
    DoseSummationType: d.summationType,
    GridFrameOffsetVector: order.map((k) => start + sliceOffsetMm(grid, k) - sliceOffsetMm(grid, order[0])),
    DoseGridScaling: scaling,
    TissueHeterogeneityCorrection: 'IMAGE',
    ReferencedRTPlanSequence: d.planUids.map((uid) => referencedPlan(uid, d.beamNumber)),
    PixelData: data,
  };
}

function referencedPlan(uid: string, beamNumber: number | undefined): DicomJson {
  if (beamNumber === undefined) return reference('rtPlan', uid);
  return {
    ...reference('rtPlan', uid),
    ReferencedFractionGroupSequence: [
      { ReferencedFractionGroupNumber: 1, ReferencedBeamSequence: [{ ReferencedBeamNumber: beamNumber }] },
    ],
  };
}

function frameOrder(d: PhantomDose): number[] {
  const ascending = Array.from({ length: d.grid.size[2] }, (_, k) => k);
  return d.descending ? ascending.reverse() : ascending;
}

function sampled(field: DoseField, grid: Grid, order: number[]): Float64Array {
  const values = new Float64Array(voxelCount(grid));
  const [nx, ny] = grid.size;
  const [dx, dy, dz] = column(grid.direction, 0).map((part) => part * grid.spacingMm[0]);
  let at = 0;
  for (const k of order) {
    for (let j = 0; j < ny; j++) {
      const [x, y, z] = indexToPatient(grid, [0, j, k]);
      for (let i = 0; i < nx; i++) values[at++] = field(x + i * dx, y + i * dy, z + i * dz);
    }
  }
  return values;
}

/** The largest dose becomes the largest stored number: the finest steps that the bits allow. */
function quantized(doseGy: Float64Array, bits: 16 | 32): { data: Uint16Array | Uint32Array; scaling: string } {
  const largest = doseGy.reduce((max, value) => Math.max(max, value), 0);
  const scaling = ((largest || 1) / (2 ** bits - 2)).toExponential(9);
  const step = Number(scaling);
  const stored = doseGy.map((value) => Math.round(value / step));
  return { data: bits === 16 ? Uint16Array.from(stored) : Uint32Array.from(stored), scaling };
}
