import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { runCommand } from '#test/fixtures/command.ts';
import { type LocalAws, startLocalAws } from '#test/fixtures/local-aws.ts';
import { addResults } from '../../../cli/commands/results.ts';

const ROOT = '/results/runs/u1';
let aws: LocalAws;
let work: string;

before(async () => {
  aws = await startLocalAws();
});
after(() => aws.close());
beforeEach(() => {
  aws.objects.clear();
  work = mkdtempSync(join(tmpdir(), 'rtpipeline-results-'));
});

afterEach(() => rmSync(work, { recursive: true }));

function results(...flags: string[]) {
  return runCommand(addResults, 'results', 's3://results/runs/u1', '--out', join(work, 'tables'), ...flags);
}

function put(objects: Record<string, string>): void {
  for (const [key, body] of Object.entries(objects)) aws.objects.set(`${ROOT}/${key}`, Buffer.from(body));
}

test('tables and report are downloaded unchanged; course folders only on request', async () => {
  put({
    'results/dvh_metrics.csv': 'a,b',
    'results/figures/1.svg': '<svg/>',
    'courses/c1/course.json': '{}',
    'run/x.json': '{}',
  });
  assert.match((await results()).output, /^2 files in /);
  assert.equal(readFileSync(join(work, 'tables', 'dvh_metrics.csv'), 'utf8'), 'a,b');
  assert.equal(readFileSync(join(work, 'tables', 'figures', '1.svg'), 'utf8'), '<svg/>');
  assert.equal(existsSync(join(work, 'tables', 'courses')), false);
  assert.match((await results('--courses')).output, /^3 files in /);
  assert.equal(readFileSync(join(work, 'tables', 'courses', 'c1', 'course.json'), 'utf8'), '{}');
});

test('a run without results is distinguished from a run with results', async () => {
  put({ 'run/execution.json': '{}' });
  assert.match((await results()).refusal as string, /no results yet. Follow it with `rtpipeline watch`/);
});

test('a key that leads out of the target folder is refused', async () => {
  put({ 'results/../../../escaped': 'x' });
  assert.match((await results()).refusal as string, /outside its folder/);
  assert.equal(existsSync(join(work, '..', 'escaped')), false);
});
