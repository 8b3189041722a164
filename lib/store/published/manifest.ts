import { createHash } from 'node:crypto';
import { z } from 'zod';
import { BadInput } from '../../errors.ts';

/**
 * A folder in a store under the digest of its content: `trees/<sha256>.json` lists its files, each in parts
 * `parts/<sha256>`. The URI of the list pins the content: nothing below it can change unnoticed.
 */
export const manifestSchema = z.strictObject({
  files: z.array(
    z.strictObject({
      path: z
        .string()
        .refine((path) => path.split('/').every((name) => !['', '.', '..'].includes(name)) && !path.includes('\0'), {
          error: 'the path leaves the folder',
        }),
      parts: z.array(z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.int().min(1) })),
    }),
  ),
});
export type Manifest = z.infer<typeof manifestSchema>;

export const partKey = (sha256: string) => `parts/${sha256}`;
export const treeKey = (sha256: string) => `trees/${sha256}.json`;

/** Store and digest of a published folder. */
export interface PublishedUri {
  /** `s3://bucket/models` */
  storeUri: string;
  sha256: string;
}

const URI = /^(.+)\/trees\/([0-9a-f]{64})\.json$/;

/** @throws BadInput for anything but the URI that `publishFolder` answers with */
export function parsePublishedUri(uri: string): PublishedUri {
  const [, storeUri, sha256] = URI.exec(uri) ?? [];
  if (storeUri === undefined || sha256 === undefined)
    throw new BadInput('not the URI of a published folder; `rtpipeline publish-models` prints it', { where: uri });
  return { storeUri, sha256 };
}

/** Whether a setting that names a folder means a place in a store, and not one on this machine. */
export function isStoreUri(folder: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(folder);
}

/** @throws BadInput when the bytes are not those of the digest, or no manifest */
export function parseManifest(body: Uint8Array, sha256: string): Manifest {
  checkDigest(body, sha256, treeKey(sha256));
  const parsed = manifestSchema.safeParse(JSON.parse(new TextDecoder().decode(body)));
  if (parsed.success) return parsed.data;
  throw new BadInput(`no list of files: ${z.prettifyError(parsed.error)}`, { where: treeKey(sha256) });
}

/** @throws BadInput when the bytes are not those of the digest */
export function checkDigest(body: Uint8Array, sha256: string, where: string): void {
  if (sha256Of(body) === sha256) return;
  throw new BadInput('the content does not match its digest: publish the folder again', { where });
}

export function sha256Of(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex');
}
