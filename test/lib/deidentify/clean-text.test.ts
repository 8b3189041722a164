import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanText, identityWordsOf, isHarmless, tellsOfPerson } from '#lib/deidentify/clean-text.ts';
import { namePattern, structureName } from '#lib/deidentify/structure-names.ts';
import { VOCABULARY } from '#lib/deidentify/vocabulary.ts';
import { SYNONYMS } from '#lib/structures/names/synonyms.ts';
import { TG263_NAMES } from '#lib/structures/names/tg263.ts';
import { TOTALSEGMENTATOR_NAMES } from '#lib/structures/names/totalsegmentator.ts';

const NOBODY: ReadonlySet<string> = new Set();
const MILLER: ReadonlySet<string> = new Set(['MILLER^ANN', 'PAT00817', 'Long^Eve'].flatMap(identityWordsOf));

test('all TG-263 names, their synonyms and TotalSegmentator classes are kept', () => {
  const names = [
    ...TG263_NAMES,
    ...Object.keys(TOTALSEGMENTATOR_NAMES),
    ...Object.values(SYNONYMS).flatMap((line) => line.split(', ')),
  ];
  assert.deepEqual(
    names.filter((name) => !isHarmless(name, NOBODY)),
    [],
  );
});

test('structure names typed in clinics are kept whole or replaced by a number', () => {
  const cases: [name: string, stays: boolean][] = [
    ['PTV_6000', true],
    ['PTV60Gy', true],
    ['CTVp1', true],
    ['GTV n2 boost', true],
    ['Lung_L-GTV', true],
    ['Heart minus PTV', true],
    ['zRing 5mm', true],
    ['Hüftkopf re', true],
    ['opt_Rectum', true],
    ['PRV05 SpinalCord', true],
    ['PTV Miller', false],
    ['PTV_JK', false],
    ['Dr. Smith', false],
    ['GTV 12.03.2019', false],
    ['GTV 2019', false],
    ['GTV_20190312', false],
    ['PAT00817', false],
    ['Миллер', false],
    ['Lung Long', false],
  ];
  for (const [name, stays] of cases) {
    const { written } = structureName(name, '7', MILLER, []);
    assert.equal(written, stays ? name : 'ROI_7', name);
  }
});

test('a list of allowed names keeps more of them, whatever the case', () => {
  const allowed = ['ptv_jk', 'Trial 7 *'].map(namePattern);
  for (const [name, written] of [
    ['PTV_JK', 'PTV_JK'],
    ['Trial 7 xyz', 'Trial 7 xyz'],
    ['Trial 77', 'ROI_1'],
  ])
    assert.equal(structureName(name, '1', NOBODY, allowed).written, written);
});

test('descriptions lose unknown words', () => {
  const cases = [
    ['CT Thorax 3.0 B30f', 'CT Thorax 3.0 B30f'],
    ['Prostate SIB 70/56', 'Prostate SIB 70/56'],
    ['CT Head Miller', 'CT Head'],
    ['Smith, John', ''],
    ['MR T1 2019-03-12 axial', 'MR T1 axial'],
    ['Plan PAT00817', 'Plan'],
    ['0815', '0815'],
    ['', ''],
  ];
  for (const [text, cleaned] of cases) assert.equal(cleanText(text, MILLER), cleaned, text);
});

test("a patient's words are removed anywhere; parts of other words stay", () => {
  assert.ok(tellsOfPerson('seen by miller', MILLER));
  assert.ok(tellsOfPerson('Ann', MILLER));
  assert.ok(!tellsOfPerson('Annular', MILLER));
  assert.ok(!tellsOfPerson('Miller', NOBODY));
});

test('the vocabulary contains no first name and no month', () => {
  const words =
    'ann anna john mary peter paul eva maria jan feb mar apr jun jul aug sep oct nov dec smith mueller kowalski'.split(
      ' ',
    );
  assert.deepEqual(
    words.filter((word) => VOCABULARY.has(word)),
    [],
  );
});
