import { BadInput } from '#lib/errors.ts';

export interface BucketPlace {
  bucket: string;
  /** Without slashes at its ends. */
  prefix: string;
}

/** `s3://bucket/some/prefix` @throws BadInput */
export function bucketPlace(uri: string): BucketPlace {
  const [, bucket, path] = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(uri) ?? [];
  if (bucket === undefined) throw new BadInput('not the URI of a bucket (s3://...)', { where: uri });
  return { bucket, prefix: (path ?? '').replace(/(?<!\/)\/+$/, '') };
}
