import { adaptersSEG } from '@cornerstonejs/adapters';
import { metaData } from '@cornerstonejs/core';
import * as dcmjs from 'dcmjs';

/** What a viewer does when a person opens the objects of a series: the page calls nothing of ours. */
window.openObjects = async ({ grid, image, seg, rtstruct }) => {
  const imageIds = image.sopInstanceUids.map((_, k) => `phantom:${k}`);
  metaData.addProvider((type, imageId) => modulesOf(grid, image, imageId)?.[type], 1000);
  return { segments: await segmentsOf(imageIds, bytesOf(seg), grid), rois: roisOf(bytesOf(rtstruct)) };
};

async function segmentsOf(imageIds, buffer, { size: [nx, ny] }) {
  const { createFromDICOMSegBuffer } = adaptersSEG.Cornerstone3D.Segmentation;
  const { labelMapImages, segMetadata } = await createFromDICOMSegBuffer(imageIds, buffer, {
    metadataProvider: metaData,
    tolerance: 1e-3,
  });
  const layers = Array.isArray(labelMapImages[0]) ? labelMapImages : [labelMapImages];
  const voxels = new Map();
  for (const layer of layers)
    layer.forEach((slice, k) => {
      slice.voxelManager.getScalarData().forEach((number, at) => {
        if (number === 0) return;
        const found = voxels.get(number) ?? [];
        found.push(at + k * nx * ny);
        voxels.set(number, found);
      });
    });
  return segMetadata.data.flatMap((segment) =>
    segment
      ? [
          {
            number: Number(segment.SegmentNumber),
            label: segment.SegmentLabel,
            voxels: voxels.get(Number(segment.SegmentNumber)) ?? [],
          },
        ]
      : [],
  );
}

/** As OHIF's extension for RTSTRUCT reads them. */
function roisOf(buffer) {
  const { DicomMessage, DicomMetaDictionary } = dcmjs.data;
  const set = DicomMetaDictionary.naturalizeDataset(DicomMessage.readFile(buffer).dict);
  const listOf = (value) => (value === undefined ? [] : Array.isArray(value) ? [...value] : [value]);
  return listOf(set.ROIContourSequence).map((roi) => {
    const named = listOf(set.StructureSetROISequence).find(({ ROINumber }) => ROINumber === roi.ReferencedROINumber);
    return {
      number: Number(roi.ReferencedROINumber),
      name: named?.ROIName ?? '',
      colour: listOf(roi.ROIDisplayColor).map(Number),
      contours: listOf(roi.ContourSequence).map((contour) => ({
        imageUid: listOf(contour.ContourImageSequence)[0]?.ReferencedSOPInstanceUID ?? '',
        points: listOf(contour.ContourData).map(Number),
      })),
    };
  });
}

/** What a loader of DICOM knows of a slice. */
function modulesOf({ size, spacingMm, originMm, direction: d, sliceOffsetsMm }, image, imageId) {
  const k = Number(/^phantom:(\d+)$/.exec(imageId)?.[1] ?? Number.NaN);
  if (!(k >= 0)) return undefined;
  const offset = sliceOffsetsMm ? sliceOffsetsMm[k] : k * spacingMm[2];
  const position = [0, 1, 2].map((axis) => originMm[axis] + offset * d[3 * axis + 2]);
  const [rowCosines, columnCosines] = [0, 1].map((column) => [d[column], d[3 + column], d[6 + column]]);
  const sopInstanceUID = image.sopInstanceUids[k];
  return {
    imagePlaneModule: {
      rows: size[1],
      columns: size[0],
      imagePositionPatient: position,
      imageOrientationPatient: [...rowCosines, ...columnCosines],
      rowCosines,
      columnCosines,
      rowPixelSpacing: spacingMm[1],
      columnPixelSpacing: spacingMm[0],
      sliceThickness: spacingMm[2],
      frameOfReferenceUID: image.frameOfReferenceUid,
    },
    imagePixelModule: { rows: size[1], columns: size[0], bitsAllocated: 16, bitsStored: 16, samplesPerPixel: 1 },
    generalSeriesModule: { seriesInstanceUID: image.seriesInstanceUid, modality: 'CT' },
    generalImageModule: { sopInstanceUID, instanceNumber: k + 1 },
    sopCommonModule: { sopInstanceUID, sopClassUID: image.sopClassUid },
    instance: {
      SOPInstanceUID: sopInstanceUID,
      SeriesInstanceUID: image.seriesInstanceUid,
      Rows: size[1],
      Columns: size[0],
      ImagePositionPatient: position,
      ImageOrientationPatient: [...rowCosines, ...columnCosines],
      PixelSpacing: [spacingMm[1], spacingMm[0]],
    },
  };
}

function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)).buffer;
}
