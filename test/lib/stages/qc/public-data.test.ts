import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { qc } from '#lib/stages/qc/qc.ts';
import { structures } from '#lib/stages/structures/structures.ts';
import { cohortInMemory } from '../../../fixtures/cohort-in-memory.ts';
import { absent, sharedPath } from '../../../fixtures/shared.ts';

/** Set -> codes that docs/quality-control.md explains, from its rows "| `set` | `CODE`, `CODE` | why |". */
const explained = new Map<string, Set<string>>();
const page = readFileSync('docs/quality-control.md', 'utf8');
for (const [, set, codes] of page.matchAll(/^\| `([\w-]+)` \| ((?:`[A-Z_]+`(?:, )?)+) \| /gm)) {
  const known = explained.get(set) ?? new Set();
  for (const [, code] of codes.matchAll(/`(\w+)`/g)) known.add(code);
  explained.set(set, known);
}

for (const [set, codes] of explained) {
  const path = `data/${set}`;
  test(`the findings on ${set} are the ones that the docs explain`, { skip: absent(path) }, async () => {
    const files = filesUnder(sharedPath(path) as string).map((file) => new Uint8Array(readFileSync(file)));
    const cohort = await cohortInMemory(files, {}, [structures, qc]);
    const rows = await cohort.rows('qc', 'qc');
    const alarms = rows.filter(({ severity }) => severity === 'warning' || severity === 'error');
    assert.deepEqual(new Set(alarms.map(({ code }) => String(code))), codes);
  });
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return filesUnder(path);
    return /\.(?:md|json|csv|txt|nii|gz|nrrd|dump)$/.test(name) ? [] : [path];
  });
}
