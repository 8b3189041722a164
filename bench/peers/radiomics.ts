/**
 * Our features beside those of PyRadiomics, flash-radiomics and Nyxus, on the same files in one run:
 * `npm run peers:radiomics [-- seed | speed]`. Agreement on fresh random phantoms and on all sample data; speed by CPU time,
 * one thread each, the best of three of all; peak memory. Then textures beside Pictologics. `speed` leaves the agreement
 * out.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { describeError } from '../../lib/errors.ts';
import type { Mask, Volume } from '../../lib/image/grid.ts';
import { fullMaskData } from '../../lib/image/mask.ts';
import { writeNifti } from '../../lib/nifti/write-nifti.ts';
import { COMPILE_CACHE } from '../../statemachine/local/compile-cache.ts';
import { ballCase, levelsOf, originalOf, type RadiomicsCase, randomCases, sampleCases } from '../radiomics-cases.ts';
import { writeNrrd } from '../write-nrrd.ts';
import { comparePictologics } from './pictologics.ts';
import { pythonWithPyRadiomics } from './pyradiomics.ts';
import { comparison, type Results } from './radiomics-comparison.ts';
import { pythonWithFlashRadiomics, pythonWithNyxus } from './radiomics-peers.ts';

const RANDOM_CASES = 40;
/** About as many grey levels as images have by default. */
const NYXUS_BIN_WIDTH = 25;

/** A program that a process of its own runs on a file of jobs. */
interface Program {
  name: string;
  command: string[];
  /** Runs in one process that warm it up: ours is compiled while it runs. */
  warmUp: number;
}

/** The best of so many processes, and of so many warm runs in one. */
const TIMES = 3;
const OURS: Program = { name: 'ours', command: [process.execPath, pathOf('../radiomics-ours.ts')], warmUp: 6 };
/** Ours with the compile cache that jobs have. */
const ENV = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', NODE_COMPILE_CACHE: COMPILE_CACHE };

const onlySpeed = process.argv[2] === 'speed';
const seed = onlySpeed ? 0 : Number(process.argv[2] ?? Math.floor(Date.now() / 1000));
const peers: Program[] = [];
const folder = mkdtempSync(join(tmpdir(), 'peers-radiomics-'));
try {
  await loudly('PyRadiomics', async () => {
    peers.push(await pyRadiomics());
    if (!onlySpeed) await compareValues(peers[0]);
  });
  await loudly('flash-radiomics', async () => {
    const python = await pythonWithFlashRadiomics();
    peers.push({ name: 'flash-radiomics', command: [python, pathOf('./radiomics_features.py'), 'flash'], warmUp: 1 });
  });
  for (const one of [ballCase(60), originalOf(ballCase(5)), originalOf(ballCase(1500))])
    await loudly(peers.map(({ name }) => name).join(' or '), () => compareSpeed(one, peers));
  await loudly('Nyxus', async () => {
    const python = await pythonWithNyxus();
    const nyxus = { name: 'Nyxus', command: [python, pathOf('./nyxus_features.py')], warmUp: 1 };
    await compareSpeed(levelsOf(ballCase(60), NYXUS_BIN_WIDTH), [...peers, nyxus]);
  });
  await loudly('Pictologics', async () => {
    const { lines, failed } = await comparePictologics(folder);
    console.log(`\n${lines.join('\n')}`);
    if (failed) process.exitCode = 1;
  });
} finally {
  rmSync(folder, { recursive: true });
}

async function loudly(peer: string, compare: () => Promise<void>): Promise<void> {
  try {
    await compare();
  } catch (error) {
    console.error(`\n!!! ${peer} DID NOT RUN TO THE END: ${describeError(error)}\n`);
    process.exitCode = 1;
  }
}

async function pyRadiomics(): Promise<Program> {
  const python = await pythonWithPyRadiomics();
  return { name: 'PyRadiomics', command: [python, pathOf('./radiomics_features.py')], warmUp: 1 };
}

async function compareValues(peer: Program): Promise<void> {
  const samples = sampleCases();
  const cases = [...randomCases(RANDOM_CASES, seed), ...samples];
  if (samples.length === 0)
    console.error('!!! The public images are absent (npm run test:data): random phantoms only.');
  const theirs = await run(peer, cases, { warmUp: 0, repeats: 1 });
  const ours = await run(OURS, cases, { warmUp: 0, repeats: 1 });
  console.log(`random seed ${seed}; ${JSON.stringify(theirs.versions)}`);
  const { lines, failed } = comparison(cases, ours.results, theirs.results);
  console.log(lines.join('\n'));
  if (failed) process.exitCode = 1;
}

