import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readDataSet } from '#lib/dicom/read.ts';
import { SopClass } from '#lib/dicom/uid.ts';
import { type DicomJson, writeDicom } from '#lib/dicom/write.ts';
import { dateAndTimeSeconds, dateTimeSeconds } from '#lib/rt/dicom-time.ts';
import { type ImageSeries, readImageSeries } from '#lib/rt/image-series.ts';
import { AXIAL, slicesAt } from '../series-builder.ts';

const HALF_LIFE_S = 6586.2;

/** 70 kg, 370 MBq of F-18 one half-life before the scan: SUV = Bq/mL * 70000 / 185e6. */
const PET: DicomJson = {
  Modality: 'PT',
  Units: 'BQML',
  CorrectedImage: ['ATTN', 'SCAT', 'DECY'],
  DecayCorrection: 'START',
  PatientWeight: 70,
  SeriesDate: '20200102',
  SeriesTime: '120000',
  AcquisitionDate: '20200102',
  AcquisitionTime: '120000',
  RescaleSlope: 100,
  RescaleIntercept: 0,
  RescaleType: undefined,
  PixelData: new Int16Array(20).fill(50),
};
const AGENT: DicomJson = {
  RadiopharmaceuticalStartDateTime: '20200102101013.8',
  RadionuclideTotalDose: 370e6,
  RadionuclideHalfLife: HALF_LIFE_S,
};
const ACTIVITY_BQML = 5000;
const SUV = (ACTIVITY_BQML * 70_000) / 185e6;

function pet(more: DicomJson = {}, agent: DicomJson = {}): Promise<ImageSeries> {
  const header = { ...PET, RadiopharmaceuticalInformationSequence: [{ ...AGENT, ...agent }], ...more };
  return readImageSeries(slicesAt([0, 4], AXIAL, [0, 0, 0], () => header));
}

