import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const folder = mkdtempSync(join(tmpdir(), 'end-'));
after(() => rmSync(folder, { recursive: true }));
const program = fileURLToPath(new URL('../../fixtures/hung-read.ts', import.meta.url));

test('a process with a hanging read ends with its exit code', async () => {
  const pipe = join(folder, 'pipe');
  await execa('mkfifo', [pipe]);
  const { exitCode, stdout } = await execa(process.execPath, [program, pipe], { reject: false, timeout: 20_000 });
  assert.equal(stdout, 'TimedOut: no answer after 0.2 s');
  assert.equal(exitCode, 75);
});
