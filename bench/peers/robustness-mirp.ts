/**
 * Whether features are called robust alike by our values and by those of MIRP, of the same noisy images and perturbed masks:
 * `npm run peers:mirp`. Balls at different places of a public CT, in fat, muscle and bone, stand for patients.
 * Features are matched by their IBSI codes. MIRP numbers grey levels as PyRadiomics does, from the region's lowest, and as
 * the IBSI does, from the lowest value of a CT. Fails when fewer than 95 % of the labels agree with the first.
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { execa } from 'execa';
import { parseConfig } from '../../lib/config.ts';
import type { Mask, Volume } from '../../lib/image/grid.ts';
import { fullMaskData } from '../../lib/image/mask.ts';
import { addScaled, type Vec3 } from '../../lib/math/vec3.ts';
import { readNifti } from '../../lib/nifti/read-nifti.ts';
import { writeNifti } from '../../lib/nifti/write-nifti.ts';
import { FEATURES } from '../../lib/radiomics/ibsi/catalogue.ts';
import { extractFeatures } from '../../lib/radiomics/pyradiomics/extract.ts';
import { MEANINGS } from '../../lib/radiomics/pyradiomics/feature-meanings.ts';
import { roiOf, valuesOf } from '../../lib/radiomics/region/roi.ts';
import { parseRadiomicsSettings } from '../../lib/radiomics/settings/settings.ts';
import { perturbationsByKind, strengthsOf } from '../../lib/robustness/kinds.ts';
import { addNoise } from '../../lib/robustness/noise.ts';
import { perturbedMasks } from '../../lib/robustness/perturb-mask.ts';
import { contourReachMm, perturbationGrid } from '../../lib/robustness/perturbation-grid.ts';
import { structureField } from '../../lib/robustness/structure-field.ts';
import { type Subject, summariseFeature } from '../../lib/robustness/summarise.ts';
import { ball } from '../../test/fixtures/masks.ts';
import { absent, sharedPath } from '../../test/fixtures/shared.ts';
import { pythonWith } from './python-venv.ts';

const BIN_WIDTH = 25;
/** Part of the labels that must agree. */
const AGREEMENT = 0.95;
/** The names that MIRP gives to levels from the region's lowest value, and to those from the lowest of a CT. */
const SAME_LEVELS = '_fbsp_';
const IBSI_LEVELS = '_fbs_';
/** Balls of these radii by turns, on every fourth place of a lattice where all of the ball is in the body. */
const RADII_MM = [9, 12];
const LATTICE_MM = 28;
const MARGIN_MM = 18;
const EVERY_PLACE = 4;
const LEAST_HU = -250;
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
const GRID = perturbationGrid(ROBUSTNESS.segmentation_perturbation);

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
  const columns = [...new Set(theirs.flatMap((one) => Object.keys(one)))];
  console.log(
    `${new Set(cases.map(({ subject }) => subject)).size} subjects, ${cases.length} extractions of each program`,
  );
  const share = compare('levels from the lowest of the region, as here', SAME_LEVELS);
  compare('levels from -1000 HU, as in the IBSI', IBSI_LEVELS);
  if (!(share >= AGREEMENT)) process.exitCode = 1;

  function compare(how: string, levels: string): number {
    const pairs = matches(columns.filter((column) => !column.includes('_fbs') || column.includes(levels)));
    const [mine, peers] = [
      labels(cases, (n, { ours }) => cases[n].ours[ours], pairs),
      labels(cases, (n, { mirp }) => theirs[n][mirp], pairs),
    ];
    const apart = mine.filter((one, n) => one.label !== peers[n].label);
    const agreeing = 1 - apart.length / mine.length;
    const far = mine.map(({ icc }, n) => Math.abs(icc - peers[n].icc)).filter(Number.isFinite);
    console.log(
      `MIRP, ${how}: ${pairs.length} features, ${mine.length} labels, ${(100 * agreeing).toFixed(1)} % agree; ` +
        `ICCs differ by ${Math.max(...far).toExponential(1)} at most`,
    );
    for (const label of ['robust', 'acceptable', 'poor', 'not_evaluable']) {
      const [here, there] = [mine, peers].map((side) => side.filter((one) => one.label === label).length);
      console.log(`  ${label}: ${here} by our values, ${there} by those of MIRP`);
    }
    for (const [n, one] of mine.entries())
      if (one.label !== peers[n].label) console.log(`  ${one.name}: ${one.text}; MIRP ${peers[n].text}`);
    return agreeing;
  }
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
  const image = ctImage();
  const settings = ROBUSTNESS.segmentation_perturbation;
  const noisy = new Map(settings.noise_levels.map((level) => [level, addNoise(image, level)]));
  const files = new Map([...noisy].map(([level, volume]) => [level, write(`${folder}/noise-${level}`, volume)]));
  return ballsInBody(image).flatMap((mask, n) => {
    const made = perturbedMasks(structureField(mask, GRID, settings), GRID, {
      reachMm: contourReachMm(settings),
      seed: n,
    });
    return GRID.flatMap(({ id, noiseHu }, at): Case[] => {
      const one = made[at];
      if ('status' in one) return [];
      const file = write(`${folder}/ball-${n}-${id}`, { grid: one.mask.grid, data: fullMaskData(one.mask) });
      const { values } = extractFeatures(noisy.get(noiseHu)!, one.mask, SETTINGS);
      return [{ subject: `ball ${n}`, id, image: files.get(noiseHu)!, mask: file, ours: values }];
    });
  });
}

