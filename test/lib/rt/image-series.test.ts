import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DataSet } from '#lib/dicom/data-set.ts';
import { readDataSet } from '#lib/dicom/read.ts';
import { SopClass } from '#lib/dicom/uid.ts';
import { type DicomJson, writeDicom } from '#lib/dicom/write.ts';
import { BadInput } from '#lib/errors.ts';
import { indexToPatient } from '#lib/image/grid.ts';
import { addScaled, cross, type Vec3 } from '#lib/math/vec3.ts';
import { type ImageSeries, readImageSeries } from '#lib/rt/image-series.ts';
import { AXIAL, COLUMNS, PIXEL_MM, PIXELS, ROWS, showWorld, slice, slicesAt, worldValue } from './series-builder.ts';

const CORONAL: [Vec3, Vec3] = [
  [1, 0, 0],
  [0, 0, -1],
];
const SAGITTAL: [Vec3, Vec3] = [
  [0, 1, 0],
  [0, 0, -1],
];
const PRONE: [Vec3, Vec3] = [
  [-1, 0, 0],
  [0, -1, 0],
];
/** A 3-4-5 turn about z: whole numbers stay whole every fifth voxel. */
const TURNED: [Vec3, Vec3] = [
  [0.6, 0.8, 0],
  [-0.8, 0.6, 0],
];

const codes = (series: ImageSeries) => series.findings.map(({ code }) => code);

/** Every voxel shows the world at the place where the grid says it lies. */
function assertShowsWorld({ volume }: ImageSeries, toleranceValue = 0.5): void {
  const [nx, ny, nz] = volume.grid.size;
  for (let at = 0; at < nx * ny * nz; at++) {
    const place = indexToPatient(volume.grid, [at % nx, Math.floor(at / nx) % ny, Math.floor(at / nx / ny)]);
    assert.ok(
      Math.abs(volume.data[at] - worldValue(place)) <= toleranceValue + 1e-9,
      `voxel ${at}: ${volume.data[at]} at ${place}`,
    );
  }
}

describe('slices are ordered by position', () => {
  const offsets = [0, 4, 8, 12];
  for (const [name, axes] of Object.entries({ AXIAL, CORONAL, SAGITTAL, PRONE, TURNED }))
    test(`${name.toLowerCase()}, in any file order, against the instance numbers`, async () => {
      const instances = slicesAt([8, 0, 12, 4], axes);
      const series = await readImageSeries(instances);
      assert.deepEqual(series.volume.grid.size, [COLUMNS, ROWS, 4]);
      assert.ok(Math.abs(series.volume.grid.spacingMm[2] - 4) < 1e-9);
      assert.equal(series.volume.grid.sliceOffsetsMm, undefined);
      assert.deepEqual(
        series.sopInstanceUids,
        [1, 3, 0, 2].map((i) => instances[i].text('SOPInstanceUID')),
      );
      assert.deepEqual(series.findings, []);
      assertShowsWorld(series);
    });

  test('the series attributes are read', async () => {
    const { modality, seriesInstanceUid, studyInstanceUid, frameOfReferenceUid, quantity } = await readImageSeries(
      slicesAt(offsets),
    );
    assert.deepEqual(
      [modality, seriesInstanceUid, studyInstanceUid, frameOfReferenceUid, quantity],
      ['CT', '1.2.9', '1.2.8', '1.2.10', 'HU'],
    );
  });

  test('positions off by rounding make an even grid', async () => {
    const series = await readImageSeries(slicesAt([0, 0.626, 1.25, 1.874, 2.5]));
    assert.equal(series.volume.grid.sliceOffsetsMm, undefined);
    assert.equal(series.volume.grid.spacingMm[2], 0.625);
  });

  const uneven = [
    { name: 'gaps of two sizes', offsets: [0, 2, 4, 9, 14], code: 'UNEVEN_SLICES', spacing: 5, seen: 0 },
    { name: 'a slice that is missing', offsets: [0, 3, 6, 12, 15], code: 'MISSING_SLICES', spacing: 3, seen: 2 },
  ];
  for (const { name, offsets, code, spacing, seen } of uneven)
    test(`${name} keep their true places`, async () => {
      const series = await readImageSeries(slicesAt(offsets));
      assert.deepEqual(codes(series), [code]);
      const { grid } = series.volume;
      const middle = indexToPatient(grid, [(grid.size[0] - 1) / 2, (grid.size[1] - 1) / 2, seen]);
      const at = series.findings[0].positionMm ?? [];
      assert.ok(
        middle.every((mm, axis) => Math.abs(mm - at[axis]) < 1e-9),
        `seen at ${at}`,
      );
      assert.deepEqual(series.volume.grid.sliceOffsetsMm, Float64Array.from(offsets));
      assert.equal(series.volume.grid.spacingMm[2], spacing);
      assertShowsWorld(series);
    });

  test('a single slice takes its thickness as spacing', async () => {
    const series = await readImageSeries(slicesAt([0], AXIAL, [0, 0, 0], () => ({ SliceThickness: 2.5 })));
    assert.deepEqual(codes(series), ['SINGLE_SLICE']);
    assert.equal(series.volume.grid.spacingMm[2], 2.5);
  });
});