/** CPU times, s, and what came out. */
interface Timed {
  name: string;
  warmS: number;
  firstS: number;
  processS: number;
  output: Results;
}

async function compareSpeed(one: RadiomicsCase, programs: Program[]): Promise<void> {
  const ours = await timed(OURS, one);
  const features = Object.keys(ours.output.results[0].values).length;
  console.log(
    `\n${one.name}, ${features} features, seconds of CPU time, best of ${TIMES}: warm, first run, whole process`,
  );
  console.log(lineOf(ours));
  for (const peer of programs) {
    const theirs = await timed(peer, one);
    const ratios = [theirs.warmS / ours.warmS, theirs.firstS / ours.firstS, theirs.processS / ours.processS];
    console.log(`${lineOf(theirs)}: ${ratios.map((ratio) => ratio.toFixed(1)).join(', ')} times as long`);
    const shared = sharedResults(theirs.output, ours.output);
    const { missedNames } = comparison([one], ours.output.results, shared);
    const both = Object.keys(shared[0].values);
    const missed = missedNames.filter((name) => both.includes(name));
    console.log(`    ${missed.length} of ${both.length} shared values differ by more than 1e-6 ${byClass(missed)}`);
  }
}

/** How many of the names belong to each class of features, over all images. */
function byClass(names: string[]): string {
  const classes = Object.groupBy(names, (name) => name.split('_')[1]);
  const counts = Object.entries(classes).map(([name, found]) => `${name} ${found?.length}`);
  return counts.length === 0 ? '' : `(${counts.join(', ')})`;
}

function lineOf({ name, warmS, firstS, processS, output }: Timed): string {
  const times = [warmS, firstS, processS].map((seconds) => seconds.toFixed(2)).join(', ');
  return `  ${name} ${JSON.stringify(output.versions ?? {})}: ${times}; ${output.peakMiB.toFixed(0)} MiB`;
}

/** Features that both have: flash-radiomics adds some of its own. */
function sharedResults(theirs: Results, ours: Results): Results['results'] {
  return theirs.results.map((result, n) => ({
    ...result,
    values: Object.fromEntries(Object.entries(result.values).filter(([name]) => name in ours.results[n].values)),
  }));
}

async function timed(program: Program, one: RadiomicsCase): Promise<Timed> {
  const fresh: Results[] = [];
  for (let n = 0; n < TIMES; n++) fresh.push(await run(program, [one], { warmUp: 0, repeats: 1 }));
  const output = await run(program, [one], { warmUp: program.warmUp, repeats: TIMES });
  return {
    name: program.name,
    warmS: Math.min(...output.results[0].seconds),
    firstS: Math.min(...fresh.map(({ results }) => results[0].seconds[0])),
    processS: Math.min(...fresh.map(({ processS }) => processS)),
    output,
  };
}

async function run(
  { name, command: [file, ...args] }: Program,
  cases: RadiomicsCase[],
  times: { warmUp: number; repeats: number },
): Promise<Results> {
  const jobs = cases.map(({ name, image, mask, params }, n) => {
    const files = [image, volumeOf(mask)].map((volume, i) => writeVolume(join(folder, `${n}-${i}`), volume));
    return { name, image: files[0], mask: files[1], params, ...times };
  });
  const jobFile = join(folder, `${name}.json`);
  writeFileSync(jobFile, JSON.stringify(jobs));
  const [script, ...more] = args;
  const { stdout } = await execa(file, [script, jobFile, ...more], { env: ENV });
  return JSON.parse(stdout.slice(stdout.search(/\{"(versions|results)"/)));
}

function pathOf(path: string): string {
  return new URL(path, import.meta.url).pathname;
}

/** Upright grids as NIfTI; NIfTI rounds the directions of tilted ones, and every reader mends that in a way of its own. */
function writeVolume(stem: string, volume: Volume): string {
  const isTilted = volume.grid.direction.some((part) => !Number.isInteger(part));
  const file = `${stem}.${isTilted ? 'nrrd' : 'nii'}`;
  writeFileSync(file, isTilted ? writeNrrd(volume) : writeNifti(volume, false));
  return file;
}

function volumeOf(mask: Mask): Volume {
  return { grid: mask.grid, data: fullMaskData(mask) };
}
