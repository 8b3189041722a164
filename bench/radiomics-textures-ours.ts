/** Our IBSI textures of the jobs in a file, as JSON on stdout, on one thread: `node bench/radiomics-textures-ours.ts jobs.json`. */

import { readFileSync } from 'node:fs';
import { cropMask, maskOfVolume } from '../lib/image/mask.ts';
import type { Vec3 } from '../lib/math/vec3.ts';
import { FEATURES } from '../lib/radiomics/ibsi/catalogue.ts';
import { TEXTURE_FAMILIES, textureFeatures } from '../lib/radiomics/ibsi/textures.ts';
import { levelImage } from '../lib/radiomics/region/levels.ts';
import { roiOf } from '../lib/radiomics/region/roi.ts';

interface Job {
  name: string;
  levels: string;
  size: Vec3;
  repeats: number;
  /** Runs before those, which are not counted. */
  warmUp: number;
}

const LEVELS = 32;
/** One matrix over all directions, as Pictologics has it. */
const AGGREGATIONS = { glcm: '3D_mrg', glrlm: '3D_mrg', glszm: '3D', gldzm: '3D', ngtdm: '3D', ngldm: '3D' } as const;
const IDENTITY: [number, number, number, number, number, number, number, number, number] = [1, 0, 0, 0, 1, 0, 0, 0, 1];
const CODES = new Map(FEATURES.map(({ family, tag, code }) => [`${family}_${tag}`, code]));

const jobs = JSON.parse(readFileSync(process.argv[2], 'utf8')) as Job[];
const results = jobs.map(({ name, levels: path, size, repeats, warmUp }) => {
  const bytes = readFileSync(path);
  const levels = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  const grid = { size, spacingMm: [1, 1, 1] as Vec3, originMm: [0, 0, 0] as Vec3, direction: IDENTITY };
  const mask = maskOfVolume(
    grid,
    levels.map((level) => (level > 0 ? 1 : 0)),
  );
  const seconds: number[] = [];
  let values: Record<string, number> = {};
  for (let n = 0; n < warmUp + repeats; n++) {
    const before = process.cpuUsage();
    values = texturesOf(cropMask(mask), levels);
    const { user, system } = process.cpuUsage(before);
    seconds.push((user + system) / 1e6);
  }
  return { name, values, seconds: seconds.slice(warmUp) };
});
console.log(JSON.stringify(results));

function texturesOf(mask: ReturnType<typeof cropMask>, levels: Int32Array): Record<string, number> {
  const roi = roiOf(mask, 1);
  const levelOfVoxel = new Int32Array(roi.voxels.length);
  for (let n = 0; n < levelOfVoxel.length; n++) levelOfVoxel[n] = levels[roi.imageVoxels[n]];
  const image = levelImage(roi, levelOfVoxel, LEVELS);
  const texture = { whole: image, slices: [], morphological: mask };
  const values: Record<string, number> = {};
  for (const family of TEXTURE_FAMILIES) {
    const found = textureFeatures(texture, family, AGGREGATIONS[family], { distance: 1, dependenceAlpha: 0 });
    for (const [tag, value] of Object.entries(found ?? {})) values[CODES.get(`${family}_${tag}`) ?? tag] = value;
  }
  return values;
}
