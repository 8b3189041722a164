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

/** @throws BadInput for anything but a run: a shorter address would be that of all runs */
export function placeOfRun(run: string): { uri: string; bucket: string; name: string } {
  const { bucket, prefix } = bucketPlace(run);
  const [, name] = /^runs\/([^/]+)$/.exec(prefix) ?? [];
  if (name === undefined) throw new BadInput('not a run: s3://<bucket for results>/runs/<upload>', { where: run });
  return { uri: `s3://${bucket}/runs/${name}`, bucket, name };
}
