import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDataSet } from '#lib/dicom/read.ts';
import { SopClass } from '#lib/dicom/uid.ts';
import { writeDicom } from '#lib/dicom/write.ts';
import { type Grid, indexToPatient } from '#lib/image/grid.ts';
import { cropMask, fullMaskData, maskOfVolume } from '#lib/image/mask.ts';
import { seededRandom } from '#lib/random.ts';
import { readSegmentation } from '#lib/rt/read-segmentation.ts';
import { dicomCielab } from '#lib/structures/cielab.ts';
import type { Rgb } from '#lib/structures/names/colors.ts';
import { maskOfSegment } from '#lib/structures/segment-mask.ts';
import { segmentationOf } from '#lib/structures/write-segmentation.ts';
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
  test(`every frame holds the pixels of its segment at its position: ${name}`, () => {
    const structures = threeStructures(grid);
    const dataSet = readDataSet(write(grid, structures));
    const bits = dataSet.bytes('PixelData') as Uint8Array;
    const pixels = grid.size[0] * grid.size[1];
    const seen = structures.map(() => new Uint8Array(pixels * grid.size[2]));
    dataSet.items('PerFrameFunctionalGroupsSequence').forEach((frame, f) => {
      const position = frame.items('PlanePositionSequence')[0].numbers('ImagePositionPatient');
      const [segment, place] = frame.items('FrameContentSequence')[0].numbers('DimensionIndexValues');
      const k = place - 1;
      const expected = indexToPatient(grid, [0, 0, k]);
      assert.ok(expected.every((x, axis) => Math.abs(x - position[axis]) < 1e-9));
      for (let p = 0; p < pixels; p++) {
        const bit = f * pixels + p;
        seen[segment - 1][k * pixels + p] = (bits[bit >> 3] >> (bit & 7)) & 1;
      }
    });
    assert.deepEqual(
      seen,
      structures.map(({ mask }) => fullMaskData(mask)),
    );
  });
}

test('segments keep names, order and the algorithm that made them', () => {
  const grid = ODD_GRIDS.axial;
  const segments = readDataSet(write(grid, threeStructures(grid))).items('SegmentSequence');
  assert.deepEqual(
    segments.map((segment) => [
      segment.number('SegmentNumber'),
      segment.text('SegmentLabel'),
      segment.text('SegmentDescription'),
      segment.text('SegmentAlgorithmType'),
      segment.text('SegmentAlgorithmName'),
    ]),
    [
      [1, 'PTV', 'PTV final', 'MANUAL', ''],
      [2, 'Bladder', 'Pęcherz', 'AUTOMATIC', 'model 1.0'],
      [3, 'Rectum', 'rectum', 'AUTOMATIC', 'model 1.0'],
    ],
  );
});

test('organs have their code and side, targets are neoplasms, uncoded structures are tissue', () => {
  const grid = ODD_GRIDS.axial;
  const [target, organ] = threeStructures(grid);
  const named = ['Kidney_L', 'Bladder', null].map((standardName) => ({ ...organ, standardName }));
  const segments = readDataSet(write(grid, [target, ...named])).items('SegmentSequence');
  const types = segments.map((segment) => {
    const [type] = segment.items('SegmentedPropertyTypeCodeSequence');
    const sides = type.items('SegmentedPropertyTypeModifierCodeSequence').map((side) => side.text('CodeMeaning'));
    return [type.text('CodeValue'), type.text('CodingSchemeDesignator'), type.text('CodeMeaning'), ...sides].join(' ');
  });
  assert.deepEqual(types, [
    '108369006 SCT Neoplasm',
    '64033007 SCT Kidney Left',
    '89837001 SCT Urinary bladder',
    '85756007 SCT Tissue',
  ]);
});

test('a segmentation states whether two of its segments overlap', () => {
  const grid = ODD_GRIDS.axial;
  const [first, second] = threeStructures(grid);
  const said = (structures: WrittenStructure[]) => readDataSet(write(grid, structures)).text('SegmentsOverlap');
  const inside = fullMaskData(first.mask);
  const beside = maskOfVolume(
    grid,
    fullMaskData(second.mask).map((value, v) => (inside[v] === 1 ? 0 : value)),
  );
  assert.equal(said([first, { ...second, mask: beside }]), 'NO');
  assert.equal(said([first, { ...second, mask: first.mask }]), 'YES');
  const random = seededRandom(5);
  const some = () => Uint8Array.from(inside, () => (random() < 0.02 ? 1 : 0));
  const outcomes = Array.from({ length: 40 }, () => {
    const [one, other] = [some(), some()];
    const masks = [one, other].map((data) => cropMask(maskOfVolume(grid, data)));
    const pair = [first, second].map((structure, n) => ({ ...structure, mask: masks[n] }));
    const isShared = one.some((value, v) => value === 1 && other[v] === 1);
    assert.equal(said(pair), isShared ? 'YES' : 'NO');
    return isShared;
  });
  assert.equal(new Set(outcomes).size, 2, 'both outcomes occur');
});

