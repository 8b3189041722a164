import type { Check } from '../check.ts';

/** What the reader of the series found: slices that are single, uneven, missing or broken, and values that are none. */
export const imageGeometry: Check = {
  name: 'image_geometry',
  meaning: 'the slices of the series are evenly spaced and complete',
  applies: (facts) => facts.images.length > 0,
  run(facts) {
    return facts.images.flatMap((image) => image.findings);
  },
};
