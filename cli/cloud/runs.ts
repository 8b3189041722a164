import {
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsOutput,
  type ObjectIdentifier,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { RedriveExecutionCommand, SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { readJsonIfAny } from '#lib/course-store/json.ts';
import { BadInput, PipelineError } from '#lib/errors.ts';
import { runKeys } from '#lib/store/keys.ts';
import type { ObjectStore } from '#lib/store/store.ts';

/** Names of the runs in a bucket of results. */
export async function runNames(bucket: string, client = s3()): Promise<string[]> {
  const names: string[] = [];
  for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: 'runs/', Delimiter: '/' }))
    names.push(...(page.CommonPrefixes ?? []).map(({ Prefix = '' }) => Prefix.slice('runs/'.length, -1)));
  return names;
}

/** @throws BadInput where no execution was started */
async function executionOf(store: ObjectStore): Promise<string> {
  const started = await readJsonIfAny<{ arn: string }>(store, runKeys.execution);
  if (started) return started.arn;
  throw new BadInput('no run found here. Use the run name that `rtpipeline upload` printed', { where: store.uri });
}

/** Ends the execution, with its courses and their jobs. What is computed stays. */
export async function stopRun(store: ObjectStore): Promise<void> {
  const executionArn = await executionOf(store);
  await new SFNClient().send(new StopExecutionCommand({ executionArn, error: 'Stopped', cause: 'rtpipeline stop' }));
}

/** Goes on where the execution failed. */
export async function redriveRun(store: ObjectStore): Promise<void> {
  await new SFNClient().send(new RedriveExecutionCommand({ executionArn: await executionOf(store) }));
}

/** DeleteObjects takes no more at once. */
const MOST_DELETED = 1000;

/**
 * Deletes every version of every object of a bucket ('' as prefix), below a prefix that ends with a slash, or of the one object of that key, with the marks of earlier deletions: nothing can be brought back.
 * @param options.kept keys that stay
 * @returns how many versions went
 * @throws PipelineError naming the first object that could not be deleted
 */
export async function deleteVersions(
  bucket: string,
  prefix: string,
  { kept = [], client = s3() }: { kept?: string[]; client?: S3Client } = {},
): Promise<number> {
  let count = 0;
  for await (const { Versions = [], DeleteMarkers = [] } of versionPages(bucket, prefix, client)) {
    const Objects = [...Versions, ...DeleteMarkers]
      .filter(({ Key = '' }) => (prefix === '' || prefix.endsWith('/') || Key === prefix) && !kept.includes(Key))
      .map(({ Key, VersionId }): ObjectIdentifier => ({ Key, VersionId }));
    if (Objects.length === 0) continue;
    const { Errors = [] } = await client.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
    );
    if (Errors.length > 0)
      throw new PipelineError(
        `${Errors.length} object versions could not be deleted: ${Errors[0].Code} ${Errors[0].Message}`,
        {
          where: Errors[0].Key,
        },
      );
    count += Objects.length;
  }
  return count;
}

/** The SDK has no paginator for this listing. */
async function* versionPages(
  Bucket: string,
  Prefix: string,
  client: S3Client,
): AsyncGenerator<ListObjectVersionsOutput> {
  let next: Pick<ListObjectVersionsOutput, 'KeyMarker' | 'VersionIdMarker'> | undefined = {};
  while (next) {
    const page: ListObjectVersionsOutput = await client.send(
      new ListObjectVersionsCommand({ Bucket, Prefix, MaxKeys: MOST_DELETED, ...next }),
    );
    yield page;
    next = page.IsTruncated ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker } : undefined;
  }
}

function s3(): S3Client {
  return new S3Client({ forcePathStyle: process.env.AWS_ENDPOINT_URL !== undefined, maxAttempts: 8 });
}
