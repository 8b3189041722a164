/**
 * One structure under the standard grid of perturbations by the functions that the stage calls, on one thread, as JSON on
 * stdout: `node bench/robustness-ours.ts job.json`. Masks and noisy images of the sampled perturbations are written for the
 * peer. Times are processor times, without reading and writing.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parseConfig } from '../lib/config.ts';
import type { Mask, Volume } from '../lib/image/grid.ts';
import { fullMaskData, maskOfVolume } from '../lib/image/mask.ts';
import { readNifti } from '../lib/nifti/read-nifti.ts';
import { writeNifti } from '../lib/nifti/write-nifti.ts';
import { prepareImage } from '../lib/radiomics/preprocessing/prepare-image.ts';
import { extractFromPrepared, filterWholeImage } from '../lib/radiomics/pyradiomics/extract.ts';
import { type FoundValues, sharedShape } from '../lib/radiomics/pyradiomics/region-shape.ts';
import { parseRadiomicsSettings } from '../lib/radiomics/settings/settings.ts';
import { addNoise } from '../lib/robustness/noise.ts';
import { boxOfMasks, type PerturbedMask, perturbedMasks } from '../lib/robustness/perturb-mask.ts';
import { perturbationGrid } from '../lib/robustness/perturbation-grid.ts';
import { structureField } from '../lib/robustness/structure-field.ts';

interface Job {
  image: string;
  mask: string;
  params: object;
  /** Every n-th perturbation is written for the peer. */
  sampleEvery: number;
  folder: string;
}

const job = JSON.parse(readFileSync(process.argv[2], 'utf8')) as Job;
const [image, labels] = [job.image, job.mask].map((path) => readNifti(gunzipSync(readFileSync(path))));
const mask = maskOfVolume(labels.grid, labels.data);
const settings = parseRadiomicsSettings(job.params);
const perturbation = parseConfig({
  radiomics_robustness: { segmentation_perturbation: { intensity: 'standard' } },
}).radiomics_robustness.segmentation_perturbation;
const grid = perturbationGrid(perturbation);
const seconds = { masks: 0, images: 0, features: 0 };
const sampled: { id: string; image: string; mask: string; values: Record<string, number | null> }[] = [];

const still = grid.filter(({ noiseHu }) => noiseHu === 0);
const masks = timed('masks', () =>
  perturbedMasks(structureField(mask, grid, perturbation), still, { reachMm: 2, seed: 1 }),
);
const shapes = new Map<PerturbedMask, FoundValues | undefined>();
let count = 0;
for (const noiseHu of perturbation.noise_levels) {
  const noisy = timed('images', () => addNoise(image, noiseHu));
  const prepared = timed('images', () => prepareImage(noisy, settings.setting));
  const filtered = timed('images', () => filterWholeImage(prepared, settings, boxOfMasks(masks)).images);
  const imageFile = write(`image-${noiseHu}`, noisy);
  for (const made of masks) {
    if ('status' in made) throw new Error(made.reason);
    const shape = shapes.get(made);
    const { values } = timed('features', () => extractFromPrepared(prepared, made.mask, settings, { filtered, shape }));
    shapes.set(made, sharedShape(values, settings));
    if (count++ % job.sampleEvery > 0) continue;
    const finite = Object.entries(values).map(([name, value]) => [name, Number.isFinite(value) ? value : null]);
    const maskFile = write(`mask-${count}`, volumeOf(made.mask));
    sampled.push({ id: `${count}`, image: imageFile, mask: maskFile, values: Object.fromEntries(finite) });
  }
}
console.log(JSON.stringify({ seconds, count, sampled, peakMiB: process.resourceUsage().maxRSS / 1024 }));

function timed<T>(part: keyof typeof seconds, work: () => T): T {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  seconds[part] += (user + system) / 1e6;
  return result;
}

function volumeOf(one: Mask): Volume {
  return { grid: one.grid, data: fullMaskData(one) };
}

function write(name: string, volume: Volume): string {
  const file = `${job.folder}/${name}.nii`;
  writeFileSync(file, writeNifti(volume, false));
  return file;
}
