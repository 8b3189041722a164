import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';

const ROOT = new URL('../../', import.meta.url);
const inRepository = (path: string) => new URL(path, ROOT);
const page = readFileSync(inRepository('docs/execution.md'), 'utf8');
const section = page.split('## Where each behaviour lives')[1].split('\n## ', 1)[0];

/** Rows of the table that says where each behaviour lives and what proves it. */
const rows = [...section.matchAll(/^\| (\S.*?) \| (.*?) \| (.*?) \|$/gm)]
  .map(([, behaviour, places, tests]) => ({ behaviour, places, tests }))
  .filter(({ behaviour }) => behaviour !== 'RTpipeline' && !behaviour.startsWith('---'));

/** Test files named by a path or, once it was given in full, by their last part. */
function testFiles(cell: string): string[] {
  return [...cell.matchAll(/[\w./-]+\.test\.ts/g)].flatMap(([name]) => {
    const found = globSync(name.startsWith('test/') ? name : `test/**/${name}`, { cwd: ROOT });
    assert.ok(found.length > 0, `${name} is not there`);
    return found;
  });
}

test('every behaviour of the table has its place and its test', () => {
  assert.ok(rows.length > 35, `${rows.length} rows`);
  for (const { behaviour, places, tests } of rows) {
    assert.ok(places.trim() !== '' && tests.trim() !== '', behaviour);
    for (const [path] of places.matchAll(/(?:lib|cli|containers|statemachine)\/[\w./-]*\w/g)) {
      assert.ok(existsSync(inRepository(path)), `${behaviour}: ${path} is not there`);
    }
    const folders = [...tests.matchAll(/test\/[\w/-]+(?![\w./-])/g)].map(([path]) => path);
    for (const path of folders) assert.ok(statSync(inRepository(path)).isDirectory(), `${behaviour}: ${path}`);
    assert.ok(testFiles(tests).length + folders.length > 0, `${behaviour} names no test`);
  }
});

test('every test that the table names by its title is in a file of the row', () => {
  for (const { behaviour, tests } of rows) {
    const text = testFiles(tests)
      .map((path) => readFileSync(inRepository(path), 'utf8'))
      .join('\n');
    for (const [, title] of tests.matchAll(/"([^"]+)"/g)) {
      assert.ok(text.includes(title), `${behaviour}: no test "${title}"`);
    }
  }
});
