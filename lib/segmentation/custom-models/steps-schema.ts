import { z } from 'zod';
import { BadConfig } from '../../errors.ts';

const triple = z.tuple([z.number(), z.number(), z.number()]);
/** Structures that an earlier step found, and a distance around them. */
const region = z.strictObject({
  step: z.string().describe('name of an earlier step'),
  structures: z.array(z.string()).min(1),
  margin_mm: triple.describe('along x, y and z'),
});

const step = z.strictObject({
  name: z.string(),
  networks: z.array(z.string()).min(1).describe('aliases; what a later one finds replaces what an earlier one found'),
  labels: z.record(z.string(), z.int().min(1)).describe('structures that stay, and their values in the result'),
  spacing_mm: triple.nullable().default(null).describe('the image is resampled to this first; along x, y and z'),
  window_step: z.number().gt(0).max(1).default(0.5).describe('part of a window between neighbours'),
  crop: region.optional().describe('the networks see only the box around these structures'),
  keep_largest: z.array(z.string()).default([]).describe('structures of which the largest component stays'),
  smallest_mm3: z.record(z.string(), z.number()).default({}).describe('components must be larger than this'),
  inside: region
    .optional()
    .describe('what lies further from these structures is removed; of margin_mm the first number counts'),
});
export const stepsSchema = z
  .array(step)
  .min(1)
  .optional()
  .describe('a chain: networks that run one after the other on parts of the image. The last step is the result');
export const subsetStepSchema = step
  .omit({ crop: true, inside: true })
  .optional()
  .describe('of a converted task: the quick look that finds the box of the structures in segmentation.roi_subset');
export type Step = z.infer<typeof step>;
export type StepRegion = z.infer<typeof region>;

/** @param known labels by the alias of their network @throws BadConfig for a name that a step uses and that is not there */
export function checkSteps(steps: Step[], known: Map<string, string[]>): void {
  const before = new Map<string, Step>();
  for (const one of steps) {
    const refuse = (what: string) => {
      throw new BadConfig(`step ${one.name} ${what}`);
    };
    if (before.has(one.name)) refuse('exists twice');
    const lost = one.networks.find((alias) => !known.has(alias));
    if (lost) refuse(`runs network ${lost}, which does not exist; there are ${[...known.keys()].join(', ')}`);
    const own = one.networks.flatMap((alias) => known.get(alias) ?? []);
    const foreign = Object.keys(one.labels).find((name) => !own.includes(name));
    if (foreign) refuse(`keeps ${foreign}, which none of its networks finds`);
    const cleaned = [...one.keep_largest, ...Object.keys(one.smallest_mm3)].find((name) => !one.labels[name]);
    if (cleaned) refuse(`cleans ${cleaned}, which it does not keep`);
    for (const { step: name, structures } of [one.crop, one.inside].filter((given) => given !== undefined)) {
      const earlier = before.get(name);
      if (!earlier) refuse(`looks at step ${name}, which does not come before it`);
      const absent = structures.find((structure) => !earlier?.labels[structure]);
      if (absent) refuse(`looks for ${absent}, which step ${name} does not keep`);
    }
    before.set(one.name, one);
  }
}
