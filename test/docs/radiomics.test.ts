import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { settingsSchema } from '#lib/radiomics/settings/settings.ts';

test('the page on radiomics explains every setting of PyRadiomics', () => {
  const page = readFileSync('docs/radiomics.md', 'utf8');
  const [, table] = page.split('### Settings of PyRadiomics');
  const rows = table
    .split('### Files')[0]
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const named = rows.flatMap((row) => [...row.split('|')[1].matchAll(/`(\w+)`/g)].map(([, name]) => name));
  const missing = Object.keys(settingsSchema.shape).filter((name) => !named.includes(name));
  assert.deepEqual(missing, []);
});
