import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { test } from 'node:test';
import { FINDING_SUBJECTS, FINDINGS } from '#lib/finding-register.ts';
import { findingsPage } from '../../bench/findings-docs.ts';

const sources: string[] = [];
for await (const file of glob('{lib,cli}/**/*.ts')) {
  if (!file.includes('finding-register')) sources.push(readFileSync(file, 'utf8'));
}

test('every registered code is used in the code', () => {
  const used = new Set(sources.flatMap((text) => [...text.matchAll(/\b[A-Z][A-Z0-9_]+\b/g)].map(([word]) => word)));
  assert.deepEqual(
    Object.keys(FINDINGS).filter((code) => !used.has(code)),
    [],
  );
});

test('each code belongs to one subject', () => {
  const codes = Object.values(FINDING_SUBJECTS).flatMap((kinds) => Object.keys(kinds));
  assert.deepEqual(
    codes.filter((code, i) => codes.indexOf(code) !== i),
    [],
  );
});

test('meaning and remedy are full sentences', () => {
  const odd = Object.entries(FINDINGS).filter(
    ([, { meaning, remedy }]) => !/^[A-Z].+\.$/.test(meaning) || !/^[A-Z].+\.$/.test(remedy),
  );
  assert.deepEqual(odd, []);
});

test('docs/findings.md is up to date: npm run docs:findings', () => {
  assert.equal(readFileSync('docs/findings.md', 'utf8'), findingsPage());
});
