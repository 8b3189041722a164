import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { FINDING_SUBJECTS, FINDINGS } from '#lib/finding-register.ts';
import { CHECKS } from '#lib/qc/qc.ts';
import { DEFECTS } from '../fixtures/planted-defects.ts';

const page = readFileSync('docs/quality-control.md', 'utf8');
const [, checks, tested] = page.split(/^## (?:Checks|How it is tested)$/m);

test('docs/quality-control.md has a row for every check, in the order of the table', () => {
  const told = [...checks.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
  assert.deepEqual(
    told,
    CHECKS.map(({ name }) => name),
  );
});

test('docs/quality-control.md names exactly the codes of quality control', () => {
  const told = new Set([...page.matchAll(/`([A-Z][A-Z_0-9]{5,})`/g)].map(([, code]) => code));
  assert.deepEqual(
    [...told].filter((code) => !(code in FINDINGS) && code !== 'WARNING'),
    [],
  );
  const missing = Object.keys(FINDING_SUBJECTS['Quality control']).filter((code) => !told.has(code));
  assert.deepEqual(missing, []);
});

test('every code of quality control is planted as a defect, except those that need a cohort', () => {
  const planted = new Set<string>(DEFECTS.map(({ code }) => code));
  const codes = Object.keys(FINDING_SUBJECTS['Quality control']);
  assert.deepEqual(
    codes.filter((code) => !planted.has(code)),
    ['COHORT_OUTLIER'],
  );
});

test('docs/quality-control.md states the number of planted defects', () =>
  assert.match(tested, new RegExp(`\\b${DEFECTS.length} planted defects`)));
