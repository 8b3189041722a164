import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { execa } from 'execa';
import {
  assertResumes,
  type CohortFolder,
  copyOfRun,
  runArguments,
  startRun,
  writeCohort,
} from '#test/fixtures/cohort-run.ts';

/** A mount of one's own needs namespaces of users, which some containers do not give. */
const mayMount = spawnSync('unshare', ['-rm', 'true']).status === 0;
const skip = mayMount ? false : 'no file system can be mounted here (unshare -rm)';

const root = mkdtempSync(join(tmpdir(), 'rtpipeline-faults-'));
after(() => rmSync(root, { recursive: true }));
let cohort: CohortFolder;
let undisturbed: string;

before(async () => {
  if (skip) return;
  cohort = writeCohort(root, { courses: 1 });
  undisturbed = cohort.out('undisturbed');
  assert.equal((await startRun(cohort, undisturbed)).exitCode, 0);
});

/** Runs with a folder mounted as `mount` says, and keeps what was in it in `saved`. */
function runMounted(out: string, mount: string, saved = '') {
  const keep = saved === '' ? ':' : `cp -a ${out}/. ${saved}`;
  const script = `${mount} && { "$0" "$@"; code=$?; ${keep}; exit $code; }`;
  const args = ['-rm', 'sh', '-c', script, process.execPath, ...runArguments(cohort, out)];
  return execa('unshare', args, { reject: false });
}

const SIZES: [where: string, kib: number][] = [
  ['before the courses are known', 60],
  ['in the stages of a course', 450],
  ['while the tables are written', 1300],
];
for (const [where, kib] of SIZES)
  test(`a disk that is full ${where} ends the run with a message, and with free space it continues to the same tables`, {
    skip,
  }, async () => {
    const [out, saved] = [cohort.out('small'), cohort.out(`full-${kib}`)];
    for (const folder of [out, saved]) mkdirSync(folder, { recursive: true });
    const { exitCode, stdout, stderr } = await runMounted(out, `mount -t tmpfs -o size=${kib}k tmpfs ${out}`, saved);
    const said = `${stdout}\n${stderr}`;
    assert.ok([2, 3].includes(exitCode ?? 0), said);
    assert.match(said, /the disk is full: free some space, then repeat the command|ENOSPC/);
    assert.doesNotMatch(said, /\n +at /, 'no stack of a program');
    await assertResumes(cohort, saved, undisturbed);
  });

test('a read-only output folder is refused in one line and left unchanged', { skip }, async () => {
  const out = copyOfRun(undisturbed, cohort.out('read-only'));
  const { exitCode, stderr } = await runMounted(out, `mount --bind ${out} ${out} && mount -o remount,bind,ro ${out}`);
  assert.equal(exitCode, 2, stderr);
  assert.match(stderr, /^rtpipeline: this file system is read-only: choose another folder \(.*\)$/m);
  await assertResumes(cohort, out, undisturbed);
});

test('a run needs no more than read access to its input', { skip }, async () => {
  const out = cohort.out('input-read-only');
  const { input } = cohort;
  const { exitCode, stdout, stderr } = await runMounted(
    out,
    `mount --bind ${input} ${input} && mount -o remount,bind,ro ${input}`,
  );
  assert.equal(exitCode, 0, `${stdout}${stderr}`);
  await assertResumes(cohort, out, undisturbed);
});
