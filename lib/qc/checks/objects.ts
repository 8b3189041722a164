import { finding } from '../../findings.ts';
import { isTarget } from '../../rt/target.ts';
import type { Check } from '../check.ts';
import type { CourseFacts } from '../facts.ts';

/** A course without image, structures, plan or dose is usable for less, and must not pass in silence. */
export const objects: Check = {
  name: 'objects',
  meaning: 'the course has an image, a structure set with a target, a plan and a dose',
  applies: () => true,
  run(facts) {
    const missing = [
      facts.images.length === 0 && finding('NO_IMAGE', 'course', 'the course has no image series'),
      facts.structures.length === 0 && finding('NO_STRUCTURES', 'course', 'the course has no structures'),
      facts.plans.length === 0 && finding('NO_PLAN', 'course', 'the course has no plan'),
      lacksTarget(facts) && finding('NO_TARGET', 'course', 'no drawn structure is a target'),
      facts.doses.length === 0 && finding('NO_DOSE', 'course', 'the course has no dose'),
    ];
    return missing.filter((found) => found !== false);
  },
};

/** A plan treats something: where structures were drawn for it, one is expected to be that. */
function lacksTarget({ plans, structures }: CourseFacts): boolean {
  const drawn = structures.filter(({ source }) => source === 'manual');
  const isPlanned = plans.some(({ selected }) => selected) && drawn.length > 0;
  return isPlanned && !drawn.some(({ roiName: name, interpretedType }) => isTarget({ name, interpretedType }));
}
