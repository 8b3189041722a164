import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coverageFindings } from '#lib/rt/dose-coverage.ts';

const TARGET = { name: 'iPTV_60', interpretedType: '' };
const ORGAN = { name: 'Lung_L', interpretedType: 'ORGAN' };
const CASES: [roi: typeof TARGET, coverage: number, codes: string[]][] = [
  [TARGET, 1, []],
  [TARGET, 0.9991, []],
  [TARGET, 0.9989, ['TARGET_OUTSIDE_DOSE_GRID error']],
  [TARGET, 0, ['TARGET_OUTSIDE_DOSE_GRID error']],
  [ORGAN, 0.9989, ['OUTSIDE_DOSE_GRID warning']],
  [ORGAN, Number.NaN, []],
];

for (const [roi, coverage, codes] of CASES)
  test(`${coverage} of ${roi.name} in the dose grid gives ${codes[0] ?? 'nothing'}`, () => {
    const found = coverageFindings(roi, coverage, 'x');
    assert.deepEqual(
      found.map(({ code, severity }) => `${code} ${severity}`),
      codes,
    );
  });
