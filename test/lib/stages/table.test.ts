import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { COURSE_STAGES } from '#lib/stages/course-stages.ts';
import { loadStage } from '#lib/stages/registry.ts';
import { COURSE_STAGE_NAMES, STAGE_NAMES, STAGES } from '#lib/stages/table.ts';

test('each stage of the table loads under its own name', async () => {
  for (const name of STAGE_NAMES) assert.equal((await loadStage(name))?.name, name);
  for (const name of ['dvhs', '__proto__', 'toString', '']) assert.equal(await loadStage(name), undefined, name);
});

test('every course stage comes after the stages that it reads', () => {
  const order = COURSE_STAGE_NAMES.map(String);
  for (const name of COURSE_STAGE_NAMES)
    for (const earlier of STAGES[name].after) assert.ok(order.indexOf(earlier) < order.indexOf(name), name);
  assert.deepEqual(
    COURSE_STAGES.map(({ name }) => name),
    COURSE_STAGE_NAMES,
  );
});

test('a GPU stage runs on hosts, never as a function', () => {
  for (const name of STAGE_NAMES) {
    const { runs, hosts } = STAGES[name];
    if (runs === 'batch gpu') assert.equal(hosts, 'ec2', name);
    assert.equal(hosts === 'none', runs === 'lambda', name);
  }
});

test('loading the registry does not load the code of a stage', async () => {
  const registry = await readFile(new URL('../../../lib/stages/registry.ts', import.meta.url), 'utf8');
  const imports = [...registry.matchAll(/^import (type )?.* from '(.+)';$/gm)];
  assert.deepEqual(
    imports.filter(([line, isType]) => !isType && !line.includes('./table.ts')).map(([, , path]) => path),
    [],
  );
});

test('docs/architecture.md names every file that a new stage needs', async () => {
  const page = await readFile(new URL('../../../docs/architecture.md', import.meta.url), 'utf8');
  const section = page.slice(page.indexOf('## Add a stage'));
  for (const file of await filesWithTableOfStages()) assert.ok(section.includes(file), file);
});

/** Files in which tsc misses a row when a stage is added. */
async function filesWithTableOfStages(): Promise<string[]> {
  const found: string[] = [];
  const root = new URL('../../../', import.meta.url);
  for await (const file of glob('{lib,statemachine,cli,infra}/**/*.ts', { cwd: root })) {
    const text = await readFile(new URL(file, root), 'utf8');
    if (/: Record<(Job|Course)?StageName, .*> (= )?\{$/m.test(text) && !text.includes('as Record<')) found.push(file);
  }
  assert.ok(found.length >= 6);
  return found;
}
