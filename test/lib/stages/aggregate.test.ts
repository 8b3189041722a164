import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { ExitCode } from '#lib/errors.ts';
import { writeJson, writeJsonLines } from '#lib/stages/json.ts';
import { fileStore } from '#lib/store/file.ts';
import { courseKeys, runKeys } from '#lib/store/keys.ts';

const folder = mkdtempSync(join(tmpdir(), 'aggregate-'));
after(() => rmSync(folder, { recursive: true }));
const MAIN = fileURLToPath(new URL('../../../containers/analysis/main.ts', import.meta.url));

test('a file that the disk does not give ends the job of the tables after file_timeout, and is named', async () => {
  const store = fileStore(folder);
  const [aa, bb] = ['aaaaaaaa', 'bbbbbbbb'].map(courseKeys);
  await writeJson(store, runKeys.config, { aggregation: { file_timeout: 0.3 } });
  await writeJsonLines(store, runKeys.courses, [{ courseId: 'aaaaaaaa' }, { courseId: 'bbbbbbbb' }]);
  await writeJson(store, aa.course, { courseId: 'aaaaaaaa', images: [], structureSets: [] });
  await writeJson(store, bb.status('dvh'), {});
  await execa('mkfifo', [join(folder, bb.course)]);
  await writeJson(store, 'task.json', { stage: 'aggregate', input: {}, inputUri: store.uri, storeUri: store.uri });
  const { exitCode, stderr } = await execa(process.execPath, [MAIN, `${store.uri}/task.json`], {
    reject: false,
    timeout: 30_000,
  });
  assert.equal(exitCode, ExitCode.bug, stderr);
  assert.match(stderr, new RegExp(`"error":"TimedOut","reason":"no answer after 0.3 s \\(${bb.course}\\)"`));
});
