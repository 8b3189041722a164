/** Our features of the jobs in a file, as JSON on stdout, on one thread: `node bench/radiomics-ours.ts jobs.json`. */

import { readFileSync } from 'node:fs';
import { maskOfVolume } from '../lib/image/mask.ts';
import { readNifti } from '../lib/nifti/read-nifti.ts';
import { readNrrd } from '../lib/nifti/read-nrrd.ts';
import { extractFeatures } from '../lib/radiomics/pyradiomics/extract.ts';
import { parseRadiomicsSettings } from '../lib/radiomics/settings/settings.ts';

interface Job {
  name: string;
  image: string;
  mask: string;
  params: object;
  repeats: number;
  /** Runs before those that count. */
  warmUp: number;
}

const jobs = JSON.parse(readFileSync(process.argv[2], 'utf8')) as Job[];
const results = jobs.map(({ name, image: imagePath, mask: maskPath, params, repeats, warmUp }) => {
  const [image, labels] = [imagePath, maskPath].map((path) =>
    path.endsWith('.nrrd') ? readNrrd(readFileSync(path)) : readNifti(readFileSync(path)),
  );
  const mask = maskOfVolume(labels.grid, labels.data, 1);
  const settings = parseRadiomicsSettings(params);
  const seconds: number[] = [];
  const extract = () => {
    const before = process.cpuUsage();
    const found = extractFeatures(image, mask, settings);
    const { user, system } = process.cpuUsage(before);
    seconds.push((user + system) / 1e6);
    return found;
  };
  const [result] = Array.from({ length: warmUp + repeats }, extract);
  const values = Object.fromEntries(
    Object.entries(result.values).map(([key, value]) => [key, Number.isFinite(value) ? value : null]),
  );
  return { name, values, seconds: seconds.slice(warmUp), error: result.status === 'ok' ? null : result.reason };
});
const { user, system } = process.cpuUsage();
const processS = (user + system) / 1e6;
console.log(JSON.stringify({ results, peakMiB: process.resourceUsage().maxRSS / 1024, processS }));
