/**
 * The standard grid of perturbations beside PyRadiomics called once for each perturbed mask, on the same images and masks in
 * one run, one thread each: `npm run peers:robustness`. The peer computes every ninth of the 81; its mean counts 81 times.
 * Ours runs before and after the peer, and its mean counts, so that both meet the same load of other programs.
 * Then intraclass correlations beside Pingouin on random tables.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { seededRandom } from '../../lib/random.ts';
import { intraclassCorrelations } from '../../lib/robustness/intraclass-correlation.ts';
import { absent, sharedPath } from '../../test/fixtures/shared.ts';
import { SPEED_PARAMS } from '../radiomics-cases.ts';
import { pythonWithPyRadiomics } from './pyradiomics.ts';
import { pythonWith } from './python-venv.ts';
import type { Results } from './radiomics-comparison.ts';

const SAMPLE_EVERY = 9;
const TOLERANCE = 1e-6;
const TABLES = 200;
const ICC_TOLERANCE = 1e-9;
/** Original, LoG and wavelet on the grid of the image, and resampled to 1 mm; without diagnostics, which no table has. */
const { resampledPixelSpacing, ...NATIVE } = { ...SPEED_PARAMS.setting, additionalInfo: false };
const IMAGES = { ...SPEED_PARAMS.imageType, LoG: { sigma: [2, 4] } };
const SETTINGS: [string, object][] = [
  ['grid of the image', { ...SPEED_PARAMS, setting: NATIVE, imageType: IMAGES }],
  ['resampled to 1 mm', { ...SPEED_PARAMS, setting: { ...NATIVE, resampledPixelSpacing }, imageType: IMAGES }],
];

const folder = mkdtempSync(join(tmpdir(), 'peers-robustness-'));
try {
  const problem = absent('data/sts-002/nifti');
  if (problem) console.error(`!!! ${problem}`);
  else for (const [name, params] of SETTINGS) await compareSpeed(name, params);
  await compareAgreement();
} finally {
  rmSync(folder, { recursive: true });
}

async function compareSpeed(name: string, params: object): Promise<void> {
  const [image, mask] = ['CT_image', 'CT_mask'].map((file) => sharedPath(`data/sts-002/nifti/${file}.nii.gz`)!);
  const job = { image, mask, params, sampleEvery: SAMPLE_EVERY, folder };
  const script = new URL('../robustness-ours.ts', import.meta.url).pathname;
  const runOurs = async () => JSON.parse((await execa(process.execPath, [script, write('ours', job)])).stdout);
  const ours = await runOurs();
  const python = await pythonWithPyRadiomics();
  const jobs = ours.sampled.map((one: { id: string; image: string; mask: string }) => ({
    ...one,
    name: one.id,
    params,
    repeats: 1,
    warmUp: 0,
  }));
  const peer = new URL('./radiomics_features.py', import.meta.url).pathname;
  const env = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
  const { stdout } = await execa(python, [peer, write('theirs', jobs)], { env });
  const theirs: Results = JSON.parse(stdout.slice(stdout.indexOf('{"versions"')));
  const each = mean(theirs.results.map(({ seconds }) => seconds[0]));
  const after = await runOurs();
  const [masks, images, features] = (['masks', 'images', 'features'] as const).map((part) =>
    mean([ours.seconds[part], after.seconds[part]]),
  );
  const mine = masks + images + features;
  const ratio = (each * ours.count) / mine;
  console.log(
    `${name}: ${ours.count} perturbations, ${Object.keys(ours.sampled[0].values).length} features; ours ${mine.toFixed(1)} s ` +
      `(masks ${masks.toFixed(2)}, images ${images.toFixed(2)}, features ${features.toFixed(2)}); PyRadiomics ${each.toFixed(2)} s each, ` +
      `${(each * ours.count).toFixed(0)} s in all: ${ratio.toFixed(1)} times`,
  );
  let [off, compared, worst] = [0, 0, 0];
  for (const [n, { values }] of theirs.results.entries())
    for (const [feature, value] of Object.entries(values)) {
      const found = ours.sampled[n].values[feature];
      if (value === null || typeof found !== 'number') continue;
      const error = Math.abs(found - value) / Math.max(Math.abs(value), 1e-3);
      compared++;
      worst = Math.max(worst, error);
      if (error > TOLERANCE) off++;
    }
  console.log(
    `  ${compared} values compared, ${off} off by more than ${TOLERANCE}, worst relative difference ${worst.toExponential(1)}`,
  );
}

/** Pingouin rounds its intervals to two digits: beside it stand the formulas that it uses, with SciPy's F distribution. */
async function compareAgreement(): Promise<void> {
  const random = seededRandom(16);
  const tables = Array.from({ length: TABLES }, () => {
    const [n, k] = [3 + Math.floor(30 * random()), 2 + Math.floor(20 * random())];
    const scale = 10 ** (8 * random() - 4);
    return Array.from({ length: n }, () => {
      const mean = 3 * random();
      return Array.from({ length: k }, () => scale * (mean + random()));
    });
  });
  const python = await pythonWith('pingouin', ['pingouin==0.7.0']);
  const script = new URL('./robustness_icc.py', import.meta.url).pathname;
  const peer = JSON.parse((await execa(python, [script, write('tables', tables)])).stdout) as number[][];
  let worst = 0;
  for (const [t, rows] of tables.entries()) {
    const data = Float64Array.from(rows.flat());
    const { icc1, icc2, icc3 } = intraclassCorrelations({ targets: rows.length, measurements: rows[0].length, data });
    const found = [icc1, icc2, icc3].flatMap(({ value, low, high }) => [value, low, high]);
    for (const [n, value] of found.entries()) worst = Math.max(worst, Math.abs(value - peer[t][n]));
  }
  console.log(
    `intraclass correlations and intervals of ${TABLES} random tables: worst difference ${worst.toExponential(1)}`,
  );
  if (!(worst <= ICC_TOLERANCE)) process.exitCode = 1;
}

function write(name: string, content: unknown): string {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(content));
  return file;
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
