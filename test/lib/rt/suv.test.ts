import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DicomJson } from '#lib/dicom/write.ts';
import { dateAndTimeSeconds, dateTimeSeconds } from '#lib/rt/dicom-time.ts';
import { type ImageSeries, readImageSeries } from '#lib/rt/image-series.ts';
import { AXIAL, slicesAt } from './series-builder.ts';

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

  test('each slice keeps its own slope', async () => {
    const header = { ...PET, RadiopharmaceuticalInformationSequence: [AGENT] };
    const { volume } = await readImageSeries(
      slicesAt([0, 4], AXIAL, [0, 0, 0], (k) => ({ ...header, RescaleSlope: 100 * (k + 1) })),
    );
    assert.ok(Math.abs(volume.data[20] / volume.data[0] - 2) < 1e-6);
  });
});

describe('where SUV cannot be computed the values keep their units and a finding says why', () => {
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
      says: /after the scan/,
    },
    {
      name: 'an injection two days before',
      agent: { RadiopharmaceuticalStartDateTime: '20191231101013' },
      says: /more than a day/,
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
  const cases: [string, number | undefined][] = [
    ['19700101000000', 0],
    ['197001010001', 60],
    ['20000301123456.25', 951914096.25],
    ['20000301123456.250000+0100', 951914096.25],
    ['20000301', undefined],
    ['20001301000000', undefined],
    ['', undefined],
  ];
  for (const [text, seconds] of cases)
    test(`"${text}" is ${seconds} s`, () => assert.equal(dateTimeSeconds(text), seconds));

  test('old spellings of date and time', () =>
    assert.equal(dateAndTimeSeconds('2000.03.01', '12:34:56.25'), 951914096.25));
});
