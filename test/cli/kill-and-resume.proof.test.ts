import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { seededRandom } from '#lib/random.ts';
import { writeCohort } from '#test/fixtures/cohort-run.ts';
import { killAndResume } from '#test/fixtures/kill-and-resume.ts';

const root = mkdtempSync(join(tmpdir(), 'rtpipeline-kills-'));
after(() => rmSync(root, { recursive: true }));

test('runs killed at random and resumed, with 1 or 8 CPUs and courses, give the same tables', async () => {
  const report = await killAndResume(writeCohort(root), 3, seededRandom(4));
  assert.equal(report.kills, 3);
  assert.ok(report.ends >= 1);
});