describe('slices that do not belong to the volume are left out and reported', () => {
  const good = slicesAt([0, 4, 8]);
  const cases: { name: string; other: DataSet[]; code: string }[] = [
    {
      name: 'a localizer',
      other: [
        slice({ axes: CORONAL, positionMm: [0, 0, 0], more: { ImageType: ['ORIGINAL', 'PRIMARY', 'LOCALIZER'] } }),
      ],
      code: 'LOCALIZER_LEFT_OUT',
    },
    { name: 'a slice of another orientation', other: slicesAt([0], SAGITTAL), code: 'MIXED_PLANES' },
    {
      name: 'a slice of another size',
      other: [slice({ positionMm: [10, 20, 42], more: { Rows: 2, Columns: 2, PixelData: new Int16Array(4) } })],
      code: 'MIXED_PLANES',
    },
    {
      name: 'a slice of another frame of reference',
      other: [slice({ positionMm: [10, 20, 42], more: { FrameOfReferenceUID: '9.9' } })],
      code: 'MIXED_PLANES',
    },
    {
      name: 'a second image of a plane',
      other: slicesAt([4], AXIAL, [10, 20, 30], () => ({ InstanceNumber: 99, PixelData: new Int16Array(20) })),
      code: 'SEVERAL_VOLUMES',
    },
    {
      name: 'a second image of a plane that nothing tells from the first',
      other: slicesAt([4], AXIAL, [10, 20, 30], () => ({ InstanceNumber: 2, SOPInstanceUID: '9.9' })),
      code: 'DUPLICATE_POSITIONS',
    },
    {
      name: 'an image without a position',
      other: [slice({ positionMm: [0, 0, 0], more: { ImagePositionPatient: undefined } })],
      code: 'SLICE_WITHOUT_POSITION',
    },
    {
      name: 'an image with impossible axes',
      other: [slice({ positionMm: [0, 0, 0], more: { ImageOrientationPatient: [1, 0, 0, 1, 0, 0] } })],
      code: 'SLICE_WITHOUT_POSITION',
    },
  ];
  for (const { name, other, code } of cases)
    test(name, async () => {
      const series = await readImageSeries([...other, ...good]);
      assert.deepEqual(codes(series), [code]);
      assert.equal(series.volume.grid.size[2], 3);
      assertShowsWorld(series);
    });

  test('of two overlapping volumes the first in time is used', async () => {
    const late = slicesAt([0, 4, 8], AXIAL, [10, 20, 30], () => ({
      AcquisitionNumber: 2,
      PixelData: new Int16Array(20),
    }));
    const series = await readImageSeries([
      ...late,
      ...slicesAt([0, 4, 8], AXIAL, [10, 20, 30], () => ({ AcquisitionNumber: 1 })),
    ]);
    assert.deepEqual(codes(series), ['SEVERAL_VOLUMES']);
    assertShowsWorld(series);
  });

  test('a series of only localizers is a volume of localizers', async () => {
    const series = await readImageSeries(
      slicesAt([0, 4], AXIAL, [0, 0, 0], () => ({ ImageType: ['ORIGINAL', 'PRIMARY', 'LOCALIZER'] })),
    );
    assert.equal(series.volume.grid.size[2], 2);
  });

  test('a series without any position is an error', async () => {
    await assert.rejects(
      readImageSeries([slice({ positionMm: [0, 0, 0], more: { ImagePositionPatient: undefined } })]),
      BadInput,
    );
    await assert.rejects(readImageSeries([]), BadInput);
  });
});

