import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { generatedCohort } from '#lib/phantom/generated-cohort.ts';
import { runCommand } from '#test/fixtures/command.ts';
import { type LocalAws, startLocalAws } from '#test/fixtures/local-aws.ts';
import { addUpload } from '../../../cli/commands/upload.ts';

let aws: LocalAws;
let work: string;

before(async () => {
  aws = await startLocalAws();
  work = mkdtempSync(join(tmpdir(), 'rtpipeline-dollars-'));
  for (const { path, bytes } of generatedCohort({ courses: 2, slices: 5, rows: 8, columns: 8, seed: 1 })) {
    mkdirSync(dirname(join(work, 'in', path)), { recursive: true });
    writeFileSync(join(work, 'in', path), bytes);
  }
});
after(async () => {
  await aws.close();
  rmSync(work, { recursive: true });
});

function upload(most: string) {
  const record = ['--record', join(work, `${most}.jsonl`)];
  const flags = ['--to', 's3://uploads', '--name', 'u1', '--most-dollars', most, ...record];
  return runCommand(addUpload, 'upload', join(work, 'in'), ...flags);
}

test('an upload that may exceed the cost limit is refused with the estimated cost', async () => {
  const { refusal } = await upload('0.01');
  assert.match(
    refusal ?? '',
    /these 2 courses costs about \$ \d+\.\d\d, and at most \$ \d+\.\d\d: raise --most-dollars/,
  );
  assert.equal(aws.objects.size, 0);
});

test('an upload within the cost limit is sent', async () => {
  assert.match((await upload('1000')).output, /The run starts: u1/);
  assert.ok(aws.objects.has('/uploads/incoming/u1/_READY.json'));
});