/** Whole HU in whole numbers, as a scanner gives them: with noise they are rounded, as MIRP rounds every CT. */
function ctImage(): Volume {
  const { grid, data } = readNifti(gunzipSync(readFileSync(sharedPath('data/sts-002/nifti/CT_image.nii.gz')!)));
  return { grid, data: Int16Array.from(data) };
}

function ballsInBody(image: Volume): Mask[] {
  const { grid } = image;
  const largest = Math.max(...RADII_MM);
  const inBody: Vec3[] = [];
  const [x, y, z] = grid.size.map((n, axis) => placesAlong(n * grid.spacingMm[axis]));
  for (const k of z)
    for (const j of y)
      for (const i of x) {
        const centre = addScaled(grid.originMm, 1, [i, j, k]);
        const values = valuesOf(roiOf(ball(grid, centre, largest), 0), image.data);
        if (values.every((hu) => hu >= LEAST_HU)) inBody.push(centre);
      }
  return inBody
    .filter((_, n) => n % EVERY_PLACE === 0)
    .map((centre, n) => ball(grid, centre, RADII_MM[n % RADII_MM.length]));
}

function placesAlong(lengthMm: number): number[] {
  const count = Math.floor((lengthMm - 2 * MARGIN_MM) / LATTICE_MM) + 1;
  return Array.from({ length: count }, (_, n) => MARGIN_MM + n * LATTICE_MM);
}

interface Label {
  name: string;
  label: string;
  icc: number;
  text: string;
}

/** Of every feature and kind of perturbation. */
function labels(cases: Case[], cellOf: (at: number, pair: Pair) => number | undefined, pairs: Pair[]): Label[] {
  const subjects = new Map<string, Subject>();
  for (const [n, { subject, id }] of cases.entries()) {
    const one = subjects.get(subject) ?? { courseId: subject, values: new Map() };
    subjects.set(subject, one);
    one.values.set(
      id,
      Float64Array.from(pairs, (pair) => cellOf(n, pair) ?? Number.NaN),
    );
  }
  const group = { identity: {}, subjects: [...subjects.values()] };
  return [...perturbationsByKind(new Map(GRID.map((one) => [one.id, strengthsOf(one)])))].flatMap(([kind, ids]) =>
    pairs.map(({ ours }, feature) => {
      const row = summariseFeature(group, feature, { kind, ids }, ROBUSTNESS);
      const [label, icc, low] = [String(row.robustness_label), Number(row.icc), Number(row.icc_ci95_low)];
      return { name: `${kind} ${ours}`, label, icc, text: `${label} (ICC ${icc.toFixed(3)}, from ${low.toFixed(3)})` };
    }),
  );
}

interface Pair {
  ours: string;
  mirp: string;
}

/** A column of MIRP has the manual's tag and then how it is counted; the longest tag that fits is its own. */
function matches(columns: string[]): Pair[] {
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
