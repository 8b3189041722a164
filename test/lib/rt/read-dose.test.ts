import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readDataSet } from '#lib/dicom/read.ts';
import type { DicomJson } from '#lib/dicom/write.ts';
import { BadInput } from '#lib/errors.ts';
import { readDose } from '#lib/rt/read-dose.ts';
import { doseDataSet } from '../../fixtures/dose-object.ts';
import { absent, sharedPath } from '../../fixtures/shared.ts';

test('dose values are scaled in double precision and follow the order of the frames', async () => {
  const { volume } = await readDose(doseDataSet({ GridFrameOffsetVector: [0, -2.5, -5, -7.5] }));
  assert.deepEqual(Array.from(volume.data.subarray(0, 3)), [18 * 0.1, 19 * 0.1, 20 * 0.1]);
  assert.equal(volume.data[23], 5 * 0.1);
  assert.ok(volume.data.buffer instanceof SharedArrayBuffer);
});

test('a scaling of 16 digits is not shortened', async () => {
  const { volume } = await readDose(doseDataSet({ DoseGridScaling: '1.2345678901e-09' }));
  assert.equal(volume.data[23], 23 * 1.2345678901e-9);
});

/** 16 and 32 bits, with and without sign. */
const PIXELS: [name: string, changes: DicomJson, first: number][] = [
  ['16 bit', { BitsAllocated: 16, PixelData: new Uint16Array(24).fill(65_535) }, 6553.5],
  ['16 bit signed', { BitsAllocated: 16, PixelRepresentation: 1, PixelData: new Int16Array(24).fill(-7) }, -0.7],
  ['32 bit', { PixelData: new Uint32Array(24).fill(4_294_967_295) }, 429_496_729.5],
  ['32 bit signed', { PixelRepresentation: 1, PixelData: new Int32Array(24).fill(-7) }, -0.7],
];

for (const [name, changes, first] of PIXELS) {
  test(`${name} values are read`, async () => {
    const { volume } = await readDose(doseDataSet(changes));
    assert.ok(Math.abs(volume.data[0] - first) < 1e-6);
  });
}

const BITS: [title: string, changes: DicomJson, codes: string[]][] = [
  ['32 bits of which 16 are said to be stored', { BitsStored: 16, HighBit: 15 }, ['DOSE_BITS_BEYOND_STORED']],
  ['32 bits of which 24 are said to be stored', { BitsStored: 24, HighBit: 23 }, ['DOSE_BITS_BEYOND_STORED']],
  ['32 bits of which 31 are said to be stored, and suffice', { BitsStored: 31, HighBit: 30 }, []],
];

for (const [title, changes, codes] of BITS)
  test(`${title}: no value is cut, and a value that is too large is an error`, async () => {
    const PixelData = new Uint32Array(24).fill(20_000_000);
    const { volume, findings } = await readDose(doseDataSet({ DoseGridScaling: '1e-6', PixelData, ...changes }));
    assert.ok(Math.abs(volume.data[0] - 20) < 1e-9);
    assert.deepEqual(
      findings.map((found) => found.code),
      codes,
    );
  });

test('16-bit values keep all bits even if BitsStored says 12', async () => {
  const changes = { BitsAllocated: 16, BitsStored: 12, HighBit: 11, PixelData: new Uint16Array(24).fill(5000) };
  const { volume, findings } = await readDose(doseDataSet({ DoseGridScaling: '0.01', ...changes }));
  assert.deepEqual([volume.data[0], findings[0]?.code], [50, 'DOSE_BITS_BEYOND_STORED']);
});

const UNITS: [units: string, relativeUnitGy: number | undefined, factor: number, relative: boolean, codes: string[]][] =
  [
    ['GY', undefined, 1, false, []],
    ['CGY', undefined, 0.01, false, ['DOSE_IN_CGY']],
    ['RELATIVE', undefined, 1, true, ['DOSE_NOT_IN_GY']],
    ['RELATIVE', 70, 70, false, ['DOSE_NORMALISED']],
    ['', undefined, 1, true, ['DOSE_NOT_IN_GY']],
  ];

