import { z } from 'zod';

const margins = z.union([
  z.number(),
  z.strictObject({
    uniform_mm: z.number().nullish(),
    anterior_mm: z.number().default(0),
    posterior_mm: z.number().default(0),
    left_mm: z.number().default(0),
    right_mm: z.number().default(0),
    superior_mm: z.number().default(0),
    inferior_mm: z.number().default(0),
  }),
]);

const definition = z.strictObject({
  name: z.string().min(1).describe('name of the new structure'),
  operation: z
    .enum(['union', 'intersection', 'subtract', 'xor'])
    .default('union')
    .describe('subtract removes the others from the first source'),
  source_structures: z.array(z.string().min(1)).min(1).describe('names of ROIs or of other derived structures'),
  margin: margins.nullish().describe('mm to all sides, or by patient direction; negative values shrink'),
  ring: z
    .strictObject({ inner_mm: z.number(), outer_mm: z.number() })
    .refine((ring) => ring.outer_mm > ring.inner_mm, 'outer_mm must exceed inner_mm')
    .nullish()
    .describe('keep what lies between two distances from the surface; negative is inside'),
  crop_by: z
    .strictObject({ structures: z.array(z.string().min(1)).min(1), margin: margins.default(0) })
    .nullish()
    .describe('remove these, grown by a margin'),
  crop_to: z
    .strictObject({ structures: z.array(z.string().min(1)).min(1), margin: margins.default(0) })
    .nullish()
    .describe('keep only the part inside these, grown by a margin'),
  partial: z
    .enum(['allow', 'refuse'])
    .nullish()
    .describe('if a source is missing or empty; default: allow for union, refuse for the others'),
  description: z.string().nullish(),
});

/** The file of derived structures: RTpipeline 2's `custom_structures` file, and what this product adds to it. */
export const derivedStructuresSchema = z.strictObject({ custom_structures: z.array(definition) });

export type DerivedDefinition = z.infer<typeof definition>;
export type DerivedMargin = z.infer<typeof margins>;
