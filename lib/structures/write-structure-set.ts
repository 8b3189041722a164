import { SopClass } from '../dicom/uid.ts';
import type { DicomJson } from '../dicom/write.ts';
import { BadInput } from '../errors.ts';
import { maskVolumeCc } from '../image/mask.ts';
import { type ContourStyle, contoursOfMask } from './contours.ts';
import { anatomyOf } from './names/snomed.ts';
import {
  type ObjectIdentity,
  type SourceImage,
  seriesAndEquipment,
  type WrittenStructure,
} from './written-structures.ts';

export interface StructureSetOptions {
  /** StructureSetLabel, up to 16 characters. */
  label: string;
  identity: ObjectIdentity;
  /** From `patientAndStudy` of an instance of the image. */
  patientAndStudy: DicomJson;
  image: SourceImage;
  /** Default: `voxel`. */
  contours?: ContourStyle;
}

/** Coordinates are written to a ten-thousandth of a millimetre; corners lie half a voxel from any centre. */
const DECIMALS = 4;

/**
 * An RT structure set (PS3.3 A.19.3) of masks, contoured along voxel faces or smoothly. Write it with the implicit VR syntax: an
 * explicit length of 16 bits cannot hold a contour of many corners. A structure without voxels stays as a ROI without
 * contours; the name that a source gave goes into ROIDescription.
 * @throws BadInput when two structures have one number
 */
export function structureSetOf(structures: WrittenStructure[], options: StructureSetOptions): DicomJson {
  const { identity, image } = options;
  const numbers = structures.map((structure) => structure.number);
  if (new Set(numbers).size < numbers.length) throw new BadInput(`ROI numbers repeat: ${numbers.join(', ')}`);
  return {
    ...options.patientAndStudy,
    ...seriesAndEquipment(identity, SopClass.rtStructureSet, 'RTSTRUCT'),
    FrameOfReferenceUID: image.frameOfReferenceUid,
    PositionReferenceIndicator: '',
    StructureSetLabel: options.label.slice(0, 16),
    StructureSetDate: identity.date,
    StructureSetTime: identity.time,
    ReferencedFrameOfReferenceSequence: [referencedFrame(options)],
    StructureSetROISequence: structures.map((structure) => roiItem(structure, image)),
    ROIContourSequence: structures.map((structure) => contourItem(structure, image, options.contours)),
    RTROIObservationsSequence: structures.map(observationItem),
    ApprovalStatus: 'UNAPPROVED',
  };
}

/** The detached study management class, retired, which RT objects still name: PS3.3 C.8.8.5.4. */
const DETACHED_STUDY = '1.2.840.10008.3.1.2.3.1';

function referencedFrame({ image, patientAndStudy }: StructureSetOptions): DicomJson {
  return {
    FrameOfReferenceUID: image.frameOfReferenceUid,
    RTReferencedStudySequence: [
      {
        ReferencedSOPClassUID: DETACHED_STUDY,
        ReferencedSOPInstanceUID: patientAndStudy.StudyInstanceUID,
        RTReferencedSeriesSequence: [
          {
            SeriesInstanceUID: image.seriesInstanceUid,
            ContourImageSequence: [...new Set(image.sopInstanceUids)].map((uid) => imageReference(image, uid)),
          },
        ],
      },
    ],
  };
}

function imageReference(image: SourceImage, uid: string): DicomJson {
  return { ReferencedSOPClassUID: image.sopClassUid, ReferencedSOPInstanceUID: uid };
}

function roiItem(structure: WrittenStructure, image: SourceImage): DicomJson {
  return {
    ROINumber: structure.number,
    ReferencedFrameOfReferenceUID: image.frameOfReferenceUid,
    ROIName: structure.name.slice(0, 64),
    ROIDescription: structure.sourceName,
    ROIVolume: Number(maskVolumeCc(structure.mask).toPrecision(9)),
    ROIGenerationAlgorithm: structure.algorithm,
    ROIGenerationDescription: structure.algorithmName.slice(0, 64),
  };
}

function contourItem(
  { number, colorRgb, mask }: WrittenStructure,
  image: SourceImage,
  style?: ContourStyle,
): DicomJson {
  const contours = contoursOfMask(mask, (k) => image.sopInstanceUids[k], style);
  return {
    ROIDisplayColor: colorRgb,
    ...(contours.length > 0 && {
      ContourSequence: contours.map((contour, n) => ({
        ContourImageSequence: contour.imageUids.map((uid) => imageReference(image, uid)),
        ContourGeometricType: contour.type,
        NumberOfContourPoints: contour.pointsMm.length / 3,
        ContourNumber: n + 1,
        ContourData: Array.from(contour.pointsMm, (coordinate) => Number(coordinate.toFixed(DECIMALS))),
      })),
    }),
    ReferencedROINumber: number,
  };
}

function observationItem(structure: WrittenStructure): DicomJson {
  return {
    ObservationNumber: structure.number,
    ReferencedROINumber: structure.number,
    ROIObservationLabel: structure.name.slice(0, 16),
    ...identificationOf(structure),
    RTROIInterpretedType: structure.interpretedType,
    ROIInterpreter: '',
  };
}

/** The organ by its code, which has no place for a side. */
function identificationOf({ standardName, sourceName }: WrittenStructure): DicomJson {
  const anatomy = anatomyOf(standardName, sourceName);
  if (!anatomy) return {};
  const { value, meaning } = anatomy.structure;
  return {
    RTROIIdentificationCodeSequence: [{ CodeValue: value, CodingSchemeDesignator: 'SCT', CodeMeaning: meaning }],
  };
}