describe('SUV by body weight', () => {
  const cases: { name: string; more?: DicomJson; agent?: DicomJson; suv: number; findings?: string[] }[] = [
    { name: 'one half-life of uptake', suv: SUV },
    { name: 'decay corrected to the injection', more: { DecayCorrection: 'ADMIN' }, suv: SUV / 2 },
    {
      name: 'values that are SUV already',
      more: { Units: 'GML', SUVType: 'BW', PatientWeight: undefined },
      suv: ACTIVITY_BQML,
    },
    {
      name: 'an injection time without a date',
      agent: { RadiopharmaceuticalStartDateTime: undefined, RadiopharmaceuticalStartTime: '101013.8' },
      suv: SUV,
    },
    {
      name: 'an injection before midnight',
      more: { SeriesTime: '004946.2', AcquisitionTime: '004946.2' },
      agent: { RadiopharmaceuticalStartDateTime: undefined, RadiopharmaceuticalStartTime: '230000' },
      suv: SUV,
      findings: ['SUV_INJECTION_DAY_BEFORE'],
    },
    {
      name: 'a series time of later processing: the earliest acquisition counts',
      more: { SeriesTime: '180000' },
      suv: SUV,
      findings: ['SUV_SCAN_START_DERIVED'],
    },
    {
      name: 'frames of 20 minutes whose reference time is 600 s: QIBA takes the mean count rate time (593.686 s) off it',
      more: { SeriesTime: '180000', FrameReferenceTime: 600_000, ActualFrameDuration: 1_200_000 },
      suv: SUV * 2 ** (-6.313702 / HALF_LIFE_S),
      findings: ['SUV_SCAN_START_DERIVED'],
    },
    {
      name: "GE's private scan time",
      more: {
        SeriesTime: '180000',
        AcquisitionTime: '121500',
        PrivateCreatorOf0009: 'GEMS_PETD_01',
        GePetScanDateTime: '20200102120000',
      },
      suv: SUV,
    },
    {
      name: "Philips' factor from counts to SUV",
      more: {
        Units: 'CNTS',
        PrivateCreatorOf7053: 'Philips PET Private Group',
        PhilipsSuvFactor: 0.002,
        PatientWeight: undefined,
      },
      suv: ACTIVITY_BQML * 0.002,
    },
    {
      name: 'an injection in UTC and images on a clock two hours ahead',
      more: { TimezoneOffsetFromUTC: '+0200' },
      agent: { RadiopharmaceuticalStartDateTime: '20200102081013.8+0000' },
      suv: SUV,
    },
    {
      name: 'an injection with a zone, images without: one clock, and a finding',
      agent: { RadiopharmaceuticalStartDateTime: '20200102101013.8+0100' },
      suv: SUV,
      findings: ['SUV_TIME_ZONE_ASSUMED'],
    },
    {
      name: 'reconstructed a week later, the injection with a time alone: the day of the acquisition counts',
      more: { SeriesDate: '20200109', SeriesTime: '090000' },
      agent: { RadiopharmaceuticalStartDateTime: undefined, RadiopharmaceuticalStartTime: '101013.8' },
      suv: SUV,
      findings: ['SUV_SCAN_START_DERIVED'],
    },
    {
      name: 'Zr-89 three days after the injection',
      agent: {
        RadiopharmaceuticalStartDateTime: '20191230120000',
        RadionuclideTotalDose: 37e6,
        RadionuclideHalfLife: 282_276,
        RadionuclideCodeSequence: [
          { CodeValue: '77004003', CodingSchemeDesignator: 'SCT', CodeMeaning: '^89^Zirconium' },
        ],
      },
      // Three days of a half-life of 78.41 h (ICRP 107).
      suv: (ACTIVITY_BQML * 70_000) / (37e6 * 2 ** -((3 * 24) / 78.41)),
    },
    {
      name: 'the same injection listed twice',
      more: { RadiopharmaceuticalInformationSequence: [AGENT, AGENT] },
      suv: SUV,
    },
    {
      name: "Philips' factor from counts to activity",
      more: {
        Units: 'CNTS',
        PrivateCreatorOf7053: 'Philips PET Private Group',
        PhilipsSuvFactor: 0,
        PhilipsActivityConcentrationFactor: 3,
      },
      suv: SUV * 3,
    },
  ];
  for (const { name, more, agent, suv, findings = [] } of cases)
    test(name, async () => {
      const series = await pet(more, agent);
      assert.equal(series.quantity, 'SUVbw');
      assert.deepEqual(
        series.findings.map(({ code }) => code),
        findings,
      );
      assert.ok(Math.abs(series.volume.data[0] / suv - 1) < 2e-6, `${series.volume.data[0]} instead of ${suv}`);
    });

  test('a private element is read only from the block that its creator reserved', () => {
    const written = {
      SOPClassUID: SopClass.ctImage,
      SOPInstanceUID: '1.2.3',
      PrivateCreatorOf7053: 'Philips PET Private Group',
      PhilipsSuvFactor: 0.002,
    };
    const bytes = writeDicom(written);
    assert.equal(readDataSet(bytes).number('PhilipsSuvFactor'), 0.002);
    assert.equal(readDataSet(inBlock(bytes, 0x7053, 0x00, 0x2c)).number('PhilipsSuvFactor'), 0.002);
    const others = writeDicom({ ...written, PrivateCreatorOf7053: 'ACME' });
    assert.equal(readDataSet(others).number('PhilipsSuvFactor'), undefined);
  });

  test('each slice keeps its own slope', async () => {
    const header = { ...PET, RadiopharmaceuticalInformationSequence: [AGENT] };
    const { volume } = await readImageSeries(
      slicesAt([0, 4], AXIAL, [0, 0, 0], (k) => ({ ...header, RescaleSlope: 100 * (k + 1) })),
    );
    assert.ok(Math.abs(volume.data[20] / volume.data[0] - 2) < 1e-6);
  });
});