describe('gantry tilt', () => {
  test('slices shifted within their planes are straightened by interpolation, and nothing is cut off', async () => {
    const instances = [0, 1, 2].map((k) =>
      slice({ positionMm: [10 - k, 20 + 2 * k, 30 + 4 * k], more: { GantryDetectorTilt: 26.6 } }),
    );
    const series = await readImageSeries(instances);
    assert.deepEqual(codes(series), ['SHEARED_SLICES']);
    const { grid, data } = series.volume;
    assert.deepEqual(grid.size, [COLUMNS + 1, ROWS + 2, 3]);
    assert.deepEqual(grid.originMm, [8, 20, 30]);
    const [nx, ny] = grid.size;
    const outside = Math.min(...instances.flatMap((_, k) => [...showWorld(AXIAL, [10 - k, 20 + 2 * k, 30 + 4 * k])]));
    let inside = 0;
    for (let at = 0; at < data.length; at++) {
      const [i, j, k] = [at % nx, Math.floor(at / nx) % ny, Math.floor(at / nx / ny)];
      const place = indexToPatient(grid, [i, j, k]);
      const u = (place[0] - (10 - k)) / PIXEL_MM[0];
      const v = (place[1] - (20 + 2 * k)) / PIXEL_MM[1];
      const within = u > -1e-9 && v > -1e-9 && u < COLUMNS - 1 + 1e-9 && v < ROWS - 1 + 1e-9;
      if (within) inside++;
      assert.ok(Math.abs(data[at] - (within ? worldValue(place) : outside)) < 1e-4, `${i} ${j} ${k}: ${data[at]}`);
    }
    assert.equal(inside, COLUMNS * ROWS + (COLUMNS - 1) * (ROWS - 1) + COLUMNS * (ROWS - 1));
  });
});

