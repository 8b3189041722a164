import type { DicomJson } from '../dicom/write.ts';
import { BadInput } from '../errors.ts';
import { type Grid, indexToPatient } from '../image/grid.ts';
import { column } from '../math/vec3.ts';
import { isTarget } from '../rt/target.ts';
import { dicomCielab } from './cielab.ts';
import { type AnatomyCode, anatomyOf } from './names/snomed.ts';
import { binaryFrames, labelMapFrames, type SegmentFrame, type SegmentFrames } from './segment-frames.ts';
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
  /** Encoding of the segments: `binary` by default, and always when they overlap. */
  type?: 'binary' | 'labelmap';
}

/**
 * A DICOM segmentation (PS3.3 A.51) of masks of one grid, binary or as a label map. Segments are numbered from 1 in the order
 * given, as the standard asks; one without voxels has no frame.
 * @throws BadInput when nothing has a voxel, for the object needs a frame
 */
export function segmentationOf(structures: WrittenStructure[], options: SegmentationOptions): DicomJson {
  const { identity, image } = options;
  const { grid } = structures[0].mask;
  const masks = structures.map(({ mask }) => mask);
  const overlaps = overlap(structures);
  const held = options.type === 'labelmap' && !overlaps ? labelMapFrames(masks, grid) : binaryFrames(masks, grid);
  if (held.frames.length === 0) throw new BadInput('a segmentation needs a structure with voxels');
  const dimensionsUid = `${identity.sopInstanceUid}.1`.slice(0, 64);
  return {
    ...options.patientAndStudy,
    ...seriesAndEquipment(identity, held.sopClassUid, 'SEG'),
    FrameOfReferenceUID: image.frameOfReferenceUid,
    PositionReferenceIndicator: '',
    ...segmentationImage(options.label, identity, held),
    SegmentsOverlap: overlaps ? 'YES' : 'NO',
    Rows: grid.size[1],
    Columns: grid.size[0],
    NumberOfFrames: held.frames.length,
    ReferencedSeriesSequence: [
      {
        ReferencedInstanceSequence: [...new Set(image.sopInstanceUids)].map((uid) => imageReference(image, uid)),
        SeriesInstanceUID: image.seriesInstanceUid,
      },
    ],
    SegmentSequence: [
      ...(held.type === 'LABELMAP' ? [BACKGROUND] : []),
      ...structures.map((structure, s) => segmentItem(structure, s + 1)),
    ],
    DimensionOrganizationSequence: [{ DimensionOrganizationUID: dimensionsUid }],
    DimensionIndexSequence: held.dimensions.map((dimension) => ({
      DimensionOrganizationUID: dimensionsUid,
      ...dimension,
    })),
    SharedFunctionalGroupsSequence: [sharedGroups(grid)],
    PerFrameFunctionalGroupsSequence: held.frames.map((frame) => frameGroups(frame, grid, image)),
    PixelData: held.pixels,
  };
}

const ANATOMICAL_STRUCTURE = code('123037004', 'Anatomical Structure');
const TISSUE = code('85756007', 'Tissue');
const ABNORMAL_STRUCTURE = code('49755003', 'Morphologically Abnormal Structure');
const NEOPLASM = code('108369006', 'Neoplasm');

/** The modules that say what the pixels are: PS3.3 C.8.20.2 and C.7.6.3. */
function segmentationImage(
  label: string,
  { date, time }: ObjectIdentity,
  { type, bitsAllocated }: SegmentFrames,
): DicomJson {
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
    SegmentationType: type,
    ...(type === 'LABELMAP' && { PixelPaddingValue: 0 }),
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    BitsAllocated: bitsAllocated,
    BitsStored: bitsAllocated,
    HighBit: bitsAllocated - 1,
    PixelRepresentation: 0,
    LossyImageCompression: '00',
    BurnedInAnnotation: 'NO',
  };
}

/** What a label map says of the pixels of no segment. */
const BACKGROUND: DicomJson = {
  SegmentNumber: 0,
  SegmentLabel: 'Background',
  SegmentAlgorithmType: 'AUTOMATIC',
  SegmentAlgorithmName: 'rtpipeline',
  SegmentedPropertyCategoryCodeSequence: [dcm('125040', 'Background')],
  SegmentedPropertyTypeCodeSequence: [dcm('125040', 'Background')],
};

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
    SegmentedPropertyTypeCodeSequence: [ofTarget ? NEOPLASM : anatomyItem(structure)],
  };
}

/** The organ, with its side where that is no part of the code; tissue where the name has none. */
function anatomyItem({ standardName, sourceName }: WrittenStructure): DicomJson {
  const anatomy = anatomyOf(standardName, sourceName);
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

function dcm(value: string, meaning: string): DicomJson {
  return { ...code(value, meaning), CodingSchemeDesignator: 'DCM' };
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

function frameGroups({ segment, k }: SegmentFrame, grid: Grid, image: SourceImage): DicomJson {
  const uid = image.sopInstanceUids[k];
  return {
    ...(uid !== undefined && { DerivationImageSequence: [derivation(image, uid)] }),
    FrameContentSequence: [{ DimensionIndexValues: segment === undefined ? [k + 1] : [segment, k + 1] }],
    PlanePositionSequence: [{ ImagePositionPatient: indexToPatient(grid, [0, 0, k]) }],
    ...(segment !== undefined && { SegmentIdentificationSequence: [{ ReferencedSegmentNumber: segment }] }),
  };
}

/** PS3.3 C.7.6.16.2.6, with the codes that PS3.16 gives to segmentations (CID 7203 and 7202). */
function derivation(image: SourceImage, uid: string): DicomJson {
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
