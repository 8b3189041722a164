import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseConfig } from '#lib/config.ts';
import { VALUES_KEY } from '#lib/robustness/columns.ts';
import { ROI_KEY } from '#lib/rt/row-identity.ts';
import { declaredTables } from '#lib/stages/aggregate/declared-tables.ts';

const page = readFileSync('docs/tables.md', 'utf8');

/** Table name -> key, from the rows of the page: "| `a`, `b` | ... | ROI, `c, d` |". */
const told = new Map(
  [...page.matchAll(/^\| (`\w+`(?:, `\w+`)*) \| [^|]+ \| ((?:ROI(?:, )?)?(?:`[^`]+`)?) \|$/gm)].flatMap(
    ([, names, key]) => {
      const columns = [...key.matchAll(/`([^`]+)`/g)].flatMap(([, list]) => list.split(', '));
      const whole = key.startsWith('ROI') ? [...ROI_KEY, ...columns] : columns;
      return [...names.matchAll(/`(\w+)`/g)].map(([, name]) => [name, whole] as const);
    },
  ),
);

test('docs/tables.md names the key of every table', async () => {
  const declared = await declaredTables(parseConfig({ radiomics: { ibsi: {} } }));
  const tables = [...declared, { name: 'robustness_values', key: VALUES_KEY }];
  assert.deepEqual(Object.fromEntries(told), Object.fromEntries(tables.map(({ name, key }) => [name, key])));
});
