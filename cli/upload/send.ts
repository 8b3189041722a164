import { createHash } from 'node:crypto';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { BadInput } from '#lib/errors.ts';
import { mapConcurrently } from '#lib/pool/concurrent.ts';
import { READY_MARKER, type ReadyMarker } from '#lib/stages/catalog/ready-marker.ts';
import { s3Store } from '#lib/store/s3.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import type { Parcel } from './parcel.ts';
import type { UploadRecord } from './record.ts';

export interface SendOptions {
  folder: ObjectStore;
  parcels: Parcel[];
  bucket: string;
  /** `incoming/<name>` */
  prefix: string;
  record: UploadRecord;
  /** Files under way at once. */
  parallel: number;
  /** Changes a file before it leaves; undefined when it must not leave. */
  prepare?: (bytes: Uint8Array, parcel: Parcel) => Uint8Array | undefined;
  /** What the marker says beside count and bytes. */
  marker: Partial<ReadyMarker>;
  onSent?: (parcel: Parcel, isNew: boolean) => void;
}

export interface SentUpload {
  count: number;
  bytes: number;
  /** Files that had to be sent; the others lay there already. */
  sent: number;
}

/** S3's limit for one request, and what fits into memory. */
const LARGEST = 2 ** 31 - 1;

/**
 * Sends the files, each with a checksum that S3 verifies, then the marker that says the upload is whole. What an
 * earlier attempt has sent and S3 still holds is not sent again.
 */
export async function sendUpload(options: SendOptions): Promise<SentUpload> {
  const { parcels, bucket, prefix, parallel } = options;
  const tooLarge = parcels.find(({ bytes }) => bytes > LARGEST);
  if (tooLarge)
    throw new BadInput('the file is larger than 2 GiB, which a run on AWS does not read. Take it out of the folder', {
      where: tooLarge.path,
    });
  const client = new S3Client({ forcePathStyle: process.env.AWS_ENDPOINT_URL !== undefined, maxAttempts: 8 });
  const there = await listed(s3Store(bucket, prefix, client));
  const arrived = new Map<string, number>();
  let sent = 0;
  await mapConcurrently(parcels, parallel, async (parcel) => {
    const isThere = there.has(parcel.key) && options.record.has(parcel);
    const bytes = isThere ? there.get(parcel.key) : await send(client, parcel, options);
    if (bytes !== undefined) arrived.set(parcel.key, bytes);
    if (bytes !== undefined && !isThere) sent += 1;
    options.onSent?.(parcel, !isThere);
  });
  if (arrived.size === 0) throw new BadInput('nothing to send: every file was held back. The list of files says why');
  const strays = [...there.keys()].filter((key) => key !== READY_MARKER && !arrived.has(key));
  if (strays.length > 0)
    throw new BadInput(`${strays.length} objects of another upload have this name already: choose another --name`);
  const bytes = [...arrived.values()].reduce((sum, one) => sum + one, 0);
  const marker = { count: arrived.size, bytes, ...options.marker };
  await put(client, bucket, `${prefix}/${READY_MARKER}`, new TextEncoder().encode(JSON.stringify(marker)));
  return { count: arrived.size, bytes, sent };
}

async function listed(store: ObjectStore): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for await (const { key, bytes } of store.list('')) found.set(key, bytes);
  return found;
}

/** Answers with the bytes that went out; undefined when nothing did. */
async function send(client: S3Client, parcel: Parcel, options: SendOptions): Promise<number | undefined> {
  const { folder, bucket, prefix, prepare = (bytes) => bytes, record } = options;
  const body = prepare(await folder.get(parcel.path), parcel);
  if (body === undefined) return undefined;
  const sha256 = await put(client, bucket, `${prefix}/${parcel.key}`, body);
  record.add(parcel, sha256);
  return body.length;
}

/** S3 refuses the object when its checksum is not this one. */
async function put(client: S3Client, Bucket: string, Key: string, Body: Uint8Array): Promise<string> {
  const digest = createHash('sha256').update(Body).digest();
  await client.send(new PutObjectCommand({ Bucket, Key, Body, ChecksumSHA256: digest.toString('base64') }));
  return digest.toString('hex');
}
