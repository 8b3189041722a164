import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDataSet } from '#lib/dicom/read.ts';
import { writeDicom } from '#lib/dicom/write.ts';
import { measurementReport } from '#lib/structured-report/measurement-report.ts';
import { dvhGroups, radiomicsGroups } from '#lib/structured-report/measurements.ts';
import { column } from '#lib/tables/table.ts';

const roi = { roi_name: 'Blase', standard_name: 'Bladder', source: 'manual', status: 'ok' };
const dvh = dvhGroups(
  [
    column('dose_coverage', 'double', 'part inside the grid'),
    column('Mean[Gy]', 'double', 'mean dose', 'Gy'),
    column('Mean[Gy]_uncertainty', 'double', 'its uncertainty', 'Gy'),
    column('Volume[cc]', 'double', 'volume', 'cc'),
  ],
  [
    {
      ...roi,
      dose_uid: '1.2.3',
      dose_coverage: 1,
      'Mean[Gy]': 31.12345678901234,
      'Mean[Gy]_uncertainty': 1,
      'Volume[cc]': null,
    },
    { ...roi, status: 'failed', 'Mean[Gy]': 1 },
  ],
);
const features = radiomicsGroups(
  [
    column('original_firstorder_Mean', 'double', 'mean intensity', 'intensity_unit', 'IBSI Q4LE; PyRadiomics'),
    column('original_firstorder_TotalEnergy', 'double', 'no feature of IBSI', '', 'PyRadiomics'),
    column('wavelet-LLH_firstorder_Mean', 'double', 'of another image', '', 'IBSI Q4LE; PyRadiomics'),
  ],
  [
    {
      ...roi,
      modality: 'CT',
      image_series_uid: '1.2',
      intensity_unit: 'HU',
      original_firstorder_Mean: -12.5,
      original_firstorder_TotalEnergy: 1,
      'wavelet-LLH_firstorder_Mean': 2,
    },
  ],
);

test('rows with a result become measurement groups: DVH by column name, features by IBSI code', () => {
  assert.deepEqual(dvh, [
    {
      label: 'Bladder (manual), DVH of dose 1.2.3',
      measurements: [
        {
          concept: { value: 'Mean[Gy]', scheme: '99RTPIPELINE', meaning: 'mean dose' },
          unit: { value: 'Gy', scheme: 'UCUM', meaning: 'Gray' },
          value: 31.12345678901234,
        },
      ],
    },
  ]);
  assert.deepEqual(features[0].measurements, [
    {
      concept: { value: 'Q4LE', scheme: 'IBSI', meaning: 'mean intensity' },
      unit: { value: "[hnsf'U]", scheme: 'UCUM', meaning: 'Hounsfield unit' },
      value: -12.5,
    },
  ]);
});

test('the report reads back as TID 1500 with one TID 1501 per group', () => {
  const head = {
    patientId: 'P1',
    studyInstanceUid: '1.2',
    courseId: 'aa',
    date: '20240102',
    time: '030405',
    version: '1',
  };
  const file = readDataSet(writeDicom(measurementReport(head, [...dvh, ...features])));
  assert.equal(file.text('PatientID'), 'P1');
  assert.equal(file.items('ContentTemplateSequence')[0].text('TemplateIdentifier'), '1500');
  const measurements = file.items('ContentSequence').find((one) => conceptOf(one) === '126010');
  const groups = measurements?.items('ContentSequence') ?? [];
  assert.deepEqual(
    groups.map((one) => one.items('ContentTemplateSequence')[0].text('TemplateIdentifier')),
    ['1501', '1501'],
  );
  const [value] = groups[0].items('ContentSequence').filter((one) => one.text('ValueType') === 'NUM');
  const [measured] = value.items('MeasuredValueSequence');
  assert.equal(measured.number('FloatingPointValue'), 31.12345678901234);
  // A decimal string has 16 characters at most (PS3.5 table 6.2-1), so that this one is rounded.
  assert.ok(Math.abs((measured.number('NumericValue') ?? 0) - 31.12345678901234) < 1e-13);
  assert.equal(measured.items('MeasurementUnitsCodeSequence')[0].text('CodeValue'), 'Gy');
});

function conceptOf(item: ReturnType<typeof readDataSet>): string {
  return item.items('ConceptNameCodeSequence')[0]?.text('CodeValue') ?? '';
}
