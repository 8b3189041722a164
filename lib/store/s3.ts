import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { PipelineError, StoreConflict, StoreMissing, Transient } from '../errors.ts';
import { uploadPieces } from './s3-pieces.ts';
import type { ObjectStore } from './store.ts';

/**
 * An S3 prefix as a store. Credentials, region and endpoint come from the environment, as the AWS SDK reads it.
 * @param access to a bucket of others
 */
export function s3Store(
  bucket: string,
  prefix: string,
  client = defaultClient(),
  access: BucketAccess = {},
): ObjectStore {
  const root = prefix === '' ? '' : `${prefix.replace(/(?<!\/)\/+$/, '')}/`;
  const payer = access.requesterPays ? { RequestPayer: 'requester' as const } : {};
  const at = (key: string) => ({ Bucket: bucket, Key: root + key, ...payer });

  async function read(key: string, range?: string): Promise<Uint8Array> {
    const answer = await client.send(new GetObjectCommand({ ...at(key), Range: range })).catch(translate(key));
    return answer.Body ? answer.Body.transformToByteArray() : new Uint8Array();
  }

  return {
    uri: `s3://${bucket}/${root}`.replace(/\/$/, ''),
    get: (key) => read(key),
    async getRange(key, start, end) {
      if (end <= start) return new Uint8Array();
      return read(key, `bytes=${start}-${end - 1}`).catch((error) => {
        if (error?.cause?.name === 'InvalidRange') return new Uint8Array();
        throw error;
      });
    },
    async put(key, body, options = {}) {
      const condition = options.ifAbsent ? { IfNoneMatch: '*' } : {};
      await client.send(new PutObjectCommand({ ...at(key), Body: body, ...condition })).catch(translate(key));
    },
    putPieces: (key, pieces) => uploadPieces(client, at(key), pieces, { refused: translate(key) }),
    async head(key) {
      const answer = await client.send(new HeadObjectCommand(at(key))).catch((error) => {
        if (error.name === 'NotFound' || error.$metadata?.httpStatusCode === 404) return undefined;
        return translate(key)(error);
      });
      return answer && { key, bytes: answer.ContentLength ?? 0, version: versionOf(answer.ETag) };
    },
    async *list(keyPrefix) {
      for await (const page of paginateListObjectsV2(
        { client },
        { Bucket: bucket, Prefix: root + keyPrefix, ...payer },
      )) {
        for (const { Key, Size, ETag } of page.Contents ?? []) {
          if (Key && !Key.endsWith('/'))
            yield { key: Key.slice(root.length), bytes: Size ?? 0, version: versionOf(ETag) };
        }
      }
    },
    async delete(key) {
      await client.send(new DeleteObjectCommand(at(key))).catch(translate(key));
    },
  };
}

/** How a bucket of others is read. */
export interface BucketAccess {
  /** Without credentials, as public buckets allow. */
  unsigned?: boolean;
  /** Our account pays for the requests. */
  requesterPays?: boolean;
}

/** Where most public collections lie, the Imaging Data Commons among them; a bucket elsewhere says where. */
const PUBLIC_REGION = 'us-east-1';

/** A client for buckets of others, wherever they lie. */
export function publicClient({ unsigned }: BucketAccess): S3Client {
  const { AWS_REGION: region = PUBLIC_REGION } = process.env;
  const nobody = {
    credentials: { accessKeyId: '', secretAccessKey: '' },
    signer: { sign: async <T>(request: T) => request },
  };
  const emulated = process.env.AWS_ENDPOINT_URL !== undefined || process.env.AWS_ENDPOINT_URL_S3 !== undefined;
  return new S3Client({
    region,
    followRegionRedirects: true,
    forcePathStyle: emulated,
    maxAttempts: 6,
    ...(unsigned && nobody),
  });
}

function defaultClient(): S3Client {
  const emulated = process.env.AWS_ENDPOINT_URL !== undefined || process.env.AWS_ENDPOINT_URL_S3 !== undefined;
  return new S3Client({ forcePathStyle: emulated, maxAttempts: 6 });
}

function versionOf(etag: string | undefined): string {
  return (etag ?? '').replaceAll('"', '');
}

function translate(key: string) {
  return (cause: Error & { $metadata?: { httpStatusCode?: number } }): never => {
    const code = cause.$metadata?.httpStatusCode ?? 0;
    if (cause.name === 'NoSuchKey' || code === 404) throw new StoreMissing('no such object', { where: key, cause });
    if (cause.name === 'PreconditionFailed' || code === 412)
      throw new StoreConflict('object exists', { where: key, cause });
    // A right that is missing is missing the next time too.
    if (code === 403)
      throw new PipelineError(
        `S3 denies it (${cause.name}): your credentials lack this permission, or the permission to use the key`,
        {
          where: key,
          cause,
        },
      );
    throw new Transient(`S3 answered ${cause.name}`, { where: key, cause });
  };
}
