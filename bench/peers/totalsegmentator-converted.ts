/**
 * Tasks of TotalSegmentator, converted by `models add` and run without Python, beside the real program (PyPI, CPU) with the
 * same random weights on the same image: `npm run peers:totalsegmentator-converted [task ...]`. The same label is asked for
 * in 99.9 % of the voxels. Seconds and peak memory are of whole processes, start and model included. `whole:<task>` takes
 * networks of the size that nnU-Net plans by default; `<task> --roi_subset <class>,<class>` asks for these classes alone.
 */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describeError } from '../../lib/errors.ts';
import type { Volume } from '../../lib/image/grid.ts';
import { readNifti } from '../../lib/nifti/read-nifti.ts';
import { writeNifti } from '../../lib/nifti/write-nifti.ts';
import { paint } from '../../lib/phantom/paint.ts';
import { axialGrid } from '../../lib/phantom/scene.ts';
import { thorax } from '../../lib/phantom/thorax.ts';
import { addTask } from '../../lib/segmentation/conversion/add-task.ts';
import { convertedName } from '../../lib/segmentation/total-segmentator/converted-tasks.ts';
import { pythonWith } from './python-venv.ts';

const PACKAGES = ['TotalSegmentator==2.18.0', 'nnunetv2==2.8.1', 'onnx'];
const LEAST_AGREEMENT = 0.999;
/** Spacing of most tasks. */
const USUAL_MM = 1.5;
/** One of each kind: one network, five, cleaning, a crop, a quick and a robust one, chains of crops, networks in parts, MR. */
const TASKS = [
  ...['total --fast', 'total', 'body', 'body --fast', 'total_mr', 'total_mr --fast', 'lung_vessels', 'liver_vessels'],
  ...['kidney_cysts', 'headneck_muscles', 'abdominal_muscles', 'teeth', 'pleural_pericard_effusion', 'hip_implant'],
  ...['liver_segments_mr', 'vertebrae_mr', 'trunk_cavities'],
  ...['total --roi_subset spleen', 'total_mr --fast --roi_subset liver'],
];

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const asked = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'peers-totalsegmentator-converted-'));
try {
  const python = process.env.RTPIPELINE_PEER_PYTHON ?? (await pythonWith('totalsegmentator', PACKAGES));
  for (const task of asked.length > 0 ? asked : TASKS) await compare(task, python);
} catch (error) {
  console.error(`\n!!! THE PEER DID NOT RUN: ${describeError(error)}\n!!! Not all was compared.\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}

/** Of what describe_totalsegmentator.py says. */
interface Described {
  steps: { spacing_mm: number[] | null }[];
}

interface Run {
  asked: string;
  task: string;
  fast: boolean;
  /** Classes that are asked for; none: all. */
  subset: string[];
  isWhole: boolean;
  work: string;
  weights: string;
}

async function compare(asked: string, python: string): Promise<void> {
  const run = prepared(asked);
  const { task, fast, subset, work, weights } = run;
  await makeWeights(python, run);
  const { signal } = new AbortController();
  await addTask(weights, task, { weights, fast, hasLicence: false, python, activate: null, signal });
  writeFileSync(join(work, 'image.nii.gz'), writeNifti(image(run), true));
  const theirs = await timed(python, [here('./totalsegmentator_program.py'), ...program(run)], run);
  const ours = await timed(process.execPath, [here('./totalsegmentator-ours.ts'), task, String(fast), ...subset], run);
  const found = readNifti(readFileSync(join(work, 'program.nii.gz'))).data;
  const own = readNifti(readFileSync(join(work, 'ours.nii.gz'))).data;
  let same = 0;
  for (let v = 0; v < own.length; v++) if (own[v] === found[v]) same++;
  const part = same / own.length;
  const labels = new Set(found);
  labels.delete(0);
  console.log(
    `${asked} (${convertedName(task, fast)}): ${(100 * part).toFixed(4)} % of ${own.length} voxels alike, ${labels.size} labels; program ${told(theirs)}, without Python ${told(ours)}`,
  );
  if (part < LEAST_AGREEMENT || found.length !== own.length) fail(`${asked}: less than ${100 * LEAST_AGREEMENT} %`);
  if (labels.size === 0) fail(`${asked}: the program found nothing, so nothing was compared`);
  rmSync(work, { recursive: true });
}

function prepared(asked: string): Run {
  const isWhole = asked.startsWith('whole:');
  const [task, ...flags] = asked.replace('whole:', '').split(' ');
  const fast = flags.includes('--fast');
  const subset = flags.includes('--roi_subset') ? flags[flags.length - 1].split(',') : [];
  const work = join(folder, asked.replace(/\W+/g, '-'));
  const weights = join(work, 'weights');
  mkdirSync(weights, { recursive: true });
  return { asked, task, fast, subset, isWhole, work, weights };
}

async function makeWeights(python: string, { task, fast, subset, isWhole, work, weights }: Run): Promise<void> {
  const describe = here('../../lib/segmentation/conversion/describe_totalsegmentator.py');
  await execa(python, [describe, work, task, fast ? 'fast' : 'normal']);
  const plans = here('../../models/phantom/plans.json');
  const args = [here('./totalsegmentator_task.py'), join(work, 'task.json'), plans, weights];
  await execa(python, [...args, isWhole ? 'whole' : 'small', ...subset]);
}

function program({ task, fast, subset }: Run): string[] {
  return [
    ...['-i', 'image.nii.gz', '-o', 'program.nii.gz', '--ml', '--task', task, '--device', 'cpu'],
    ...['--nr_thr_resamp', '2', '--nr_thr_saving', '1'],
    ...(fast ? ['--fast'] : []),
    ...(subset.length > 0 ? ['--roi_subset', ...subset] : []),
  ];
}

interface Cost {
  seconds: number;
  /** Of all threads together: a busy machine hardly changes them. */
  cpuSeconds: number;
  peakMiB: number;
}

/** Runs a program with all its children under GNU time. */
async function timed(command: string, args: string[], { work: cwd, weights }: Run): Promise<Cost> {
  const env = { TOTALSEG_WEIGHTS_PATH: weights, TOTALSEG_HOME_DIR: join(cwd, 'home') };
  mkdirSync(env.TOTALSEG_HOME_DIR, { recursive: true });
  const config = { totalseg_id: 'totalseg_none', send_usage_stats: false, statistics_disclaimer_shown: true };
  writeFileSync(join(env.TOTALSEG_HOME_DIR, 'config.json'), JSON.stringify({ ...config, prediction_counter: 0 }));
  const log = join(cwd, 'time.txt');
  await execa('/usr/bin/time', ['-f', '%e %M %U %S', '-o', log, command, ...args], { cwd, env });
  const [seconds, kib, user, system] = readFileSync(log, 'utf8').trim().split(' ').map(Number);
  return { seconds, cpuSeconds: user + system, peakMiB: kib / 1024 };
}

function told({ seconds, cpuSeconds, peakMiB }: Cost): string {
  return `${seconds.toFixed(1)} s (${cpuSeconds.toFixed(1)} s of the processor) and ${peakMiB.toFixed(0)} MiB`;
}

/**
 * A part of a chest: voxels longer than wide, an odd number of slices; smaller ones for tasks of fine spacing. Networks of
 * full size get two windows that overlap.
 */
function image({ isWhole, work }: Run): Volume<Int16Array> {
  const { steps } = JSON.parse(readFileSync(join(work, 'task.json'), 'utf8')) as Described;
  const lastMm = steps.at(-1)?.spacing_mm?.[0] ?? USUAL_MM;
  const finestMm = Math.min(USUAL_MM, ...steps.flatMap(({ spacing_mm }) => spacing_mm ?? []));
  const fine = (mm: number) => (mm * finestMm) / USUAL_MM;
  const grid = isWhole
    ? axialGrid([160, 130, 111], [0.7 * lastMm, 0.7 * lastMm, 1.3 * lastMm])
    : axialGrid([62, 50, 31], [fine(4.3), fine(4.7), fine(5)]);
  return { grid, data: paint(grid, -1000, thorax([70, 0, 10], 14).tissues, 5) };
}

function fail(line: string): void {
  console.error(`!!! ${line}`);
  process.exitCode = 1;
}
