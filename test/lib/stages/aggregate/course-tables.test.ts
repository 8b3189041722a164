import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '#lib/config.ts';
import { COURSE_KEY } from '#lib/rt/row-identity.ts';
import { courseTableHeads } from '#lib/stages/aggregate/course-tables.ts';
import { findingsTable } from '#lib/stages/aggregate/findings-table.ts';
import { validateTable } from '#lib/tables/validate.ts';

const CONFIG = parseConfig({
  radiomics: { ibsi: {} },
  dvh: { metrics: ['Mean[Gy]', 'V47.5Gy[%]'], geud_a: { PTV: -10 } },
});

test('no table declares a column twice or a key outside its columns', async () => {
  const heads = await courseTableHeads(CONFIG);
  assert.ok(heads.length > 8);
  for (const head of heads) validateTable({ ...head, rows: [] });
  validateTable(findingsTable({ upload: [], courses: [], cohort: [], tables: [] }));
});

test('the key of every course table begins with patient and course', async () => {
  for (const { name, key } of await courseTableHeads(CONFIG))
    assert.deepEqual(key.slice(0, COURSE_KEY.length), COURSE_KEY, name);
});

test('dvh_metrics has the configured metrics as columns, and IBSI features are a table only on request', async () => {
  const heads = await courseTableHeads(CONFIG);
  const metrics = heads.find(({ name }) => name === 'dvh_metrics')!.columns.map(({ name }) => name);
  const inGy = metrics.filter((name) => /^(Mean|V|gEUD)/.test(name) && !name.endsWith('_uncertainty'));
  assert.deepEqual(inGy, ['Mean[Gy]', 'V47.5Gy[%]', 'gEUD[Gy]']);
  const without = await courseTableHeads(parseConfig({}));
  assert.ok(!without.some(({ name }) => name === 'radiomics_ibsi'));
});
