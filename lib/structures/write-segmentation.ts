import type { DeferredBytes } from '../dicom/byte-list.ts';
import { SopClass } from '../dicom/uid.ts';
import type { DicomJson } from '../dicom/write.ts';
import { BadInput } from '../errors.ts';
import type { Mask } from '../image/grid.ts';
import { type Grid, indexToPatient } from '../image/grid.ts';
import { countVoxelsBySlice } from '../image/mask.ts';
import { column } from '../math/vec3.ts';
import { isTarget } from '../rt/target.ts';
import { dicomCielab } from './cielab.ts';
import { type AnatomyCode, anatomyOf } from './names/snomed.ts';
import {
  type ObjectIdentity,
  type SourceImage,
  seriesAndEquipment,
  type WrittenStructure,
} from './written-structures.ts';

export interface SegmentationOptions {
  /** ContentLabel, up to 16 capitals, digits, spaces and underscores. */
  label: string;
  identity: ObjectIdentity;
  /** From `patientAndStudy` of an instance of the image. */
  patientAndStudy: DicomJson;
  image: SourceImage;
}

/**
 * A binary DICOM segmentation (PS3.3 A.51) of masks of one grid: a frame for each slice of each segment that has voxels,
 * one bit a pixel. Segments are numbered from 1 in the order given, as the standard asks; one without voxels has no frame.
 * @throws BadInput when nothing has a voxel, for the object needs a frame
 */
export function segmentationOf(structures: WrittenStructure[], options: SegmentationOptions): DicomJson {
  const { identity, image } = options;
  const frames = structures.flatMap(({ mask }, s) => framesOf(mask, s + 1));
  if (frames.length === 0) throw new BadInput('a segmentation needs a structure with voxels');
  const { grid } = structures[0].mask;
  const dimensionsUid = `${identity.sopInstanceUid}.1`.slice(0, 64);
  return {
    ...options.patientAndStudy,
    ...seriesAndEquipment(identity, SopClass.segmentation, 'SEG'),
    FrameOfReferenceUID: image.frameOfReferenceUid,
    PositionReferenceIndicator: '',
    ...segmentationImage(options.label, identity),
    SegmentsOverlap: overlap(structures) ? 'YES' : 'NO',
    Rows: grid.size[1],
    Columns: grid.size[0],
    NumberOfFrames: frames.length,
    ReferencedSeriesSequence: [
      {
        ReferencedInstanceSequence: [...new Set(image.sopInstanceUids)].map((uid) => imageReference(image, uid)),
        SeriesInstanceUID: image.seriesInstanceUid,
      },
    ],
    SegmentSequence: structures.map((structure, s) => segmentItem(structure, s + 1)),
    DimensionOrganizationSequence: [{ DimensionOrganizationUID: dimensionsUid }],
    DimensionIndexSequence: DIMENSIONS.map((dimension) => ({ DimensionOrganizationUID: dimensionsUid, ...dimension })),
    SharedFunctionalGroupsSequence: [sharedGroups(grid)],
    PerFrameFunctionalGroupsSequence: frames.map((frame) => frameGroups(frame, grid, image)),
    PixelData: pixelsOf(frames, grid),
  };
}

/** A slice of a segment. */
interface Frame {
  segment: number;
  k: number;
  mask: Mask;
}

const DIMENSIONS: DicomJson[] = [
  { DimensionIndexPointer: 'ReferencedSegmentNumber', FunctionalGroupPointer: 'SegmentIdentificationSequence' },
  { DimensionIndexPointer: 'ImagePositionPatient', FunctionalGroupPointer: 'PlanePositionSequence' },
];

const ANATOMICAL_STRUCTURE = code('123037004', 'Anatomical Structure');
const TISSUE = code('85756007', 'Tissue');
const ABNORMAL_STRUCTURE = code('49755003', 'Morphologically Abnormal Structure');
const NEOPLASM = code('108369006', 'Neoplasm');

function framesOf(mask: Mask, segment: number): Frame[] {
  return countVoxelsBySlice(mask).flatMap((count, dk) =>
    count > 0 ? [{ segment, k: mask.box.start[2] + dk, mask }] : [],
  );
}

/** The modules that say what the pixels are: PS3.3 C.8.20.2 and C.7.6.3. */
function segmentationImage(label: string, { date, time }: ObjectIdentity): DicomJson {
  return {
    ImageType: ['DERIVED', 'PRIMARY'],
    InstanceNumber: 1,
    ContentDate: date,
    ContentTime: time,
    ContentLabel: label
      .toUpperCase()
      .replace(/[^A-Z0-9 _]/g, '_')
      .slice(0, 16),
    ContentDescription: '',
    ContentCreatorName: '',
    SegmentationType: 'BINARY',
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    BitsAllocated: 1,
    BitsStored: 1,
    HighBit: 0,
    PixelRepresentation: 0,
    LossyImageCompression: '00',
    BurnedInAnnotation: 'NO',
  };
}