describe('values', () => {
  const values = async (more: DicomJson) =>
    readImageSeries(
      slicesAt([0, 4], AXIAL, [0, 0, 0], () => ({
        PixelData: Int16Array.from({ length: 20 }, (_, i) => i * 100),
        ...more,
      })),
    );

  test('integer slopes and intercepts give Int16', async () => {
    const { volume } = await values({ RescaleSlope: 2, RescaleIntercept: -1024 });
    assert.ok(volume.data instanceof Int16Array);
    assert.equal(volume.data[3], 300 * 2 - 1024);
  });

  test('integers beyond 16 bits give Int32, even if only in the last slice', async () => {
    const { volume } = await readImageSeries(
      slicesAt([0, 4], AXIAL, [0, 0, 0], (k) => ({
        PixelRepresentation: 0,
        PixelData: new Uint16Array(20).fill(k === 1 ? 65535 : 7),
      })),
    );
    assert.ok(volume.data instanceof Int32Array);
    assert.deepEqual([volume.data[0], volume.data[20]], [7, 65535]);
  });

  test('a fractional slope gives Float32, per slice', async () => {
    const series = await readImageSeries(
      slicesAt([0, 4], AXIAL, [0, 0, 0], (k) => ({
        RescaleSlope: 0.5 + k,
        RescaleIntercept: 0.25,
        PixelData: new Int16Array(20).fill(3),
      })),
    );
    assert.ok(series.volume.data instanceof Float32Array);
    assert.deepEqual([series.volume.data[0], series.volume.data[20]], [1.75, 4.75]);
  });

  const findings: { name: string; more: DicomJson; code: string }[] = [
    { name: 'no slope', more: { RescaleSlope: undefined }, code: 'RESCALE_MISSING' },
    { name: 'a CT in other units than HU', more: { RescaleType: 'MGML' }, code: 'RESCALE_TYPE' },
    {
      name: 'an overlay in the pixels',
      more: { BitsStored: 12, HighBit: 11, PixelRepresentation: 0, PixelData: new Uint16Array(20).fill(0x1001) },
      code: 'BITS_BEYOND_STORED',
    },
    { name: 'fewer slices than stated', more: { NumberOfSlices: 3 }, code: 'MISSING_SLICES' },
    { name: 'an inverted display', more: { PhotometricInterpretation: 'MONOCHROME1' }, code: 'MONOCHROME1' },
  ];
  for (const { name, more, code } of findings)
    test(`${name} is reported`, async () => assert.ok(codes(await values(more)).some((found) => found === code)));

  test('a slope of zero and a lookup table make the values meaningless', async () => {
    await assert.rejects(values({ RescaleSlope: 0 }), /slope of zero/);
    await assert.rejects(values({ ModalityLUTSequence: [{ LUTDescriptor: [1, 0, 16] }] }), /lookup table/);
  });

  test('pixels can be loaded on demand', async () => {
    const whole = slicesAt([0, 4]);
    const loaded: string[] = [];
    const series = await readImageSeries(
      slicesAt([0, 4], AXIAL, [10, 20, 30], () => ({ PixelData: undefined })),
      {
        loadPixels: async (header) => {
          loaded.push(header.text('SOPInstanceUID'));
          return whole.find((one) => one.text('SOPInstanceUID') === header.text('SOPInstanceUID')) as DataSet;
        },
      },
    );
    assert.deepEqual(loaded, series.sopInstanceUids);
    assertShowsWorld(series);
  });
});

describe('enhanced multi-frame CT', () => {
  const normal = cross(...TURNED);
  const place = (mm: number) => addScaled([10, 20, 30], mm, normal);
  const offsets = [8, 0, 12, 4];
  const frames = offsets.map(
    (mm, f): DicomJson => ({
      PlanePositionSequence: [{ ImagePositionPatient: place(mm) }],
      PixelValueTransformationSequence: [{ RescaleSlope: f + 1, RescaleIntercept: f, RescaleType: 'HU' }],
      FrameContentSequence: [{ StackID: '1', InStackPositionNumber: f + 1 }],
    }),
  );

  test('frames are ordered by their own positions, each with its own rescale', async () => {
    const pixels = offsets.flatMap((mm, f) =>
      [...showWorld(TURNED, place(mm))].map((value) => Math.round((value - f) / (f + 1))),
    );
    const instance = readDataSet(
      writeDicom({
        SOPClassUID: SopClass.enhancedCtImage,
        SOPInstanceUID: '1.2.3',
        SeriesInstanceUID: '1.2.9',
        FrameOfReferenceUID: '1.2.10',
        Modality: 'CT',
        ImageType: ['ORIGINAL', 'PRIMARY', 'VOLUME', 'NONE'],
        NumberOfFrames: 4,
        SharedFunctionalGroupsSequence: [
          {
            PixelMeasuresSequence: [{ PixelSpacing: [PIXEL_MM[1], PIXEL_MM[0]], SliceThickness: 4 }],
            PlaneOrientationSequence: [{ ImageOrientationPatient: TURNED.flat() }],
          },
        ],
        PerFrameFunctionalGroupsSequence: frames,
        ...PIXELS,
        PixelData: Int16Array.from(pixels),
      }),
    );
    const series = await readImageSeries([instance]);
    assert.deepEqual(series.findings, []);
    assert.deepEqual(series.volume.grid.size, [COLUMNS, ROWS, 4]);
    assert.deepEqual(series.sopInstanceUids, Array(4).fill('1.2.3'));
    assertShowsWorld(series, 0.5 + 2);
  });
});
