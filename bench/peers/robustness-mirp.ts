/**
 * Whether features are called robust alike by our values and by those of MIRP, of the same noisy images and perturbed masks:
 * `npm run peers:mirp`. The tumour of a public CT is cut into eight parts that stand for eight patients. Features are matched
 * by their IBSI codes. Fails when fewer than 95 % of the labels agree.
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { execa } from 'execa';
import { parseConfig } from '../../lib/config.ts';
import type { Mask, Volume } from '../../lib/image/grid.ts';
import { cropMask, fullMaskData, maskOfVolume } from '../../lib/image/mask.ts';
import { readNifti } from '../../lib/nifti/read-nifti.ts';
import { writeNifti } from '../../lib/nifti/write-nifti.ts';
import { FEATURES } from '../../lib/radiomics/ibsi/catalogue.ts';
import { extractFeatures } from '../../lib/radiomics/pyradiomics/extract.ts';
import { MEANINGS } from '../../lib/radiomics/pyradiomics/feature-meanings.ts';
import { parseRadiomicsSettings } from '../../lib/radiomics/settings/settings.ts';
import { addNoise } from '../../lib/robustness/noise.ts';
import { perturbedMasks } from '../../lib/robustness/perturb-mask.ts';
import { contourReachMm, perturbationGrid } from '../../lib/robustness/perturbation-grid.ts';
import { structureField } from '../../lib/robustness/structure-field.ts';
import { type Subject, summariseFeature } from '../../lib/robustness/summarise.ts';
import { absent, sharedPath } from '../../test/fixtures/shared.ts';
import { pythonWith } from './python-venv.ts';

const BIN_WIDTH = 25;
/** Part of the features whose labels must agree. */
const AGREEMENT = 0.95;
/** ICCs this close are called the same; of the others this many are listed. */
const NEAR_ICC = 0.01;
const FARTHEST = 10;
const SETTINGS = parseRadiomicsSettings({
  setting: { binWidth: BIN_WIDTH, additionalInfo: false },
  imageType: { Original: {} },
  featureClass: { firstorder: [], glcm: [], glrlm: [], glszm: [], gldm: [], ngtdm: [] },
});
/** Noise, shifts, a contour and a smaller volume. */
const ROBUSTNESS = parseConfig({
  radiomics_robustness: {
    segmentation_perturbation: {
      intensity: 'standard',
      noise_levels: [0, 20],
      n_random_contour_realizations: 1,
      small_volume_changes: [-0.15, 0],
    },
  },
}).radiomics_robustness;

interface Case {
  subject: string;
  id: string;
  image: string;
  mask: string;
  ours: Record<string, number>;
}

