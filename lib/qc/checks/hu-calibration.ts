import { type Finding, finding } from '../../findings.ts';
import type { Check, QcThresholds } from '../check.ts';
import type { ImageFacts } from '../facts.ts';

/** Air is -1000 HU and water 0 HU by definition: where a CT is far off, its values are no HU. */
export const huCalibration: Check = {
  name: 'hu_calibration',
  meaning: 'air and soft tissue of the CT have the expected HU, and there is no metal',
  applies: (facts) => facts.images.some(({ hu }) => hu !== undefined),
  run: (facts, thresholds) => facts.images.flatMap((image) => look(image, thresholds)),
};

function look({ hu, seriesInstanceUid: uid }: ImageFacts, thresholds: QcThresholds): Finding[] {
  if (!hu) return [];
  const { hasAir, airHu, tissueHu, metalCc, metalMm } = hu;
  const found: (Finding | false)[] = [
    !hasAir && finding('HU_AIR_OFF', uid, 'no voxel is between -1500 and -400 HU: the image shows no air'),
    airHu !== undefined &&
      Math.abs(airHu + 1000) > thresholds.air_hu &&
      finding('HU_AIR_OFF', uid, `the most frequent air value is ${airHu} HU instead of -1000 HU`),
    tissueHu !== undefined &&
      Math.abs(tissueHu) > thresholds.tissue_hu &&
      finding('HU_TISSUE_OFF', uid, `the most frequent soft tissue value is ${tissueHu} HU`),
    metalCc > thresholds.metal_cc &&
      finding('METAL_IN_IMAGE', uid, `${metalCc.toFixed(1)} cc are above ${thresholds.metal_hu} HU`, metalMm),
  ];
  return found.filter((one) => one !== false);
}
