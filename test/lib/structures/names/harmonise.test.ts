import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchesPattern } from '#lib/rt/roi-pattern.ts';
import { standardColor } from '#lib/structures/names/colors.ts';
import { editDistance } from '#lib/structures/names/edit-distance.ts';
import { harmonise } from '#lib/structures/names/harmonise.ts';
import { SYNONYMS } from '#lib/structures/names/synonyms.ts';
import { TG263_NAMES } from '#lib/structures/names/tg263.ts';
import { standardNameOfLabel, TOTALSEGMENTATOR_NAMES } from '#lib/structures/names/totalsegmentator.ts';
import { keysOf, wordsOf } from '#lib/structures/names/words.ts';

/** Own name -> standard name, rule, suggestion. */
const CASES: [string, string | null, string, string?][] = [
  ['Bladder', 'Bladder', 'exact'],
  [' Lung_L ', 'Lung_L', 'exact'],
  ['VB_T05', 'VB_T05', 'exact'],
  ['Lungs-GTV', 'Lungs-GTV', 'exact'],
  ['BLADDER', 'Bladder', 'synonym'],
  ['BODY', 'Body', 'synonym'],
  ['BRAIN STEM', 'Brainstem', 'synonym'],
  ['BRAIN - PTV', 'Brain-PTV', 'synonym'],
  ['FemoralHead_L', 'Femur_Head_L', 'synonym'],
  ['Femoral Head R', 'Femur_Head_R', 'synonym'],
  ['Rt Optic Nerve', 'OpticNrv_R', 'synonym'],
  ['Lt Lung', 'Lung_L', 'synonym'],
  ['Kidney, left', 'Kidney_L', 'synonym'],
  ['lung bilateral', 'Lungs', 'synonym'],
  ['left anterior descending artery', 'A_LAD', 'synonym'],
  ['Cord', 'SpinalCord', 'synonym'],
  ['Harnblase', 'Bladder', 'synonym'],
  ['Sehnerv links', 'OpticNrv_L', 'synonym'],
  ['Lunge re', 'Lung_R', 'synonym'],
  ['Dünndarm', 'Bowel_Small', 'synonym'],
  ['Pęcherz moczowy', 'Bladder', 'synonym'],
  ['odbytnica', 'Rectum', 'synonym'],
  ['Głowa kości udowej lewa', 'Femur_Head_L', 'synonym'],
  ['Kora Nerki Prawej', 'Kidney_Cortex_R', 'synonym'],
  ['Nerki', 'Kidneys', 'synonym'],
  ['vessie', 'Bladder', 'synonym'],
  ['Parotide droite', 'Parotid_R', 'synonym'],
  ['Moelle épinière', 'SpinalCord', 'synonym'],
  ['Riñón izquierdo', 'Kidney_L', 'synonym'],
  ['Cabeza femoral derecha', 'Femur_Head_R', 'synonym'],
  ['Polmone sinistro', 'Lung_L', 'synonym'],
  ['Testa femorale dx', 'Femur_Head_R', 'synonym'],
  ['Blaas', 'Bladder', 'synonym'],
  ['Nier links', 'Kidney_L', 'synonym'],
  ['lung_upper_lobe_left', 'Lung_LUL', 'totalsegmentator'],
  ['total--heart', 'Heart', 'totalsegmentator'],
  ['femur_left__partial', 'Femur_L', 'totalsegmentator'],
  ['vertebrae_T5', 'VB_T05', 'totalsegmentator'],
  ['vertebrae_L1', 'VB_L1', 'totalsegmentator'],
  ['rib_left_3', 'Rib03_L', 'totalsegmentator'],
  ['gluteus_medius_left', null, 'totalsegmentator'],
  ['PTV 1', 'PTV1', 'target'],
  ['ptv4', 'PTV4', 'target'],
  ['GTVn_2', 'GTVn2', 'target'],
  ['IGTV', 'IGTV', 'target'],
  ['ptv high', 'PTV_High', 'target'],
  ['PTV_54Gy', 'PTV_54Gy', 'target'],
  ['PTV 54Gy', 'PTV_5400', 'target'],
  ['PTV 50.4 Gy', 'PTV_5040', 'target'],
  ['PTV2500cGy', 'PTV_2500', 'target'],
  ['PTV50', null, 'target', 'PTV_5000'],
  ['PTV_500cGy', 'PTV_0500', 'target'],
  ['PTV_12000', 'PTV_12000', 'target'],
  ['PTV_4000', 'PTV_4000', 'target'],
  ['PTV_2040', 'PTV_2040', 'target'],
  ['GTV_2039', null, 'target', 'GTV_2039'],
  ['PTV 1 AND 2', null, 'target'],
  ['SpinalCord_PRV05', 'SpinalCord_PRV05', 'prv'],
  ['Myelon PRV 3mm', 'SpinalCord_PRV03', 'prv'],
  ['Sehnerv li PRV', 'OpticNrv_PRV_L', 'prv'],
  ['zWall5', null, 'planning_aid'],
  ['~dose', null, 'planning_aid'],
  ['Ring 5-10', null, 'planning_aid'],
  ['Dose 500[cGy]', null, 'planning_aid'],
  ['Kidney', null, 'side_missing'],
  ['Lung', null, 'side_missing'],
  ['Blader', null, 'none', 'Bladder'],
  ['Spnal Cord', null, 'none', 'SpinalCord'],
  ['Kidny left', null, 'none', 'Kidney_L'],
  ['Liver_L', null, 'none', 'Liver'],
  ['Zielvolumen', null, 'none'],
  ['VB 1', null, 'none'],
  ['m3', null, 'none'],
  ['', null, 'none'],
];

