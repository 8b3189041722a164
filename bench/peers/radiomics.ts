/**
 * Our features beside those of PyRadiomics, on the same files in one run: `npm run peers:radiomics [-- seed | speed]`.
 * Agreement on fresh random phantoms and on all sample data; speed by CPU time, one thread each; peak memory. Then
 * textures beside Pictologics. `speed` leaves the agreement out.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { describeError } from '../../lib/errors.ts';
import type { Mask, Volume } from '../../lib/image/grid.ts';
import { fullMaskData } from '../../lib/image/mask.ts';
import { writeNifti } from '../../lib/nifti/write-nifti.ts';
import { ballCase, type RadiomicsCase, randomCases, sampleCases, tumourCase } from '../radiomics-cases.ts';
import { writeNrrd } from '../write-nrrd.ts';
import { comparePictologics } from './pictologics.ts';
import { pythonWithPyRadiomics } from './pyradiomics.ts';
import { comparison, type Results } from './radiomics-comparison.ts';

const RANDOM_CASES = 40;
/** Ours is compiled while it runs, and has its speed after some regions: the first time is printed beside the median. */
const REPEATS = { ours: 7, theirs: 3 };

const onlySpeed = process.argv[2] === 'speed';
const seed = onlySpeed ? 0 : Number(process.argv[2] ?? Math.floor(Date.now() / 1000));
const folder = mkdtempSync(join(tmpdir(), 'peers-radiomics-'));
try {
  await loudly('PyRadiomics', async () => {
    const python = await pythonWithPyRadiomics();
    if (!onlySpeed) await compareValues(python);
    for (const one of [ballCase(60), ...tumourCase(), ballCase(1500)]) await compareSpeed(python, one);
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

async function compareValues(python: string): Promise<void> {
  const samples = sampleCases();
  const cases = [...randomCases(RANDOM_CASES, seed), ...samples];
  if (samples.length === 0)
    console.error('!!! The public images are absent (npm run test:data): random phantoms only.');
  const { ours, theirs } = await runBoth(python, cases, { ours: 1, theirs: 1 });
  console.log(`random seed ${seed}; ${JSON.stringify(theirs.versions)}`);
  const { lines, failed } = comparison(cases, ours.results, theirs.results);
  console.log(lines.join('\n'));
  if (failed) process.exitCode = 1;
}

async function compareSpeed(python: string, one: RadiomicsCase): Promise<void> {
  const { ours, theirs } = await runBoth(python, [one], REPEATS);
  const [mine, peer] = [ours.results[0].seconds, theirs.results[0].seconds];
  const median = (seconds: number[]) => seconds.toSorted((a, b) => a - b)[seconds.length >> 1];
  const features = Object.keys(ours.results[0].values).length;
  console.log(
    `\n${one.name}, ${features} features, CPU time: PyRadiomics ${median(peer).toFixed(2)} s, ours ${median(mine).toFixed(2)} s ` +
      `(first ${mine[0].toFixed(2)} s): ${(median(peer) / median(mine)).toFixed(1)} times faster, ` +
      `${(peer[0] / mine[0]).toFixed(1)} times the first time; ` +
      `peak memory ${ours.peakMiB.toFixed(0)} against ${theirs.peakMiB.toFixed(0)} MiB`,
  );
  console.log(comparison([one], ours.results, theirs.results).lines.join('\n'));
}

async function runBoth(
  python: string,
  cases: RadiomicsCase[],
  repeats: { ours: number; theirs: number },
): Promise<{ ours: Results; theirs: Results }> {
  const jobs = cases.map(({ name, image, mask, params }, n) => {
    const files = [image, volumeOf(mask)].map((volume, i) => writeVolume(join(folder, `${n}-${i}`), volume));
    return { name, image: files[0], mask: files[1], params };
  });
  const jobFile = (who: 'ours' | 'theirs') => {
    const file = join(folder, `${who}.json`);
    writeFileSync(file, JSON.stringify(jobs.map((job) => ({ ...job, repeats: repeats[who] }))));
    return file;
  };
  const env = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
  const scripts = ['./radiomics_features.py', '../radiomics-ours.ts'].map(
    (path) => new URL(path, import.meta.url).pathname,
  );
  const theirs = await execa(python, [scripts[0], jobFile('theirs')], { env });
  const ours = await execa(process.execPath, [scripts[1], jobFile('ours')], { env });
  return {
    ours: JSON.parse(ours.stdout),
    theirs: JSON.parse(theirs.stdout.slice(theirs.stdout.indexOf('{"versions"'))),
  };
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