const problem = absent('data/sts-002/nifti');
if (problem) {
  console.error(`!!! ${problem}`);
  process.exitCode = 1;
} else {
  const folder = mkdtempSync(join(tmpdir(), 'peers-mirp-'));
  try {
    await compareLabels(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function compareLabels(folder: string): Promise<void> {
  const cases = perturbedCases(folder);
  const theirs = await featuresByMirp(cases, folder);
  const ourLabels = labels(cases, (n, name) => cases[n].ours[name], Object.keys(cases[0].ours));
  const theirLabels = labels(cases, (n, name) => theirs[n][name], Object.keys(theirs[0]));
  const pairs = matches(Object.keys(theirs[0])).map(({ ours, mirp }) => ({
    name: ours,
    mine: ourLabels.get(ours)!,
    peer: theirLabels.get(mirp)!,
  }));
  const apart = pairs.filter(({ mine, peer }) => mine.label !== peer.label);
  const share = 1 - apart.length / pairs.length;
  const distance = ({ mine, peer }: (typeof pairs)[number]) => Math.abs(mine.icc - peer.icc);
  const near = pairs.filter((one) => distance(one) <= NEAR_ICC).length;
  console.log(
    `MIRP, ${cases.length} extractions: ${pairs.length} features of both, labels of ${(100 * share).toFixed(1)} % agree; ` +
      `ICCs of ${near} differ by at most ${NEAR_ICC}. Farthest apart:`,
  );
  for (const { name, mine, peer } of pairs.toSorted((a, b) => distance(b) - distance(a)).slice(0, FARTHEST))
    console.log(`  ${name}: ICC ${mine.icc.toFixed(3)}; MIRP ${peer.icc.toFixed(3)}`);
  for (const label of ['robust', 'acceptable', 'poor', 'not_evaluable']) {
    const [mine, peer] = (['mine', 'peer'] as const).map(
      (side) => pairs.filter((one) => one[side].label === label).length,
    );
    console.log(`  ${label}: ${mine} by our values, ${peer} by those of MIRP`);
  }
  for (const { name, mine, peer } of apart) console.log(`  ${name}: ${mine.text}; MIRP ${peer.text}`);
  if (!(share >= AGREEMENT)) process.exitCode = 1;
}

async function featuresByMirp(cases: Case[], folder: string): Promise<Case['ours'][]> {
  const jobFile = `${folder}/mirp.json`;
  writeFileSync(jobFile, JSON.stringify({ binWidth: BIN_WIDTH, cases }));
  const python = await pythonWith('mirp', ['mirp==2.7.0', 'pandas']);
  const script = new URL('./robustness_mirp.py', import.meta.url).pathname;
  const env = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
  const { stdout } = await execa(python, [script, jobFile], { env });
  return JSON.parse(stdout.slice(stdout.indexOf('RESULT') + 'RESULT'.length)).features;
}

function perturbedCases(folder: string): Case[] {
  const [image, labelMap] = ['CT_image', 'CT_mask'].map((file) =>
    readNifti(gunzipSync(readFileSync(sharedPath(`data/sts-002/nifti/${file}.nii.gz`)!))),
  );
  const settings = ROBUSTNESS.segmentation_perturbation;
  const grid = perturbationGrid(settings);
  const parts = octants(maskOfVolume(labelMap.grid, labelMap.data));
  const noisy = new Map(settings.noise_levels.map((level) => [level, addNoise(image, level)]));
  const files = new Map([...noisy].map(([level, volume]) => [level, write(`${folder}/noise-${level}`, volume)]));
  return parts.flatMap((part, n) => {
    const made = perturbedMasks(structureField(part, grid, settings), grid, {
      reachMm: contourReachMm(settings),
      seed: n,
    });
    return grid.flatMap(({ id, noiseHu }, at): Case[] => {
      const one = made[at];
      if ('status' in one) return [];
      const mask = write(`${folder}/part-${n}-${id}`, { grid: one.mask.grid, data: fullMaskData(one.mask) });
      const { values } = extractFeatures(noisy.get(noiseHu)!, one.mask, SETTINGS);
      return [{ subject: `part ${n}`, id, image: files.get(noiseHu)!, mask, ours: values }];
    });
  });
}

/** A mask cut by the planes through the middle of its box. */
function octants(mask: Mask): Mask[] {
  const { grid, box, data } = cropMask(mask);
  const [nx, ny] = box.size;
  const middle = box.size.map((n) => n >> 1);
  const halfOf = (index: number, axis: number) => (index < middle[axis] ? 0 : 1);
  return Array.from({ length: 8 }, (_, octant) => {
    const part = data.map((inside, v) => {
      const [i, j, k] = [v % nx, Math.floor(v / nx) % ny, Math.floor(v / (nx * ny))];
      return inside === 1 && halfOf(i, 0) + 2 * halfOf(j, 1) + 4 * halfOf(k, 2) === octant ? 1 : 0;
    });
    return cropMask({ grid, box, data: part });
  });
}

interface Label {
  label: string;
  icc: number;
  text: string;
}

function labels(
  cases: Case[],
  cellOf: (at: number, name: string) => number | undefined,
  names: string[],
): Map<string, Label> {
  const subjects = new Map<string, Subject>();
  for (const [n, { subject, id }] of cases.entries()) {
    const one = subjects.get(subject) ?? { courseId: subject, values: new Map() };
    subjects.set(subject, one);
    one.values.set(
      id,
      Float64Array.from(names, (name) => cellOf(n, name) ?? Number.NaN),
    );
  }
  const group = { identity: {}, subjects: [...subjects.values()] };
  const ids = [...new Set(cases.map(({ id }) => id))];
  return new Map(
    names.map((name, feature) => {
      const row = summariseFeature(group, feature, { kind: 'all', ids }, ROBUSTNESS);
      const text = `${row.robustness_label} (ICC ${Number(row.icc).toFixed(3)}, from ${Number(row.icc_ci95_low).toFixed(3)})`;
      return [name, { label: String(row.robustness_label), icc: Number(row.icc), text }];
    }),
  );
}

/** A column of MIRP has the manual's tag and then how it is counted; the longest tag that fits is its own. */
function matches(columns: string[]): { ours: string; mirp: string }[] {
  const codeOf = (column: string) =>
    FEATURES.filter(({ tag }) => column === tag || column.startsWith(`${tag}_`)).toSorted(
      (a, b) => b.tag.length - a.tag.length,
    )[0]?.code;
  const byCode = new Map(columns.map((column) => [codeOf(column), column]));
  return Object.entries(MEANINGS).flatMap(([family, features]) =>
    Object.entries(features).flatMap(([feature, { ibsi }]) => {
      const [ours, mirp] = [`original_${family}_${feature}`, byCode.get(ibsi)];
      return ibsi !== '' && mirp !== undefined && isComputed(family, feature) ? [{ ours, mirp }] : [];
    }),
  );
}

function isComputed(family: string, feature: string): boolean {
  return SETTINGS.featureClasses.some(({ name, features }) => name === family && features.includes(feature));
}

function write(path: string, volume: Volume): string {
  writeFileSync(`${path}.nii`, writeNifti(volume, false));
  return `${path}.nii`;
}