for (const [units, relativeUnitGy, factor, relative, codes] of UNITS) {
  test(`units "${units}"${relativeUnitGy ? ` of ${relativeUnitGy} Gy` : ''} become gray or a finding`, async () => {
    const dose = await readDose(doseDataSet({ DoseUnits: units, DoseGridScaling: '0.01' }), { relativeUnitGy });
    assert.ok(Math.abs(dose.volume.data[10] - 0.1 * factor) < 1e-12);
    assert.equal(dose.relative, relative);
    assert.deepEqual(
      dose.findings.map((found) => found.code),
      codes,
    );
  });
}

for (const type of ['PLAN', 'MULTI_PLAN', 'PLAN_SUM', 'FRACTION', 'BEAM', 'BRACHY', 'CONTROL_POINT', 'RECORD'])
  test(`summation type ${type} is kept`, async () => {
    assert.equal((await readDose(doseDataSet({ DoseSummationType: type }))).summationType, type);
  });

const ODD: [name: string, changes: DicomJson, code: string][] = [
  ['a dose of 2 Gy written as 200 Gy', { PixelData: new Uint32Array(24).fill(2000) }, 'DOSE_IMPLAUSIBLE'],
  ['a dose of 0', { PixelData: new Uint32Array(24) }, 'DOSE_ALL_ZERO'],
  ['negative doses', { PixelRepresentation: 1, PixelData: new Int32Array(24).fill(-7) }, 'DOSE_NEGATIVE'],
  ['no summation type', { DoseSummationType: null }, 'DOSE_WITHOUT_SUMMATION_TYPE'],
];

for (const [name, changes, code] of ODD)
  test(`${name} is reported`, async () => {
    const { findings } = await readDose(doseDataSet(changes));
    assert.deepEqual(
      findings.map((found) => [found.code, found.where]),
      [[code, '1.2.3.4']],
    );
  });

test('a dose of 150 Gy, the maximum of functional radiosurgery, is plausible; 151 Gy is reported', async () => {
  const codes = async (stored: number) =>
    (await readDose(doseDataSet({ PixelData: new Uint32Array(24).fill(stored) }))).findings.map(({ code }) => code);
  assert.deepEqual(await codes(1500), []);
  assert.deepEqual(await codes(1510), ['DOSE_IMPLAUSIBLE']);
});

const BAD: [name: string, changes: DicomJson][] = [
  ['no scaling', { DoseGridScaling: null }],
  ['a scaling of 0', { DoseGridScaling: '0' }],
  ['fewer pixels than frames', { PixelData: new Uint32Array(12) }],
  ['no pixels', { PixelData: null }],
];

for (const [name, changes] of BAD)
  test(`a dose with ${name} cannot be read`, async () => {
    await assert.rejects(readDose(doseDataSet(changes)), BadInput);
  });

/** Greatest doses from the notes that come with the files. */
const FILES: [file: string, maxGy: number, size: number[]][] = [
  ['pinnacle16-dose-plan/1.3.46.670589.13.997910418.20181018190715.183309.dcm', 49.87, [150, 90, 50]],
  ['raystation-brain-srs/RD1.2.752.243.1.1.20180405114728128.4000.85245.dcm', 61.97, [63, 78, 79]],
  ['raystation-brain-srs/RD1.2.752.243.1.1.20180405120828294.3200.66183.dcm', 52.5, [63, 78, 79]],
];

for (const [file, maxGy, size] of FILES) {
  const path = sharedPath(`data/${file}`);
  test(`the maximum of ${file} is ${maxGy} Gy`, { skip: absent(`data/${file}`) }, async () => {
    const { volume, findings } = await readDose(readDataSet(readFileSync(path!)));
    assert.deepEqual(volume.grid.size, size);
    assert.ok(Math.abs(volume.data.reduce((a, b) => Math.max(a, b)) - maxGy) < 0.01);
    assert.deepEqual(findings, []);
  });
}

const oneFrame = sharedPath('data/pydicom-rt/rtdose_1frame.dcm');
test('a single frame with fifteen offsets is read as one frame', {
  skip: oneFrame ? false : 'no pydicom-rt',
}, async () => {
  const dose = await readDose(readDataSet(readFileSync(oneFrame!)));
  assert.deepEqual(dose.volume.grid.size, [10, 10, 1]);
  assert.deepEqual(
    dose.findings.map((found) => found.code),
    ['DOSE_FRAME_COUNT', 'DOSE_NOT_IN_GY'],
  );
});
