import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { startRun, writeCohort } from '#test/fixtures/cohort-run.ts';

const MAIN = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'rtpipeline-usage-'));
after(() => rmSync(root, { recursive: true }));
const cohort = writeCohort(root, { courses: 1 });
const { input } = cohort;
const out = cohort.out('out');

test('wrong usage and bad input give one clear line and exit code 2', async () => {
  const cases: [string[], RegExp][] = [
    [['run', '/no/such/folder', '--out', out], /this folder or file does not exist \(\/no\/such\/folder\)/],
    [['run', input], /required option '--out <dir>'/],
    [['run', input, '--out', out, '--stage', 'dvhh'], /--stage dvhh does not exist/],
    [['run', input, '--out', input], /same folder/],
    [['rum', input], /unknown command 'rum'/],
  ];
  for (const [args, message] of cases) {
    const { exitCode, stderr } = await execa(process.execPath, [MAIN, ...args], { reject: false });
    assert.equal(exitCode, 2, args.join(' '));
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /\n\s+at /);
  }
});

test('an unknown patient counts as bad input', async () => {
  const { exitCode, stdout } = await startRun(cohort, out, '--patient', 'nobody');
  assert.equal(exitCode, 2);
  assert.match(stdout, /no course belongs to the patients/);
});
