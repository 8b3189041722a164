/**
 * The real TotalSegmentator (PyPI, CPU) with small random weights: `npm run peers:totalsegmentator`. Shows that its
 * flags, files, label tables and failures are what we take them for; what it finds means nothing.
 */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { parseConfig } from '../../lib/config.ts';
import { describeError } from '../../lib/errors.ts';
import type { Volume } from '../../lib/image/grid.ts';
import { silentLog } from '../../lib/log.ts';
import { paint } from '../../lib/phantom/paint.ts';
import { pelvis } from '../../lib/phantom/pelvis.ts';
import { axialGrid } from '../../lib/phantom/scene.ts';
import { failureOf } from '../../lib/segmentation/failure.ts';
import { countLabels } from '../../lib/segmentation/label-map.ts';
import { totalSegmentatorVersion } from '../../lib/segmentation/total-segmentator/program-facts.ts';
import { runTotalSegmentator } from '../../lib/segmentation/total-segmentator/total-segmentator.ts';
import { pythonWith } from './python-venv.ts';

const PACKAGES = ['TotalSegmentator==2.18.0', 'nnunetv2==2.8.1'];

interface Case {
  name: string;
  task: string;
  settings: object;
  slices?: number;
  /** Number of classes in the table of the result, or the code of the failure. */
  expected: number | string;
}

const SHORT = { device: 'cpu', force_split: false };
const CASES: Case[] = [
  { name: 'CT, 3 mm', task: 'total', settings: { ...SHORT, fast: true }, expected: 117 },
  { name: 'CT, 1.5 mm, five models', task: 'total', settings: SHORT, expected: 117 },
  {
    name: 'CT, 1.5 mm, split',
    task: 'total',
    settings: { device: 'cpu', force_split: true },
    slices: 37,
    expected: 117,
  },
  { name: 'MR, 3 mm', task: 'total_mr', settings: { ...SHORT, fast: true }, expected: 50 },
  {
    name: 'some classes',
    task: 'total',
    settings: { ...SHORT, fast: true, roi_subset: ['liver', 'urinary_bladder'] },
    expected: 2,
  },
  {
    name: 'classes that MR does not have',
    task: 'total_mr',
    settings: { ...SHORT, fast: true, roi_subset: ['rib_left_1'] },
    expected: 'SEGMENTATION_UNUSABLE',
  },
  { name: 'another task', task: 'lung_vessels_LEGACY', settings: SHORT, expected: 2 },
  { name: 'a task that needs a licence', task: 'face', settings: SHORT, expected: 'SEGMENTATION_LICENSE' },
  { name: 'a task without weights', task: 'body', settings: SHORT, expected: 'SEGMENTATION_NO_WEIGHTS' },
  { name: 'no time', task: 'total', settings: { ...SHORT, timeout: 2 }, expected: 'SEGMENTATION_TIMED_OUT' },
];

const folder = mkdtempSync(join(tmpdir(), 'peers-totalsegmentator-'));
const weights = join(folder, 'weights');
process.env.TOTALSEG_HOME_DIR = join(folder, 'home');
let failed = 0;
try {
  const python = process.env.RTPIPELINE_PEER_PYTHON ?? (await pythonWith('totalsegmentator', PACKAGES));
  const command = join(python, '..', 'TotalSegmentator');
  mkdirSync(weights);
  const script = fileURLToPath(new URL('./totalsegmentator_weights.py', import.meta.url));
  await execa(python, [script, fileURLToPath(new URL('../../models/phantom/plans.json', import.meta.url)), weights]);
  const version = await totalSegmentatorVersion(command, new AbortController().signal);
  console.log(`TotalSegmentator ${version}`);
  for (const one of CASES) await check(one, command, version);
  if (failed > 0) process.exitCode = 1;
} catch (error) {
  console.error(`\n!!! THE PEER DID NOT RUN: ${describeError(error)}\n!!! Nothing was compared.\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}

async function check({ name, task, settings, slices = 14, expected }: Case, command: string, version: string) {
  const { segmentation } = parseConfig({ segmentation: { weights, ...settings } });
  const model = { task, command, version, settings: segmentation };
  const input = {
    volume: image(slices),
    where: '',
    cores: 1,
    signal: new AbortController().signal,
    log: silentLog,
  };
  const started = performance.now();
  const outcome = await runTotalSegmentator(model, input).then(
    ({ labelMaps: [{ volume, labels }] }) => ({ got: labels.length, found: countLabels(volume.data).size, why: '' }),
    (error) => ({ got: failureOf(error).code, found: 0, why: failureOf(error).reason }),
  );
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const verdict = outcome.got === expected ? 'as expected' : `!!! expected ${expected}: ${outcome.why}`;
  if (outcome.got !== expected) failed++;
  console.log(`${name}: ${outcome.got} (${outcome.found} with voxels), ${seconds} s, ${verdict}`);
}

function image(slices: number): Volume<Int16Array> {
  const grid = axialGrid([24, 20, slices], [4, 4, 5]);
  return { grid, data: paint(grid, -1000, pelvis().tissues, 3) };
}
