import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { memoryStore } from '#lib/store/memory.ts';
import { addResults } from '../../cli/commands/results.ts';
import { addStatus } from '../../cli/commands/status.ts';
import { addTop } from '../../cli/commands/top.ts';
import { addValidate } from '../../cli/commands/validate.ts';
import { addWatch } from '../../cli/commands/watch.ts';
import { explain } from '../../cli/explain.ts';
import { patientWriter } from '../../cli/log-file.ts';
import { notify } from '../../cli/notify.ts';
import { prepareOutput } from '../../cli/output-folder.ts';
import { countedInput, describeInput } from '../../cli/progress/counted-input.ts';
import { runCommand } from '../fixtures/command.ts';

const MAIN = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'rtpipeline-nothing-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const empty = join(folder, 'empty');
mkdirSync(empty);
writeFileSync(join(empty, 'letter.txt'), 'no DICOM');

const NOTHING: [string, Parameters<typeof runCommand>, RegExp][] = [
  ['status of a folder without a run', [addStatus, 'status', empty], /no run found in this folder/],
  ['status of a folder that is not there', [addStatus, 'status', join(folder, 'nope')], /no run found in this folder/],
  ['top of a folder without a run', [addTop, 'top', empty], /no run found in this folder/],
  ['watch of a folder', [addWatch, 'watch', 'foo'], /not the URI of a bucket/],
  ['results of a folder', [addResults, 'results', 'foo', '--out', folder], /not the URI of a bucket/],
  ['validate of a folder without DICOM', [addValidate, 'validate', empty], /holds no readable DICOM/],
  ['validate of nothing', [addValidate, 'validate'], /needs an input, --config, --profile or --set/],
];
for (const [what, call, message] of NOTHING)
  test(`${what} is refused with a reason`, async () => {
    const { refusal, exitCode } = await runCommand(...call);
    assert.match(refusal ?? '', message);
    assert.equal(exitCode, 2);
  });

test('validate accepts a profile and single settings, and refuses wrong ones', async () => {
  const { output } = await runCommand(addValidate, 'validate', '--profile', 'cpu-only', '--set', 'dvh.end_cap=none');
  assert.match(output, /the settings: a valid configuration/);
  const wrong = await runCommand(addValidate, 'validate', '--set', 'dvh.end_cup=none');
  assert.match(wrong.refusal ?? '', /did you mean end_cap/);
});

test('the current folder can be the input', async () => {
  const here = process.cwd();
  process.chdir(empty);
  try {
    const { refusal } = await runCommand(addValidate, 'validate', '.');
    assert.match(refusal ?? '', /holds no readable DICOM: 1 files/);
  } finally {
    process.chdir(here);
  }
});

test('an output path at or below a file is refused in one line', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  for (const out of [file, join(file, 'out')])
    await assert.rejects(prepareOutput(out), (error) => /a file/.test(explain(error)?.line ?? ''));
});

test('an output folder without write access is refused in one line with exit code 2, also as root', () => {
  const closed = join(folder, 'closed');
  mkdirSync(closed);
  chmodSync(closed, 0o555);
  chmodSync(folder, 0o755);
  const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  const args = [MAIN, 'run', empty, '--out', join(closed, 'out')];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', ...nobody });
  assert.match(
    stderr,
    /^rtpipeline: no permission: change the access rights, or choose another folder \(.*closed\/out\)\n$/,
  );
  assert.equal(status, 2);
});

test('an output folder that does not respond ends the command', async () => {
  const never = () => new Promise<void>(() => {});
  await assert.rejects(prepareOutput(folder, 0.01, never), {
    name: 'BadInput',
    message: /does not answer within 0\.01 s/,
  });
});

test('after the check a good output folder holds only run and private', async () => {
  const out = join(folder, 'good');
  await prepareOutput(out);
  assert.deepEqual(readdirSync(out, { recursive: true }).sort(), ['private', 'run']);
});

test('a log that cannot be written is reported once and does not end the run', () => {
  const said: string[] = [];
  const write = patientWriter(
    () => {
      throw new Error('ENOSPC: no space left on device, write');
    },
    'the log',
    (message) => said.push(message),
  );
  write();
  write();
  assert.deepEqual(said, [
    'the log cannot be written (ENOSPC: no space left on device, write); the run continues without it',
  ]);
});

test('a configured command runs at the end of a run, and its failure is one sentence', async () => {
  const end = { exitCode: 3, out: folder, courses: 9, done: 8, failed: 1, seconds: 61.4 };
  const told = join(folder, 'told');
  assert.equal(
    await notify(`echo $RTPIPELINE_EXIT_CODE $RTPIPELINE_FAILED $RTPIPELINE_SECONDS > ${told}`, end),
    undefined,
  );
  assert.equal(readFileSync(told, 'utf8'), '3 1 61\n');
  assert.match((await notify('exit 4', end)) ?? '', /^--notify: .*exit code 4/);
});

test('progress counts files found and read, with a rate', async () => {
  const store = memoryStore();
  for (const key of ['a', 'b', 'c']) await store.put(key, new Uint8Array(9));
  const { input, count } = countedInput(store);
  assert.equal(describeInput(count, 0), '0 files found');
  const keys: string[] = [];
  for await (const { key } of input.list('')) keys.push(key);
  await input.getRange('a', 0, 4);
  await input.getRange('a', 4, 8);
  await input.get('b');
  assert.deepEqual(count, { found: 3, read: 2 });
  assert.equal(describeInput(count, 500), 'headers of 2 of 3 files, 4 a second');
});
