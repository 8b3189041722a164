import type { Check } from '../check.ts';

/** Findings of the series reader: single, uneven, missing or broken slices, and values without meaning. */
export const imageGeometry: Check = {
  name: 'image_geometry',
  meaning: 'the slices of the series are evenly spaced and complete',
  applies: (facts) => facts.images.length > 0,
  run(facts) {
    return facts.images.flatMap((image) => image.findings);
  },
};
