import type { LabelCount } from '../record.ts';
import type { Region } from './schema.ts';

interface RegionRule {
  vertebrae: RegExp;
  /** How many of them make it certain. */
  needed: number;
  /** Classes whose volumes are added, and the least sum in cc; any one suffices. */
  organs: [pattern: RegExp, leastCc: number][];
}

const LEAST_VERTEBRA_CC = 1;

/** What of TotalSegmentator's `total` shows a region: the table of RTpipeline 2. */
const RULES: Record<Region, RegionRule> = {
  HEAD_NECK: {
    vertebrae: /^vertebrae_C\d$/,
    needed: 1,
    organs: [
      [/^brain$/, 50],
      [/^skull$/, 50],
    ],
  },
  THORAX: {
    vertebrae: /^vertebrae_T\d+$/,
    needed: 3,
    organs: [
      [/^lung_/, 200],
      [/^heart$/, 50],
    ],
  },
  ABDOMEN: {
    vertebrae: /^vertebrae_L\d$/,
    needed: 2,
    organs: [
      [/^liver$/, 100],
      [/^spleen$/, 30],
      [/^kidney_/, 40],
    ],
  },
  PELVIS: {
    vertebrae: /^(sacrum|vertebrae_S1)$/,
    needed: 1,
    organs: [
      [/^hip_/, 30],
      [/^urinary_bladder$/, 10],
    ],
  },
};

/** How certain it is that the image shows a region: 0.7 from vertebrae, 0.3 from an organ. */
export function regionConfidence(region: Region, labels: LabelCount[], voxelCc: number): number {
  const { vertebrae, needed, organs } = RULES[region];
  const found = labels.filter(({ name, voxels }) => vertebrae.test(name) && voxels * voxelCc > LEAST_VERTEBRA_CC);
  const volume = (pattern: RegExp) =>
    labels.reduce((sum, { name, voxels }) => sum + (pattern.test(name) ? voxels * voxelCc : 0), 0);
  const hasOrgan = organs.some(([pattern, leastCc]) => volume(pattern) >= leastCc);
  return Math.round(100 * (0.7 * Math.min(found.length / needed, 1) + (hasOrgan ? 0.3 : 0))) / 100;
}
