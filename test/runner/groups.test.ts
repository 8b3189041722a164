import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { groupFiles, groupsOf } from './groups.ts';

test('neighbouring test files share a process, at most twelve; a file that changes the process runs alone', () => {
  const units = Array.from({ length: 13 }, (_, i) => `test/lib/${i}.test.ts`);
  const texts: Record<string, string> = {
    'test/a.test.ts': 'before(async () => {});',
    'test/b.test.ts': "process.env.HOME = 'x';",
    'test/c.test.ts': "describe('one', () => {\n  before(() => {});\n});",
  };
  const groups = groupsOf([...units, ...Object.keys(texts), 'test/x.e2e.test.ts'], (file) => texts[file] ?? '');
  assert.deepEqual(groups.slice(0, 3), [['test/a.test.ts'], ['test/b.test.ts'], ['test/x.e2e.test.ts']]);
  assert.deepEqual(
    groups.slice(3).map(({ length }) => length),
    [12, 2],
  );
});

test('the file of a group imports its members', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'rtpipeline-groups-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const files = groupFiles([['test/a.test.ts', 'test/b.test.ts'], ['test/c.test.ts']], folder);
  assert.match(readFileSync(files[0], 'utf8'), /test\/a\.test\.ts';\nimport 'file:.*test\/b\.test\.ts'/);
  assert.equal(files[1], 'test/c.test.ts');
});
