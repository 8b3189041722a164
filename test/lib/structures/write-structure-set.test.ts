import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDataSet } from '#lib/dicom/read.ts';
import { TransferSyntax } from '#lib/dicom/uid.ts';
import { writeDicom } from '#lib/dicom/write.ts';
import type { Grid } from '#lib/image/grid.ts';
import { fullMaskData, maskOfVolume } from '#lib/image/mask.ts';
import { readStructureSet } from '#lib/rt/read-structure-set.ts';
import { standardColor } from '#lib/structures/names/colors.ts';
import { maskOfRoi } from '#lib/structures/rasterize.ts';
import { structureSetOf } from '#lib/structures/write-structure-set.ts';
import type { WrittenStructure } from '#lib/structures/written-structures.ts';
import { conformanceErrors } from '#test/fixtures/conformance.ts';
import { ODD_GRIDS } from '#test/fixtures/masks.ts';
import {
  IDENTITY_OF_OBJECT,
  PATIENT_AND_STUDY,
  sourceImage,
  threeStructures,
} from '#test/fixtures/written-structures.ts';

for (const [name, grid] of Object.entries(ODD_GRIDS)) {
  test(`a written structure set gives back its masks voxel by voxel: ${name}`, () => {
    const structures = threeStructures(grid);
    const { rois, findings } = readStructureSet(readDataSet(write(grid, structures)));
    assert.deepEqual(
      rois.map((roi) => [roi.number, roi.name, roi.interpretedType, roi.generationAlgorithm]),
      [
        [1, 'PTV', 'PTV', 'MANUAL'],
        [4, 'Bladder', 'ORGAN', 'AUTOMATIC'],
        [7, 'Rectum', 'ORGAN', 'AUTOMATIC'],
      ],
    );
    assert.deepEqual(
      findings.map(({ code, where }) => `${code} ${where}`),
      ['ROI_EMPTY ROI 7'],
    );
    rois.forEach((roi, n) => {
      assert.deepEqual(fullMaskData(maskOfRoi(roi, grid).mask), fullMaskData(structures[n].mask));
    });
  });
}

test('the written set states source name, colour, contour images and frame of reference', () => {
  const grid = ODD_GRIDS.axial;
  const dataSet = readDataSet(write(grid, threeStructures(grid)));
  assert.deepEqual(
    dataSet.items('StructureSetROISequence').map((item) => item.text('ROIDescription')),
    ['PTV final', 'Pęcherz', 'rectum'],
  );
  const set = readStructureSet(dataSet);
  assert.deepEqual(set.rois[1].colorRgb, [255, 128, 0]);
  assert.deepEqual(set.frameOfReferenceUids, ['2.25.102']);
  assert.deepEqual(set.referencedSeriesUids, ['2.25.101']);
  for (const contour of set.rois[0].contours) {
    const k = Math.round((contour.pointsMm[2] - grid.originMm[2]) / grid.spacingMm[2]);
    assert.deepEqual(contour.imageUids, [`2.25.200.${k}`]);
  }
});

test('organs have their code, and no retired element is written', () => {
  const grid = ODD_GRIDS.axial;
  const dataSet = readDataSet(write(grid, threeStructures(grid)));
  const codes = dataSet.items('RTROIObservationsSequence').map((item) =>
    item
      .items('RTROIIdentificationCodeSequence')
      .map((code) => `${code.text('CodingSchemeDesignator')} ${code.text('CodeValue')} ${code.text('CodeMeaning')}`)
      .join(),
  );
  assert.deepEqual(codes, ['', 'SCT 89837001 Urinary bladder', 'SCT 34402009 Rectum']);
  const [contour] = dataSet.items('ROIContourSequence')[0].items('ContourSequence');
  assert.equal(contour.text('ContourSlabThickness'), '');
});

test('a contour of more than 64 KiB is restored completely', () => {
  const grid: Grid = { ...ODD_GRIDS.axial, size: [4000, 10, 1] };
  const comb = new Uint8Array(40_000).map((_, v) => (v < 4000 || (v % 2 === 0 && v < 36_000) ? 1 : 0));
  const mask = maskOfVolume(grid, comb);
  const [roi] = readStructureSet(readDataSet(write(grid, [{ ...threeStructures(grid)[0], mask }]))).rois;
  assert.equal(roi.contours.length, 1);
  assert.ok(roi.contours[0].pointsMm.length > 20_000);
  assert.deepEqual(fullMaskData(maskOfRoi(roi, grid).mask), comb);
});

test('dciodvfy finds no error in a written structure set', (context) => {
  const errors = conformanceErrors(write(ODD_GRIDS.oblique, threeStructures(ODD_GRIDS.oblique)));
  if (!errors) return context.skip('dciodvfy (dicom3tools) is not installed');
  assert.deepEqual(errors, []);
});

test('two structures with one number are refused', () => {
  const [first] = threeStructures(ODD_GRIDS.axial);
  assert.throws(() => write(ODD_GRIDS.axial, [first, first]), { name: 'BadInput', message: /repeat: 1, 1/ });
});

test('a structure always has the same colour, by type, organ or name', () => {
  assert.deepEqual(standardColor('PTV_5040'), [255, 0, 0]);
  assert.deepEqual(standardColor('tumour', 'GTV'), [255, 0, 255]);
  assert.deepEqual(standardColor('Kidney_L'), standardColor('Kidneys'));
  assert.deepEqual(standardColor('something'), standardColor('something'));
  assert.notDeepEqual(standardColor('something'), standardColor('something else'));
});

function write(grid: Grid, structures: WrittenStructure[]): Uint8Array {
  const content = structureSetOf(structures, {
    label: 'Automatic',
    identity: IDENTITY_OF_OBJECT,
    patientAndStudy: PATIENT_AND_STUDY,
    image: sourceImage(grid),
  });
  return writeDicom(content, { transferSyntaxUid: TransferSyntax.implicitVrLittleEndian });
}
