import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { startRun } from '#test/fixtures/cohort-run.ts';

const root = mkdtempSync(join(tmpdir(), 'rtpipeline-nothing-'));
after(() => rmSync(root, { recursive: true }));
const input = join(root, 'input');
const cohort = { input, config: join(root, 'config.yaml'), out: (name: string) => join(root, name) };
mkdirSync(input);
writeFileSync(cohort.config, '{}\n');

test('an input without files or without DICOM ends the run with exit code 2 and the reason', async () => {
  const empty = await startRun(cohort, cohort.out('empty'));
  assert.equal(empty.exitCode, 2);
  assert.match(empty.stdout + empty.stderr, /the input holds no files/);

  writeFileSync(join(input, 'letter.txt'), 'Dear colleague, this is not an image.');
  const letter = await startRun(cohort, cohort.out('letter'));
  assert.equal(letter.exitCode, 2);
  assert.match(letter.stdout + letter.stderr, /no readable DICOM: 1 files, .*letter\.txt: neither the DICM prefix/);
});
