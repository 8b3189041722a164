import { finding } from '../../findings.ts';
import type { Check } from '../check.ts';

/** A course without image, structures, plan or dose is usable for less, and must not pass in silence. */
export const objects: Check = {
  name: 'objects',
  meaning: 'image, structure set, plan and dose of the course are there',
  applies: () => true,
  run(facts) {
    const missing = [
      facts.images.length === 0 && finding('NO_IMAGE', 'course', 'the course has no image series'),
      facts.structures.length === 0 && finding('NO_STRUCTURES', 'course', 'the course has no structures'),
      facts.plans.length === 0 && finding('NO_PLAN', 'course', 'the course has no plan'),
      facts.doses.length === 0 && finding('NO_DOSE', 'course', 'the course has no dose'),
    ];
    return missing.filter((found) => found !== false);
  },
};
