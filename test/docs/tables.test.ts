import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseConfig } from '#lib/config.ts';
import { caseMetadataTable } from '#lib/organize/case-metadata/table.ts';
import { dosesTable, fractionsTable, unassignedTable } from '#lib/organize/organize-tables.ts';
import { patientsTable } from '#lib/organize/patients-table.ts';
import { SUMMARY_KEY, VALUES_KEY } from '#lib/robustness/columns.ts';
import { ROI_KEY } from '#lib/rt/row-identity.ts';
import { courseTableHeads } from '#lib/stages/aggregate/course-tables.ts';
import { findingsTable } from '#lib/stages/aggregate/findings-table.ts';
import { STAGE_KEY } from '#lib/stages/aggregate/result-tables.ts';

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
  const tables = [
    ...[patientsTable([]), caseMetadataTable([]), dosesTable([]), fractionsTable([]), unassignedTable([])],
    ...(await courseTableHeads(parseConfig({ radiomics: { ibsi: {} } }))),
    { name: 'robustness_values', key: VALUES_KEY },
    { name: 'robustness_summary', key: SUMMARY_KEY },
    findingsTable({ upload: [], courses: [], cohort: [], tables: [] }),
    { name: 'status', key: STAGE_KEY },
    { name: 'timings', key: STAGE_KEY },
  ];
  assert.deepEqual(Object.fromEntries(told), Object.fromEntries(tables.map(({ name, key }) => [name, key])));
});
