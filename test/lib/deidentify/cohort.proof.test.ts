import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { type Deidentified, deidentify } from '#lib/deidentify/deidentify.ts';
import { DEFAULT_OPTIONS } from '#lib/deidentify/profile.ts';
import { pseudonyms } from '#lib/deidentify/pseudonyms.ts';
import type { Elements } from '#lib/dicom/parsed-data-set.ts';
import { readDataSet, readLayout } from '#lib/dicom/read.ts';
import { type DicomJson, writeDicom } from '#lib/dicom/write.ts';
import { demoCohort } from '#lib/phantom/demo/cohort.ts';
import { readImageSeries } from '#lib/rt/image-series.ts';

const SETTINGS = {
  options: new Set(DEFAULT_OPTIONS),
  pseudonyms: pseudonyms((text) => createHmac('sha256', 'secret').update(text).digest()),
  allowedNames: [],
  allowBurnedIn: false,
};

type Pair = [original: Uint8Array, copy: Uint8Array];

function writtenBytes(outcome: Deidentified): Uint8Array {
  assert.equal(outcome.kind, 'written');
  return outcome.bytes;
}

/** Every object of the sample cohort that can be read, with its copy. */
function pairs(): Pair[] {
  return [...demoCohort()].flatMap(({ bytes }): Pair[] => {
    try {
      return [[bytes, writtenBytes(deidentify(bytes, SETTINGS))]];
    } catch (error) {
      assert.equal((error as Error).name, 'BadInput');
      return [];
    }
  });
}

/** All UIDs of a file, at any depth, that are none of the standard's. */
function uidsOf(file: Uint8Array): string[] {
  const { bytes, elements } = readLayout(file).layout;
  const found: string[] = [];
  const walk = (level: Elements) => {
    for (const { vr, items, dataOffset, length } of Object.values(level)) {
      for (const item of items ?? []) walk(item.dataSet?.elements ?? {});
      if (vr !== 'UI') continue;
      const text = Buffer.from(bytes.subarray(dataOffset, dataOffset + length))
        .toString('latin1')
        .replace(/\0$/, '');
      found.push(...text.split('\\').filter((uid) => uid !== '' && !uid.startsWith('1.2.840.10008')));
    }
  };
  walk(elements);
  return found;
}

test('references between plans, doses, structure sets, records and registrations still hold', () => {
  const all = pairs();
  assert.ok(all.length > 600);
  const mapped = new Map<string, string>();
  for (const [original, copy] of all) {
    const [before, after] = [uidsOf(original), uidsOf(copy)];
    assert.equal(after.length, before.length);
    before.forEach((uid, i) => {
      assert.equal(mapped.get(uid) ?? after[i], after[i]);
      mapped.set(uid, after[i]);
    });
  }
  assert.equal(new Set(mapped.values()).size, mapped.size);
  assert.ok([...mapped].every(([before, after]) => before !== after && /^2\.25\.\d+$/.test(after)));
  const own = (side: 0 | 1) => new Set(all.map((pair) => readDataSet(pair[side]).text('SOPInstanceUID')));
  assert.deepEqual(own(1), new Set([...own(0)].map((uid) => mapped.get(uid))));
});

const PET: DicomJson = {
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.128',
  Modality: 'PT',
  PatientID: '817',
  PatientWeight: 70,
  PatientBirthDate: '19500101',
  SeriesInstanceUID: '1.2.3.1',
  SeriesDate: '20200102',
  SeriesTime: '004946.2',
  AcquisitionDate: '20200102',
  AcquisitionTime: '004946.2',
  CorrectedImage: ['ATTN', 'DECY'],
  DecayCorrection: 'START',
  ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
  PixelSpacing: [2, 2],
  Rows: 2,
  Columns: 2,
  BitsAllocated: 16,
  BitsStored: 16,
  HighBit: 15,
  PixelRepresentation: 1,
  SamplesPerPixel: 1,
  PhotometricInterpretation: 'MONOCHROME2',
  RescaleSlope: 1,
  RescaleIntercept: 0,
  PixelData: new Int16Array([500, 600, 700, 800]),
  RadiopharmaceuticalInformationSequence: [
    { RadiopharmaceuticalStartDateTime: '20200101230000', RadionuclideTotalDose: 370e6, RadionuclideHalfLife: 6586.2 },
  ],
};

for (const [what, more] of [
  ['activity of a tracer that was given the day before', { Units: 'BQML' }],
  [
    "counts by Philips' private factor",
    { Units: 'CNTS', PrivateCreatorOf7053: 'Philips PET Private Group', PhilipsSuvFactor: 0.002 },
  ],
  [
    'activity that GE corrects to its private scan time',
    { Units: 'BQML', SeriesTime: '120000', PrivateCreatorOf0009: 'GEMS_PETD_01', GePetScanDateTime: '20200102004946' },
  ],
] as [string, DicomJson][])
  test(`the SUV is unchanged: ${what}`, async () => {
    const slices = [0, 2].map((z) =>
      writeDicom({ ...PET, ...more, SOPInstanceUID: `1.2.3.2.${z + 1}`, ImagePositionPatient: [0, 0, z] }),
    );
    const copies = slices.map((slice) => writtenBytes(deidentify(slice, SETTINGS)));
    const [before, after] = await Promise.all(
      [slices, copies].map((files) => readImageSeries(files.map((file) => readDataSet(file)))),
    );
    assert.equal(before.quantity, 'SUVbw');
    assert.equal(after.quantity, 'SUVbw');
    assert.deepEqual(after.volume.data, before.volume.data);
    assert.notEqual(readDataSet(copies[0]).text('SeriesDate'), '20200102');
  });

test('text typed in planning systems is cleaned, even where the standard table keeps it', () => {
  const plan = writeDicom({
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.481.5',
    SOPInstanceUID: '1.2.3',
    BeamSequence: [
      { BeamNumber: 1, BeamName: 'Arc 1 CW' },
      { BeamNumber: 2, BeamName: 'as Smith said' },
    ],
  });
  const beams = readDataSet(writtenBytes(deidentify(plan, SETTINGS))).items('BeamSequence');
  assert.deepEqual(
    beams.map((beam) => beam.text('BeamName')),
    ['Arc 1 CW', 'as'],
  );
  const segments = writeDicom({
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.66.4',
    SOPInstanceUID: '1.2.3',
    SegmentSequence: [
      { SegmentNumber: 1, SegmentLabel: 'Bladder' },
      { SegmentNumber: 2, SegmentLabel: 'of Smith' },
    ],
  });
  const labels = readDataSet(writtenBytes(deidentify(segments, SETTINGS))).items('SegmentSequence');
  assert.deepEqual(
    labels.map((segment) => segment.text('SegmentLabel')),
    ['Bladder', 'ROI_2'],
  );
});
