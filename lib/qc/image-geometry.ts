import { finding } from '../findings.ts';
import type { Check } from './check.ts';

/** Slices closer or further apart than this part of the smallest gap count as uneven. */
const UNEVEN = 0.01;

/** Slices: enough of them, evenly spaced, none missing; and what the reader of the pixels found. */
export const imageGeometry: Check = {
  name: 'image_geometry',
  meaning: 'slices are evenly spaced and complete, in every slice of the series',
  applies: (facts) => facts.images.length > 0,
  run(facts) {
    return facts.images.flatMap((image) => {
      const { min, max } = image.sliceGapMm;
      const where = image.seriesInstanceUid;
      const own = [
        image.slices < 2 && finding('warning', 'SINGLE_SLICE', where, 'the series has a single slice'),
        max > min * (1 + UNEVEN) &&
          finding('warning', 'UNEVEN_SLICES', where, `slice gaps from ${min.toFixed(3)} to ${max.toFixed(3)} mm`),
      ];
      return [...own.filter((found) => found !== false), ...image.findings];
    });
  },
};