for (const [name, standardName, rule, suggestion] of CASES) {
  test(`"${name}" is ${standardName ?? 'nothing certain'}, by the rule ${rule}`, () => {
    assert.deepEqual(harmonise(name), { standardName, rule, suggestion: suggestion ?? null });
  });
}

test('configured names come first, whatever the case', () => {
  const own = { 'My Bladder': 'Bladder', bladder: 'Bladder_Wall' };
  assert.deepEqual(harmonise('MY BLADDER', own), { standardName: 'Bladder', rule: 'override', suggestion: null });
  assert.equal(harmonise('Bladder', own).standardName, 'Bladder_Wall');
});

test('every standard name maps to itself', () => {
  for (const name of TG263_NAMES) assert.equal(harmonise(name).standardName, name);
});

test('every label with a standard name has one of TG-263', () => {
  const numbered = ['rib_right_12', 'vertebrae_C7', 'vertebrae_T12', 'vertebrae_S1'];
  for (const label of [...Object.keys(TOTALSEGMENTATOR_NAMES), ...numbered]) {
    const name = standardNameOfLabel(label);
    assert.ok(name === null || TG263_NAMES.includes(name as string), `${label}: ${name}`);
  }
});

test('no synonym has two meanings', () => {
  const meanings = new Map<string, string>();
  for (const [base, text] of Object.entries(SYNONYMS)) {
    for (const synonym of text.split(',')) {
      const [spelling] = keysOf(wordsOf(synonym).all);
      assert.ok([undefined, base].includes(meanings.get(spelling)), `${synonym}: ${base}, ${meanings.get(spelling)}`);
      meanings.set(spelling, base);
    }
  }
});

test('the edit distance counts slips and swaps, up to a limit', () => {
  const cases: [string, string, number, number][] = [
    ['kitten', 'sitting', 5, 3],
    ['bladder', 'bladedr', 3, 1],
    ['', 'abc', 5, 3],
    ['ab', 'ba', 3, 1],
    ['same', 'same', 1, 0],
    ['kitten', 'sitting', 2, 3],
    ['a', 'abcdef', 2, 3],
  ];
  for (const [a, b, most, distance] of cases) assert.equal(editDistance(a, b, most), distance);
});

/** What every plain object answers to. */
const INHERITED = ['constructor', '__proto__', 'toString', 'valueOf', 'hasOwnProperty'];

test('words that every JavaScript object has as property are ordinary words: no name, color or side', () => {
  for (const word of INHERITED) {
    assert.equal(harmonise(word).standardName, null, word);
    assert.equal(harmonise(`PTV_${word}`).standardName, null, word);
    assert.deepEqual(
      standardColor(word).map((part) => typeof part),
      ['number', 'number', 'number'],
    );
  }
});

test('a text longer than any name is rejected at once', () => {
  const began = performance.now();
  for (const blank of [' ', '_', '-', '1', 'PRV']) {
    const name = `A${blank.repeat(100_000)}B`;
    assert.deepEqual(harmonise(name), { standardName: null, rule: 'none', suggestion: null });
    assert.equal(matchesPattern(name, `*${'*?'.repeat(20)}${blank}x`), false);
  }
  assert.ok(performance.now() - began < 2000);
});

test('a pattern matches a whole name, whatever the case', () => {
  for (const [name, pattern, matches] of [
    ['PTV_60', 'ptv*', true],
    ['PTV_60', '*60', true],
    ['PTV_60', 'P*_*0', true],
    ['PTV_60', 'PTV_6?', true],
    ['PTV_60', 'PTV_60*', true],
    ['PTV_60', 'PTV', false],
    ['PTV_60', 'TV*', false],
    ['PTV_60', '?PTV_60', false],
    ['a.b', 'a?b', true],
    ['axb', 'a.b', false],
    ['(1)', '(1)', true],
    ['', '*', true],
    ['a', '', false],
    ['abcabd', '*abd', true],
    ['aXbXc', 'a*X?', true],
  ] as [string, string, boolean][])
    assert.equal(matchesPattern(name, pattern), matches, `${name} ${pattern}`);
});

test('every name has a color that a screen can show', () => {
  for (const name of TG263_NAMES)
    for (const part of standardColor(name)) assert.ok(Number.isInteger(part) && part >= 0 && part <= 255, name);
});
