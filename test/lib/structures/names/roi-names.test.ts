import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { doseInName } from '#lib/rt/target-dose.ts';
import { harmonise, nameStatus } from '#lib/structures/names/harmonise.ts';
import { formatTarget, parseTarget } from '#lib/structures/names/target-grammar.ts';

/** Written by hand from the sources that the table names, not from what the product says. */
const TABLE = new URL('../../../reference/roi-names.tsv', import.meta.url);
const rows = readFileSync(TABLE, 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => {
    const [name, answer = name] = line.split('\t');
    return { name, standardName: answer === 'none' ? null : answer };
  });

test('the table has at least 500 names, each once', () => {
  assert.ok(rows.length >= 500, `${rows.length}`);
  assert.equal(new Set(rows.map(({ name }) => name)).size, rows.length);
});

test('names of public data sets and clinics map to their TG-263 name, or to none', () => {
  const wrong = rows
    .map(({ name, standardName }) => ({ name, standardName, found: harmonise(name).standardName }))
    .filter(({ standardName, found }) => standardName !== found);
  assert.deepEqual(wrong, []);
});

test('a name that follows the report is valid; any other with a standard name is mapped', () => {
  for (const { name, standardName } of rows) {
    const status = nameStatus(name, harmonise(name));
    if (standardName === null) assert.ok(['suggested', 'none'].includes(status), name);
    else assert.equal(status, name === standardName ? 'valid' : 'mapped', name);
  }
});

test('a target that is mapped keeps the dose of its own name', () => {
  const doseOf = (name: string) => doseInName(name)?.doseGy;
  const targets = rows.filter(({ standardName }) => /\d/.test(parseTarget(standardName ?? '')?.dose ?? ''));
  assert.ok(targets.length >= 20, `${targets.length}`);
  for (const { name, standardName } of targets) assert.equal(doseOf(name), doseOf(standardName!), name);
});

test('a target name survives splitting into its parts', () => {
  const targets = rows.filter(({ name }) => parseTarget(name));
  assert.ok(targets.length >= 60, `${targets.length}`);
  for (const { name } of targets) assert.equal(formatTarget(parseTarget(name)!), name);
});

test('the parts of a target are those that the report defines', () => {
  assert.deepEqual(parseTarget('PTV_Eval_7000-08'), { type: 'PTV', structure: 'Eval', dose: '7000', cropMm: 8 });
  assert.deepEqual(parseTarget('PTVp1_CT1PT1'), { type: 'PTV', classifier: 'p', number: 1, imaging: 'CT1PT1' });
  assert.deepEqual(parseTarget('GTV_Liver^ICG'), { type: 'GTV', structure: 'Liver', custom: 'ICG' });
  assert.deepEqual(parseTarget('PTV_Liver_20Gyx3'), { type: 'PTV', structure: 'Liver', dose: '20Gyx3' });
  assert.equal(parseTarget('PTV_Lier'), undefined);
  assert.equal(parseTarget('ptv1'), undefined);
});

test('an ambiguous number gives only a suggestion', () => {
  const suggestions = Object.fromEntries(
    ['PTV50', 'PTV_50.4', 'PTV_600', 'PTV-60', 'GTV_2019', 'Lt Hip', 'Col', 'Cord+5', 'PTV123', 'Parotid D'].map(
      (name) => [name, harmonise(name).suggestion],
    ),
  );
  assert.deepEqual(suggestions, {
    ...{
      PTV50: 'PTV_5000',
      'PTV_50.4': 'PTV_5040',
      PTV_600: 'PTV_0600',
      'PTV-60': 'PTV_6000',
      GTV_2019: 'GTV_2019',
      'Lt Hip': 'Femur_Head_L',
    },
    ...{ Col: 'Cervix', 'Cord+5': 'SpinalCord_PRV05', PTV123: null, 'Parotid D': null },
  });
});
