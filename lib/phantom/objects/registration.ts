import type { DicomJson } from '../../dicom/write.ts';
import { identityModules, type PhantomSeries, reference } from './identity.ts';
import type { PhantomImage } from './image.ts';

export interface PhantomRegistration {
  series: PhantomSeries;
  uid: string;
  fixed: PhantomImage;
  moving: PhantomImage;
  /** 4 x 4, row by row: takes a point of the moving frame into the fixed one. */
  movingToFixed: number[];
}

const IDENTITY_4X4 = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

/** A rigid spatial registration (PS3.3 A.39) in the frame of reference of the fixed image. */
export function registration(r: PhantomRegistration): DicomJson {
  return {
    ...identityModules(r.series, 'spatialRegistration', r.uid),
    Modality: 'REG',
    FrameOfReferenceUID: r.fixed.series.frameOfReferenceUid,
    PositionReferenceIndicator: '',
    Laterality: '',
    InstanceNumber: 1,
    ContentDate: r.series.study.date,
    ContentTime: '090000',
    ContentLabel: 'REGISTRATION',
    ContentDescription: '',
    ContentCreatorName: '',
    RegistrationSequence: [item(r.fixed, IDENTITY_4X4), item(r.moving, r.movingToFixed)],
    ReferencedSeriesSequence: [r.fixed, r.moving].map((image) => ({
      SeriesInstanceUID: image.series.uid,
      ReferencedInstanceSequence: references(image),
    })),
  };
}

function item(image: PhantomImage, matrix: number[]): DicomJson {
  return {
    FrameOfReferenceUID: image.series.frameOfReferenceUid,
    ReferencedImageSequence: references(image),
    MatrixRegistrationSequence: [
      {
        MatrixSequence: [
          { FrameOfReferenceTransformationMatrixType: 'RIGID', FrameOfReferenceTransformationMatrix: matrix },
        ],
        RegistrationTypeCodeSequence: [],
      },
    ],
  };
}

function references(image: PhantomImage): DicomJson[] {
  return image.sliceUids.map((uid) => reference(image.kind, uid));
}
