import type { LabelCount, SegmentationRecord } from './record.ts';

export const REGIONS = ['HEAD_NECK', 'THORAX', 'ABDOMEN', 'PELVIS'] as const;
export type BodyRegion = (typeof REGIONS)[number];

/** What a model asks of an image: regions of the body, and how certain each must be. */
export interface RegionNeed {
  regions: readonly BodyRegion[];
  /** 0 to 1. */
  least: number;
}

interface RegionRule {
  vertebrae: RegExp;
  /** How many of them make it certain. */
  needed: number;
  /** Classes whose volumes are added, and the least sum in cc; any one suffices. */
  organs: [pattern: RegExp, leastCc: number][];
}

const LEAST_VERTEBRA_CC = 1;

/** What of TotalSegmentator's `total` shows a region: the table of RTpipeline 2. */
const RULES: Record<BodyRegion, RegionRule> = {
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

/**
 * The first region that an image does not show with the certainty that is asked for, by what TotalSegmentator's `total`
 * found in it. Undefined also when there is nothing to judge by: then a model is not kept from it.
 */
export function absentRegion(
  { regions, least }: RegionNeed,
  total: SegmentationRecord | undefined,
  spacingMm: readonly number[],
): { region: BodyRegion; confidence: number } | undefined {
  const labels = total?.status === 'ok' ? total.parts.flatMap((part) => part.labels) : [];
  const voxelCc = spacingMm.reduce((product, mm) => product * mm, 1) / 1000;
  for (const region of regions) {
    const confidence = regionConfidence(region, labels, voxelCc);
    if (confidence !== undefined && confidence < least) return { region, confidence };
  }
  return undefined;
}

/** How certain it is that the image shows a region: 0.7 from vertebrae, 0.3 from an organ; undefined: not looked for. */
export function regionConfidence(region: BodyRegion, labels: LabelCount[], voxelCc: number): number | undefined {
  const { vertebrae, needed, organs } = RULES[region];
  if (!labels.some(({ name }) => vertebrae.test(name))) return undefined;
  const found = labels.filter(({ name, voxels }) => vertebrae.test(name) && voxels * voxelCc > LEAST_VERTEBRA_CC);
  const volume = (pattern: RegExp) =>
    labels.reduce((sum, { name, voxels }) => sum + (pattern.test(name) ? voxels * voxelCc : 0), 0);
  const hasOrgan = organs.some(([pattern, leastCc]) => volume(pattern) >= leastCc);
  return Math.round(100 * (0.7 * Math.min(found.length / needed, 1) + (hasOrgan ? 0.3 : 0))) / 100;
}
