import assert from 'node:assert/strict';
import { test } from 'node:test';
import { identityOf } from '#lib/deidentify/identity-words.ts';
import { dataSetOf } from '#test/fixtures/data-sets.ts';

test('names and numbers of persons identify; codes and anatomical names do not', () => {
  const cases: [content: Parameters<typeof dataSetOf>[0], words: string[]][] = [
    [{ PatientName: 'Miller^Ann', PatientID: '0081734' }, ['0081734', 'ann', 'miller']],
    [{ PatientName: 'Field^Eve' }, ['eve', 'field']],
    [{ PatientName: 'Lung^Li' }, []],
    [{ PatientName: 'LUNG1-001', PatientID: 'LUNG1-001' }, ['001', 'lung1']],
    [{ PatientName: 'PET_SRS_12', PatientID: 'PET_SRS_12' }, []],
    [{ OperatorsName: ['Smith', 'Kim^Jo'], ReferringPhysicianName: 'Dr. No' }, ['kim', 'smith']],
    [{}, []],
  ];
  for (const [content, words] of cases) assert.deepEqual([...identityOf(dataSetOf(content))].sort(), words);
});
