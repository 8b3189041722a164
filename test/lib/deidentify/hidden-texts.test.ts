import assert from 'node:assert/strict';
import { test } from 'node:test';
import { identityWordsOf, tellsOfPerson, withoutWords } from '#lib/deidentify/clean-text.ts';
import { withHiddenTexts } from '#lib/deidentify/hidden-texts.ts';
import { readDataSet } from '#lib/dicom/read.ts';
import { writeDicom } from '#lib/dicom/write.ts';

const WORDS = new Set(['Müller^Änne', '山田^太郎', '0081734', '19420317'].flatMap(identityWordsOf));

test('the words of a patient are hidden in every spelling; parts of other words, UIDs and numbers stay', () => {
  const cases: [text: string, hidden: string][] = [
    ['Plan Mueller 2', 'Plan *** 2'],
    ['plan MULLER', 'plan ***'],
    ['PTV_Müller', 'PTV_***'],
    ['MüllerPTV', '***'],
    ['Müllerin', 'Müllerin'],
    ['前立腺山田様', '***'],
    ['ID 0081734', 'ID ***'],
    ['born 17.3.1942, 1942-03-17 or 03/17/1942', 'born ***, *** or ***'],
    ['17.3.1943', '17.3.1943'],
    ['of 1.2.840.0081734.1.5', 'of 1.2.840.0081734.1.5'],
    ['', ''],
  ];
  for (const [text, hidden] of cases) {
    assert.equal(withoutWords(text, WORDS), hidden, text);
    assert.equal(tellsOfPerson(text, WORDS), text !== hidden, text);
  }
});

test('free text is hidden at any depth; codes and numbers are unchanged', () => {
  const file = writeDicom({
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.481.5',
    SOPInstanceUID: '1.2.3',
    PatientName: 'Static^Ann',
    PatientID: '42',
    RTPlanLabel: 'Plan Ann',
    BeamSequence: [{ BeamNumber: 42, BeamName: 'Ann 1', BeamType: 'STATIC' }],
  });
  const hidden = withHiddenTexts(readDataSet(file));
  assert.equal(hidden.text('RTPlanLabel'), 'Plan ***');
  const [beam] = hidden.items('BeamSequence');
  assert.deepEqual([beam.text('BeamName'), beam.text('BeamType'), beam.number('BeamNumber')], ['*** 1', 'STATIC', 42]);
});