function segmentItem(structure: WrittenStructure, number: number): DicomJson {
  const ofTarget = isTarget(structure);
  return {
    SegmentedPropertyCategoryCodeSequence: [ofTarget ? ABNORMAL_STRUCTURE : ANATOMICAL_STRUCTURE],
    SegmentNumber: number,
    SegmentLabel: structure.name.slice(0, 64),
    SegmentDescription: structure.sourceName,
    SegmentAlgorithmType: structure.algorithm,
    ...(structure.algorithm !== 'MANUAL' && {
      SegmentAlgorithmName: structure.algorithmName.slice(0, 64) || 'rtpipeline',
    }),
    RecommendedDisplayCIELabValue: dicomCielab(structure.colorRgb),
    SegmentedPropertyTypeCodeSequence: [ofTarget ? NEOPLASM : anatomyItem(structure.standardName)],
  };
}

/** The organ, with its side where that is no part of the code; tissue where the name has none. */
function anatomyItem(standardName: string | null): DicomJson {
  const anatomy = anatomyOf(standardName);
  if (!anatomy) return TISSUE;
  const { structure, side } = anatomy;
  const sct = ({ value, meaning }: AnatomyCode) => code(value, meaning);
  return { ...sct(structure), ...(side && { SegmentedPropertyTypeModifierCodeSequence: [sct(side)] }) };
}

/** Whether a voxel belongs to two structures: viewers need not look for what cannot be. */
function overlap(structures: WrittenStructure[]): boolean {
  const drawn = structures.filter(({ mask }) => mask.data.length > 0);
  if (drawn.length === 0) return false;
  const [columns, rows, slices] = drawn[0].mask.grid.size;
  const taken = new Uint8Array(columns * rows * slices);
  return drawn.some(({ mask: { box, data } }) => {
    const [si, sj, sk] = box.start;
    const [bx, by, bz] = box.size;
    for (let k = 0, v = 0; k < bz; k++) {
      for (let j = 0; j < by; j++) {
        const row = si + columns * (sj + j + rows * (sk + k));
        for (let i = 0; i < bx; i++, v++) {
          if (data[v] === 0) continue;
          if (taken[row + i] === 1) return true;
          taken[row + i] = 1;
        }
      }
    }
    return false;
  });
}

function code(value: string, meaning: string): DicomJson {
  return { CodeValue: value, CodingSchemeDesignator: 'SCT', CodeMeaning: meaning };
}

function sharedGroups(grid: Grid): DicomJson {
  const [sx, sy, sz] = grid.spacingMm;
  return {
    PlaneOrientationSequence: [
      { ImageOrientationPatient: [...column(grid.direction, 0), ...column(grid.direction, 1)] },
    ],
    PixelMeasuresSequence: [
      {
        SliceThickness: sz,
        ...(!grid.sliceOffsetsMm && { SpacingBetweenSlices: sz }),
        PixelSpacing: [sy, sx],
      },
    ],
  };
}

function frameGroups({ segment, k }: Frame, grid: Grid, image: SourceImage): DicomJson {
  const uid = image.sopInstanceUids[k];
  return {
    ...(uid !== undefined && { DerivationImageSequence: [derivation(image, uid)] }),
    FrameContentSequence: [{ DimensionIndexValues: [segment, k + 1] }],
    PlanePositionSequence: [{ ImagePositionPatient: indexToPatient(grid, [0, 0, k]) }],
    SegmentIdentificationSequence: [{ ReferencedSegmentNumber: segment }],
  };
}

/** PS3.3 C.7.6.16.2.6, with the codes that PS3.16 gives to segmentations (CID 7203 and 7202). */
function derivation(image: SourceImage, uid: string): DicomJson {
  const dcm = (value: string, meaning: string) => ({ ...code(value, meaning), CodingSchemeDesignator: 'DCM' });
  return {
    DerivationCodeSequence: [dcm('113076', 'Segmentation')],
    SourceImageSequence: [
      {
        ...imageReference(image, uid),
        SpatialLocationsPreserved: image.isResampled ? 'NO' : 'YES',
        PurposeOfReferenceCodeSequence: [dcm('121322', 'Source image for image processing operation')],
      },
    ],
  };
}

function imageReference(image: SourceImage, uid: string): DicomJson {
  return { ReferencedSOPClassUID: image.sopClassUid, ReferencedSOPInstanceUID: uid };
}

/**
 * One bit a pixel, lowest first, frame after frame without a gap: PS3.5 section 8.1.1. Made in the file itself: of many
 * structures in a large image they are a gigabyte.
 */
function pixelsOf(frames: Frame[], grid: Grid): DeferredBytes {
  const framePixels = grid.size[0] * grid.size[1];
  return {
    byteLength: Math.ceil((frames.length * framePixels) / 8),
    writeTo(bits) {
      frames.forEach((frame, f) => {
        setBits(bits, frame, grid.size[0], f * framePixels);
      });
    },
  };
}

function setBits(bits: Uint8Array, { mask, k }: Frame, columns: number, firstBit: number): void {
  const [si, sj, sk] = mask.box.start;
  const [bx, by] = mask.box.size;
  for (let j = 0; j < by; j++) {
    const from = bx * (j + by * (k - sk));
    const to = firstBit + si + columns * (sj + j);
    for (let i = 0; i < bx; i++) if (mask.data[from + i] === 1) bits[Math.floor((to + i) / 8)] |= 1 << ((to + i) % 8);
  }
}