test('the label has at most 16 characters, as a code string may have', () => {
  const label = readDataSet(write(ODD_GRIDS.axial, threeStructures(ODD_GRIDS.axial))).text('ContentLabel');
  assert.ok(label.length > 0 && label.length <= 16, label);
});

for (const [name, grid] of Object.entries(ODD_GRIDS))
  test(`a label map has a frame for each slice, and its segments equal the masks: ${name}`, async () => {
    const apart = withoutOverlap(grid);
    const dataSet = readDataSet(write(grid, apart, 'labelmap'));
    assert.equal(dataSet.text('SOPClassUID'), SopClass.labelMapSegmentation);
    assert.equal(dataSet.text('SegmentationType'), 'LABELMAP');
    assert.ok((dataSet.number('NumberOfFrames') ?? 0) <= grid.size[2]);
    const { segments } = await readSegmentation(dataSet);
    const drawn = apart.filter(({ mask }) => mask.data.length > 0);
    const read = segments.filter(({ frames }) => frames.length > 0);
    assert.deepEqual(
      read.map((segment) => [segment.name, maskOfSegment(segment, grid).mask]),
      drawn.map(({ name: of, mask }) => [of, cropMask(mask)]),
    );
  });

test('more than 255 segments use two bytes per pixel', async () => {
  const grid: Grid = { ...ODD_GRIDS.axial, size: [20, 20, 1] };
  const [pattern] = threeStructures(ODD_GRIDS.axial);
  const dots = Array.from({ length: 300 }, (_, v) => ({
    ...pattern,
    name: `dot ${v}`,
    mask: maskOfVolume(grid, new Uint8Array(400).fill(1, v, v + 1)),
  }));
  const dataSet = readDataSet(write(grid, dots, 'labelmap'));
  assert.equal(dataSet.number('BitsAllocated'), 16);
  const { segments } = await readSegmentation(dataSet);
  assert.deepEqual(
    segments.map(({ frames }) => frames.map(({ data }) => data.indexOf(1))),
    dots.map((_, v) => [v]),
  );
});

test('overlapping segments are written as binary even if a label map is requested', () => {
  const grid = ODD_GRIDS.axial;
  const [first] = threeStructures(grid);
  const dataSet = readDataSet(write(grid, [first, first], 'labelmap'));
  assert.equal(dataSet.text('SegmentationType'), 'BINARY');
  assert.equal(dataSet.text('SOPClassUID'), SopClass.segmentation);
});

test('dciodvfy finds no error in a written segmentation', (context) => {
  const errors = conformanceErrors(write(ODD_GRIDS.oblique, threeStructures(ODD_GRIDS.oblique)));
  if (!errors) return context.skip('dciodvfy (dicom3tools) is not installed');
  assert.deepEqual(errors, []);
});

test('a segmentation without any voxel is refused, since it would have no frame', () => {
  const nothing = threeStructures(ODD_GRIDS.axial).slice(2);
  assert.throws(() => write(ODD_GRIDS.axial, nothing), { name: 'BadInput' });
});

test('colours become CIELab as in highdicom 0.28.2, to one part in a thousand', () => {
  const cases: [Rgb, [number, number, number]][] = [
    [
      [255, 0, 0],
      [34886, 53484, 50172],
    ],
    [
      [0, 255, 0],
      [57498, 10747, 54274],
    ],
    [
      [12, 34, 200],
      [18235, 47252, 11356],
    ],
    [
      [255, 255, 255],
      [65535, 32897, 32893],
    ],
    [
      [0, 0, 0],
      [0, 32896, 32896],
    ],
    [
      [120, 130, 140],
      [35303, 32512, 31189],
    ],
    // Where the curve is straight (CIE 15): L* = 903.3 Y, and Y = 3 / 255 / 12.92 by IEC 61966-2-1.
    [
      [3, 3, 3],
      [539, 32896, 32896],
    ],
  ];
  for (const [rgb, lab] of cases)
    dicomCielab(rgb).forEach((value, n) => {
      assert.ok(Math.abs(value - lab[n]) <= 66, `${rgb}: ${value} is not ${lab[n]}`);
    });
});

/** The three structures, each without what those before it have. */
function withoutOverlap(grid: Grid): WrittenStructure[] {
  const taken = new Uint8Array(grid.size[0] * grid.size[1] * grid.size[2]);
  return threeStructures(grid).map((structure) => {
    const own = fullMaskData(structure.mask).map((value, v) => (taken[v] === 1 ? 0 : value));
    for (let v = 0; v < own.length; v++) if (own[v] === 1) taken[v] = 1;
    return { ...structure, mask: maskOfVolume(grid, own) };
  });
}

function write(grid: Grid, structures: WrittenStructure[], type?: 'binary' | 'labelmap'): Uint8Array {
  return writeDicom(
    segmentationOf(structures, {
      label: 'Automatic',
      identity: IDENTITY_OF_OBJECT,
      patientAndStudy: PATIENT_AND_STUDY,
      image: sourceImage(grid),
      type,
    }),
  );
}
