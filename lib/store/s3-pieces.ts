import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';

/** S3 allows 10,000 parts: objects of up to 640 GB, while one part is sent and one is filled. */
const PART_BYTES = 64 * 1024 * 1024;

/** Where an object goes. */
interface Target {
  Bucket: string;
  Key: string;
}

/**
 * Uploads pieces as one object, in parts when they are many. The object is there whole or not at all: S3 puts the parts
 * together with the last request, and the parts of a failed upload are dropped.
 * @param refused makes the error of an answer of S3
 * @throws what making the pieces throws
 */
export async function uploadPieces(
  client: S3Client,
  target: Target,
  pieces: AsyncIterable<Uint8Array>,
  { partBytes = PART_BYTES, refused }: { partBytes?: number; refused(cause: Error): never },
): Promise<void> {
  let broken: { error: unknown } | undefined;
  async function* watched() {
    try {
      yield* pieces;
    } catch (error) {
      broken = { error };
      throw error;
    }
  }
  // One piece waits at most: the stream counts pieces, not bytes.
  const body = Readable.from(watched(), { objectMode: true, highWaterMark: 1 });
  const upload = new Upload({ client, params: { ...target, Body: body }, partSize: partBytes, queueSize: 1 });
  try {
    await upload.done();
  } catch (error) {
    if (broken) throw broken.error;
    refused(error as Error);
  }
}
