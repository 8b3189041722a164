import { SopClass } from '../lib/dicom/uid.ts';
import { type DicomJson, writeDicom } from '../lib/dicom/write.ts';
import { gaussian, seededRandom } from '../lib/random.ts';

/**
 * A seeded course of the size of a clinical one: 40 ROIs drawn on an image of 512 x 512 x 200 (0.9766 x 0.9766 x 2 mm), a
 * dose of 2.5 mm around the body. Contours have a vertex per pixel and noise of a tenth of one.
 */
const PIXEL_MM = 500 / 512;
const SLICES = 200;
const SLICE_MM = 2;
const DOSE_MM = 2.5;
const BODY_MM = { a: 185, b: 120 };

interface Organ {
  name: string;
  type: string;
  centreMm: [number, number, number];
  radiiMm: [number, number, number];
}

export function courseFiles(): { structureSet: Uint8Array; dose: Uint8Array } {
  return { structureSet: writeDicom(structureSet(organs())), dose: writeDicom(dose()) };
}

/** The body, a target, 26 organs and 12 small ROIs. */
function organs(): Organ[] {
  const random = seededRandom(20260102);
  const between = (low: number, high: number) => low + (high - low) * random();
  const height = (SLICES * SLICE_MM) / 2;
  const body: Organ = {
    name: 'BODY',
    type: 'EXTERNAL',
    centreMm: [0, 0, 0],
    radiiMm: [BODY_MM.a, BODY_MM.b, Number.POSITIVE_INFINITY],
  };
  const target: Organ = { name: 'PTV_6000', type: 'PTV', centreMm: [0, 10, 0], radiiMm: [35, 30, 40] };
  const place = (name: string, low: number, high: number): Organ => ({
    name,
    type: 'ORGAN',
    centreMm: [between(-110, 110), between(-60, 60), between(-height + 60, height - 60)],
    radiiMm: [between(low, high), between(low, high), between(low, high)],
  });
  const large = Array.from({ length: 26 }, (_, n) => place(`Organ_${n + 1}`, 15, 45));
  const small = Array.from({ length: 12 }, (_, n) => place(`Small_${n + 1}`, 4, 10));
  return [body, target, ...large, ...small];
}

function structureSet(all: Organ[]): DicomJson {
  const random = seededRandom(7);
  return {
    ...common(SopClass.rtStructureSet, '1.2.3.10'),
    Modality: 'RTSTRUCT',
    StructureSetLabel: 'bench',
    StructureSetROISequence: all.map((organ, n) => ({
      ROINumber: n + 1,
      ReferencedFrameOfReferenceUID: '1.2.3.3',
      ROIName: organ.name,
      ROIGenerationAlgorithm: '',
    })),
    ROIContourSequence: all.map((organ, n) => ({
      ROIDisplayColor: [255, 0, 0],
      ReferencedROINumber: n + 1,
      ContourSequence: contours(organ, random),
    })),
    RTROIObservationsSequence: all.map((organ, n) => ({
      ObservationNumber: n + 1,
      ReferencedROINumber: n + 1,
      RTROIInterpretedType: organ.type,
    })),
  };
}

function contours({ centreMm: [cx, cy, cz], radiiMm: [a, b, c] }: Organ, random: () => number): DicomJson[] {
  return Array.from({ length: SLICES }, (_, k) => (k - SLICES / 2 + 0.5) * SLICE_MM).flatMap((z) => {
    const rest = 1 - ((z - cz) / c) ** 2;
    if (rest <= 0) return [];
    const scale = Math.sqrt(rest);
    const count = Math.max(Math.round((Math.PI * (a + b) * scale) / PIXEL_MM), 6);
    const points = Array.from({ length: count }, (_, n) => {
      const angle = (2 * Math.PI * n) / count;
      const noise = 0.1 * PIXEL_MM * gaussian(random);
      return [cx + (a * scale + noise) * Math.cos(angle), cy + (b * scale + noise) * Math.sin(angle), z];
    });
    const written = points.flat().map((value) => value.toFixed(3));
    return [{ ContourGeometricType: 'CLOSED_PLANAR', NumberOfContourPoints: count, ContourData: written }];
  });
}

function dose(): DicomJson {
  const [nx, ny, nz] = [2 * BODY_MM.a + 20, 2 * BODY_MM.b + 20, SLICES * SLICE_MM].map((mm) => Math.ceil(mm / DOSE_MM));
  const origin = [nx, ny, nz].map((n) => (-(n - 1) / 2) * DOSE_MM);
  const pixels = new Uint32Array(nx * ny * nz);
  const scaling = 1e-7;
  for (let k = 0, n = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, n++) {
        const [x, y, z] = [origin[0] + i * DOSE_MM, origin[1] + j * DOSE_MM - 10, origin[2] + k * DOSE_MM];
        const r = Math.sqrt((x / 40) ** 2 + (y / 35) ** 2 + (z / 45) ** 2);
        pixels[n] = (62 / (1 + Math.exp((r - 1) * 8)) + 8 * Math.exp(-r)) / scaling;
      }
    }
  }
  return {
    ...common(SopClass.rtDose, '1.2.3.11'),
    Modality: 'RTDOSE',
    FrameOfReferenceUID: '1.2.3.3',
    ImagePositionPatient: origin,
    ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
    PixelSpacing: [DOSE_MM, DOSE_MM],
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    NumberOfFrames: nz,
    Rows: ny,
    Columns: nx,
    BitsAllocated: 32,
    BitsStored: 32,
    HighBit: 31,
    PixelRepresentation: 0,
    DoseUnits: 'GY',
    DoseType: 'PHYSICAL',
    DoseSummationType: 'PLAN',
    FrameIncrementPointer: 'GridFrameOffsetVector',
    GridFrameOffsetVector: Array.from({ length: nz }, (_, k) => k * DOSE_MM),
    DoseGridScaling: scaling,
    PixelData: pixels,
  };
}

function common(sopClassUid: string, uid: string): DicomJson {
  return {
    SOPClassUID: sopClassUid,
    SOPInstanceUID: uid,
    StudyInstanceUID: '1.2.3.1',
    SeriesInstanceUID: `${uid}.1`,
    PatientID: 'BENCH',
    PatientName: 'BENCH',
  };
}
