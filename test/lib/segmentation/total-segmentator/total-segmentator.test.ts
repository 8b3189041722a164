import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseConfig } from '#lib/config.ts';
import { GpuOutOfMemory, OutOfMemory, TimedOut } from '#lib/errors.ts';
import type { Volume } from '#lib/image/grid.ts';
import { silentLog } from '#lib/log.ts';
import { failureOf } from '#lib/segmentation/failure.ts';
import { UnusableResult } from '#lib/segmentation/label-map.ts';
import { totalSegmentatorVersion } from '#lib/segmentation/total-segmentator/program-facts.ts';
import { runTotalSegmentator } from '#lib/segmentation/total-segmentator/total-segmentator.ts';
import { turns } from '#test/fixtures/turns.ts';

const COMMAND = fileURLToPath(new URL('../../../fixtures/programs/segmenter.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'segmenter-test-'));
const LOG = join(folder, 'calls.jsonl');

beforeEach(() => {
  rmSync(LOG, { force: true });
  process.env.FAKE_SEGMENTER_LOG = LOG;
  delete process.env.FAKE_SEGMENTER;
});
after(() => {
  rmSync(folder, { recursive: true });
  delete process.env.FAKE_SEGMENTER;
  delete process.env.FAKE_SEGMENTER_LOG;
});

/** A ramp of brightness in an oblique, left-handed grid. */
function image(slices = 90): Volume<Int16Array> {
  const [c, s] = [Math.cos(0.2), Math.sin(0.2)];
  const size: [number, number, number] = [9, 7, slices];
  const data = Int16Array.from({ length: 9 * 7 * slices }, (_, v) => (v % 63) * 10 - 300);
  return {
    grid: { size, originMm: [-4, 10, -300], spacingMm: [1.2, 1.5, 2.5], direction: [c, s, 0, -s, c, 0, 0, 0, -1] },
    data,
  };
}

function run(segmentation: object, mode = 'well', volume = image(), signal = new AbortController().signal) {
  process.env.FAKE_SEGMENTER = mode;
  const { segmentation: settings } = parseConfig({ segmentation: { device: 'gpu', ...segmentation } });
  const model = { task: 'total', command: COMMAND, version: '2.99.0', settings };
  return runTotalSegmentator(model, { volume, where: '1.2.3', cores: 2, signal, log: silentLog });
}

interface Call {
  args: string[];
  env: Record<string, string>;
  /** config.json of its home. */
  home?: { send_usage_stats: boolean; license_number?: string };
  child?: number;
}

function calls(): Call[] {
  const lines = readFileSync(LOG, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

test('one call makes a label map that lies on the image and names all classes', async () => {
  const volume = image();
  const {
    labelMaps: [labelMap],
    programs,
    findings,
  } = await run({ force_split: false });
  assert.deepEqual(
    labelMap.labels.map(({ value, name }) => `${value} ${name}`),
    ['1 bright', '2 brighter', '3 absent'],
  );
  assert.deepEqual(labelMap.volume.grid, volume.grid);
  assert.deepEqual(
    [...labelMap.volume.data],
    Array.from(volume.data, (value) => (value > 100 ? 2 : value > 0 ? 1 : 0)),
  );
  assert.equal(calls().length, 1);
  assert.deepEqual(programs[0].options, {
    task: 'total',
    device: 'gpu',
    fast: false,
    forceSplit: false,
    roiSubset: null,
  });
  assert.deepEqual(findings, []);
});

test('numeric libraries use the configured threads, and any number without a setting', async () => {
  await run({ threads_per_worker: 3 });
  const names = ['OMP', 'OPENBLAS', 'MKL', 'NUMEXPR', 'NUMBA'].map((library) => `${library}_NUM_THREADS`);
  assert.deepEqual(
    names.map((name) => calls()[0].env[name]),
    ['3', '3', '3', '3', '3'],
  );
});

test('with a full GPU the task is retried split, then with the 3 mm model, with a finding', async () => {
  const { findings, programs } = await run({ force_split: false }, 'gpu_full_until_fast', image(150));
  assert.deepEqual(
    calls().map(({ args }) => ['--force_split', '--fast'].filter((flag) => args.includes(flag)).join(' ')),
    ['', '--force_split', '--force_split --fast'],
  );
  assert.deepEqual(
    programs.map(({ status }) => status),
    ['gpu_out_of_memory', 'gpu_out_of_memory', 'ok'],
  );
  assert.deepEqual(
    findings.map(({ code, severity }) => `${severity} ${code}`),
    ['warning SEGMENTED_AT_3_MM'],
  );
});

test('a program that does not use the GPU of the machine is a finding, also where the device is chosen by itself', async (t) => {
  const card = "#!/bin/sh\necho '0, NVIDIA L4, 23034'\n";
  writeFileSync(join(folder, 'nvidia-smi'), card, { mode: 0o755 });
  const { PATH } = process.env;
  process.env.PATH = `${folder}:${PATH}`;
  t.after(() => {
    process.env.PATH = PATH;
  });
  const codes = async (device: string) => (await run({ device }, 'without_gpu')).findings.map(({ code }) => code);
  assert.deepEqual(await codes('gpu'), ['SEGMENTED_WITHOUT_GPU']);
  assert.deepEqual(await codes('auto'), ['SEGMENTED_WITHOUT_GPU']);
  assert.deepEqual(await codes('cpu'), []);
});

test('a GPU that stays full asks for a larger one', async () => {
  await assert.rejects(run({}, 'gpu_full'), (error) => error instanceof GpuOutOfMemory && error.exitCode === 42);
});

test('a full GPU asks for a larger one even if the smaller attempt fails otherwise', async () => {
  await assert.rejects(
    run({ force_split: false }, 'gpu_full_until_fast_without_weights', image(150)),
    (error: Error) => error instanceof GpuOutOfMemory && /smaller attempt failed.*PermissionError/.test(error.message),
  );
});

test('an unknown class is reported with the nearest one', async () => {
  const { missing, findings } = await run({ roi_subset: ['bright', 'brihgter'] });
  assert.deepEqual(missing, ['brihgter']);
  assert.deepEqual(
    findings.map(({ code, message }) => `${code}: ${message}`),
    ['SEGMENTATION_CLASS_UNKNOWN: total has no class brihgter; the nearest is brighter'],
  );
});

test('a call uses its own home folder, sends no statistics, and has a licence only if its task needs one', async () => {
  await run({ license: 'aca_ABCDEFGHIJKLMN', weights: '/weights' });
  const [free] = calls();
  assert.deepEqual([free.args.includes('--license_number'), free.env.TOTALSEG_LICENSE], [false, undefined]);
  assert.equal(free.env.TOTALSEG_WEIGHTS_PATH, '/weights');
  assert.deepEqual([free.home?.send_usage_stats, free.home?.license_number], [false, undefined]);
  rmSync(LOG);
  const { segmentation: settings } = parseConfig({ segmentation: { license: 'aca_ABCDEFGHIJKLMN' } });
  const input = { volume: image(), where: '1.2', cores: 2, signal: new AbortController().signal, log: silentLog };
  const model = { task: 'tissue_types', command: COMMAND, version: '2.99.0', settings };
  await runTotalSegmentator(model, input);
  const [licensed] = calls();
  assert.ok(licensed.args.includes('--license_number'));
  assert.deepEqual([licensed.home?.send_usage_stats, licensed.home?.license_number], [false, 'aca_ABCDEFGHIJKLMN']);
});

test('a truncated licence number is refused before the program starts', async () => {
  const { segmentation: settings } = parseConfig({ segmentation: { license: 'aca_ABC' } });
  const input = { volume: image(), where: '1.2', cores: 2, signal: new AbortController().signal, log: silentLog };
  const model = { task: 'tissue_types', command: COMMAND, version: '2.99.0', settings };
  await assert.rejects(runTotalSegmentator(model, input), (error) => failureOf(error).code === 'SEGMENTATION_LICENSE');
  assert.equal(existsSync(LOG), false);
});

test('every failure is an error with a remedy', async () => {
  const cases: [mode: string, type: unknown, code: string][] = [
    ['silent', UnusableResult, 'SEGMENTATION_UNUSABLE'],
    ['empty', UnusableResult, 'SEGMENTATION_UNUSABLE'],
    ['cut', UnusableResult, 'SEGMENTATION_UNUSABLE'],
    ['elsewhere', UnusableResult, 'SEGMENTATION_UNUSABLE'],
    ['nameless', UnusableResult, 'SEGMENTATION_UNUSABLE'],
    ['killed', OutOfMemory, 'SEGMENTATION_MEMORY'],
    ['license', Error, 'SEGMENTATION_LICENSE'],
    ['weights', Error, 'SEGMENTATION_NO_WEIGHTS'],
    ['read_only', Error, 'SEGMENTATION_NO_WEIGHTS'],
    ['silent_server', Error, 'SEGMENTATION_NO_WEIGHTS'],
    ['disk', Error, 'SEGMENTATION_DISK_FULL'],
  ];
  for (const [mode, type, code] of cases) {
    await assert.rejects(run({}, mode), (error) => {
      assert.ok(error instanceof (type as typeof Error), `${mode}: ${error}`);
      assert.equal(failureOf(error).code, code, mode);
      return true;
    });
  }
});

test('requested classes are looked up in the task first, and a result that lacks one is refused', async () => {
  const {
    labelMaps: [labelMap],
  } = await run({ roi_subset: ['brighter', 'rib_left_1'] });
  assert.deepEqual(labelMap.labels, [{ value: 2, name: 'brighter' }]);
  const refused = (message: RegExp) => (error: Error) => error instanceof UnusableResult && message.test(error.message);
  await assert.rejects(run({ roi_subset: ['rib_left_1'] }), refused(/none of the classes rib_left_1/));
  await assert.rejects(run({ roi_subset: ['bright', 'brighter'] }, 'short'), refused(/lacks bright/));
});

test('a program past its time limit ends with all its child processes', async () => {
  await assert.rejects(run({ timeout: 1.5 }, 'hangs'), TimedOut);
  const child = calls().find((call) => call.child)?.child as number;
  assert.ok(child > 0);
  // The signal is sent; the kernel ends the process when it comes to it.
  for (const end = Date.now() + 10_000; isRunning(child) && Date.now() < end; ) await turns(1);
  assert.equal(isRunning(child), false);
});

/** A process that has ended may wait for its parent to take note. */
function isRunning(pid: number): boolean {
  const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : ' Z ';
  return !/ [ZX] /.test(stat);
}

test('results of a separately licensed task say so', async () => {
  process.env.FAKE_SEGMENTER = 'well';
  const { segmentation: settings } = parseConfig({ segmentation: { license: 'aca_ABCDEFGHIJKLMN' } });
  const input = { volume: image(), where: '1.2', cores: 2, signal: new AbortController().signal, log: silentLog };
  const model = { task: 'heartchambers_highres', command: COMMAND, version: '2.99.0', settings };
  const { findings } = await runTotalSegmentator(model, input);
  assert.deepEqual(
    findings.map(({ code }) => code),
    ['SEGMENTED_UNDER_LICENCE'],
  );
});

test('the version comes from the program, or is unknown', async () => {
  const { signal } = new AbortController();
  assert.equal(await totalSegmentatorVersion(COMMAND, signal), '2.99.0');
  assert.equal(await totalSegmentatorVersion('/bin/false', signal), 'unknown');
});
