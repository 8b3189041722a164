import { type Finding, finding } from '../../findings.ts';
import type { Check, QcThresholds } from '../check.ts';
import type { ImageFacts } from '../facts.ts';

/** Air is -1000 HU and water 0 HU by definition: where a CT is far off, its values are no HU. */
export const huCalibration: Check = {
  name: 'hu_calibration',
  meaning: 'air and soft tissue of the CT have the HU that they should have, and no metal',
  applies: (facts) => facts.images.some(({ hu }) => hu !== undefined),
  run: (facts, thresholds) => facts.images.flatMap((image) => look(image, thresholds)),
};

function look({ hu, seriesInstanceUid: uid }: ImageFacts, thresholds: QcThresholds): Finding[] {
  if (!hu) return [];
  const { hasAir, airHu, tissueHu, metalCc, metalMm } = hu;
  const found: (Finding | false)[] = [
    !hasAir && finding('HU_AIR_OFF', uid, 'no voxel lies between -1500 and -400 HU: there is no air'),
    airHu !== undefined &&
      Math.abs(airHu + 1000) > thresholds.air_hu &&
      finding('HU_AIR_OFF', uid, `most air has ${airHu} HU instead of -1000 HU`),
    tissueHu !== undefined &&
      Math.abs(tissueHu) > thresholds.tissue_hu &&
      finding('HU_TISSUE_OFF', uid, `most soft tissue has ${tissueHu} HU`),
    metalCc > thresholds.metal_cc &&
      finding('METAL_IN_IMAGE', uid, `${metalCc.toFixed(1)} cc lie above ${thresholds.metal_hu} HU`, metalMm),
  ];
  return found.filter((one) => one !== false);
}