describe('without SUV the values keep their units, and a finding says why', () => {
  const cases: { name: string; more?: DicomJson; agent?: DicomJson; says: RegExp; quantity?: string }[] = [
    { name: 'no weight', more: { PatientWeight: undefined }, says: /weight/ },
    { name: 'a weight of zero', more: { PatientWeight: 0 }, says: /weight/ },
    { name: 'no dose', agent: { RadionuclideTotalDose: undefined }, says: /dose/ },
    { name: 'no half-life', agent: { RadionuclideHalfLife: undefined }, says: /half-life/ },
    { name: 'no agent', more: { RadiopharmaceuticalInformationSequence: [] }, says: /dose/ },
    {
      name: 'no injection time',
      agent: { RadiopharmaceuticalStartDateTime: undefined },
      says: /time of the injection/,
    },
    {
      name: 'an injection after the scan',
      agent: { RadiopharmaceuticalStartDateTime: '20200103101013' },
      says: /later than the scan/,
    },
    {
      name: 'an injection two days before',
      agent: { RadiopharmaceuticalStartDateTime: '20191231101013' },
      says: /more than 10 half-lives/,
    },
    { name: 'a dose in MBq', agent: { RadionuclideTotalDose: 370 }, says: /370 Bq is implausible/ },
    { name: 'a weight in grams', more: { PatientWeight: 70_000 }, says: /70000 kg is implausible/ },
    { name: 'a half-life in minutes', agent: { RadionuclideHalfLife: 109.77 }, says: /no PET radionuclide/ },
    {
      name: 'a half-life of another nuclide than the one that is named',
      agent: {
        RadionuclideHalfLife: 122.24,
        RadionuclideCodeSequence: [
          { CodeValue: 'C-111A1', CodingSchemeDesignator: 'SRT', CodeMeaning: '^18^Fluorine' },
        ],
      },
      says: /not that of F-18/,
    },
    {
      name: 'two radiopharmaceuticals',
      more: { RadiopharmaceuticalInformationSequence: [AGENT, { ...AGENT, RadionuclideTotalDose: 185e6 }] },
      says: /2 radiopharmaceuticals/,
    },
    {
      name: 'a nuclide that lives for days, injected at a time without a day',
      agent: {
        RadiopharmaceuticalStartDateTime: undefined,
        RadiopharmaceuticalStartTime: '101013',
        RadionuclideHalfLife: 282_276,
      },
      says: /day of the injection/,
    },
    { name: 'no decay correction', more: { DecayCorrection: 'NONE' }, says: /decay correction NONE/ },
    { name: 'no attenuation correction', more: { CorrectedImage: ['DECY'] }, says: /ATTN/ },
    {
      name: 'no time of the scan',
      more: { SeriesTime: undefined, AcquisitionTime: undefined },
      says: /time of the scan/,
    },
    { name: 'counts', more: { Units: 'CNTS' }, says: /calibration/, quantity: 'CNTS' },
    { name: 'counts per second', more: { Units: 'PROPCPS' }, says: /PROPCPS/, quantity: 'PROPCPS' },
    {
      name: 'SUV by lean body mass',
      more: { Units: 'GML', SUVType: 'LBMJAMES128' },
      says: /LBMJAMES128/,
      quantity: 'GML',
    },
    { name: 'no units', more: { Units: undefined }, says: /units are missing/, quantity: '' },
  ];
  for (const { name, more, agent, says, quantity = 'BQML' } of cases)
    test(name, async () => {
      const series = await pet(more, agent);
      assert.equal(series.quantity, quantity);
      assert.equal(series.volume.data[0], ACTIVITY_BQML);
      assert.match(series.findings.find(({ code }) => code === 'SUV_NOT_COMPUTED')?.message ?? '', says);
    });
});

describe('times', () => {
  const cases: [string, number | undefined, string?][] = [
    ['19700101000000', 0],
    ['197001010001', 60],
    ['20000301123456.25', 951914096.25],
    ['20000301123456.250000+0100', 951914096.25, ''],
    ['20000301123456.250000+0100', 951914096.25 + 3600, '+0200'],
    ['20000301123456.250000-0530', 951914096.25 + 5.5 * 3600, '+0000'],
    ['20000301123456.250000', 951914096.25, '+0200'],
    ['20000301', undefined],
    ['20001301000000', undefined],
    ['', undefined],
  ];
  for (const [text, seconds, zone = ''] of cases)
    test(`"${text}" is ${seconds} s in the zone "${zone}"`, () => assert.equal(dateTimeSeconds(text, zone), seconds));

  test('old spellings of date and time are read', () =>
    assert.equal(dateAndTimeSeconds('2000.03.01', '12:34:56.25'), 951914096.25));
});

/** The creator moved from (gggg,0010) to (gggg,00bb), its element from (gggg,10ee) to (gggg,bbee). */
function inBlock(bytes: Uint8Array, group: number, element: number, block: number): Uint8Array {
  const moved = bytes.slice();
  const view = new DataView(moved.buffer);
  for (let i = 0; i + 4 <= moved.length; i += 2) {
    if (view.getUint16(i, true) !== group) continue;
    if (view.getUint16(i + 2, true) === 0x10) view.setUint16(i + 2, block, true);
    else if (view.getUint16(i + 2, true) === 0x1000 + element) view.setUint16(i + 2, block * 256 + element, true);
  }
  return moved;
}
