import { z } from 'zod';

export const auto = z.union([z.literal('auto'), z.int().min(1)]);
export const count = z.int().min(1);
export const seconds = z.number().min(0).describe('seconds; 0 means no limit');
export const percent = z.number().min(0);
export const names = z.array(z.string());
/** Names that become words of a program's command line: none may look like an option. */
export const programNames = z.array(
  z.string().regex(/^\w[\w.-]*$/, 'must be a name of letters, digits, _ . and - that does not start with -'),
);
const positive = z.int().positive();
const spacing = z.number().positive().nullable();
/**
 * What the memory of a network follows from: its classes and, where it runs without another program, the size of its voxels
 * (z, y, x; null: the slices of the image), the voxels of a window, the MiB that it takes whatever the image, and the bytes
 * of a voxel of the image.
 */
export const networkSize = z.strictObject({
  classes: z.int(),
  onnx: z
    .strictObject({
      spacing_mm: z.tuple([spacing, spacing, spacing]),
      window: z.tuple([positive, positive, positive]),
      fixed_mib: positive,
      image_bytes: positive,
    })
    .nullable(),
});
/** A YAML file beside the configuration, or its content: the command line replaces the path by the content. */
export const content = z.union([z.string(), z.record(z.string(), z.unknown()), z.array(z.unknown())]).nullable();

/** A value that is never shown: lib/secrets.ts puts a digest in its place. */
export function secret(description: string) {
  const text = z.string().min(1);
  const value = text.refine(
    (given) => !isDigestOfSecret(given),
    'is the digest that rtpipeline shows instead of the secret: give the secret itself',
  );
  return value.nullable().default(null).meta({ description, secret: true });
}

/** Whether a text is what lib/secrets.ts shows for a secret. */
export function isDigestOfSecret(text: string): boolean {
  return /^scrypt:[0-9a-f]{12}$/.test(text);
}
