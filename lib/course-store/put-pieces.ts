import { createHash } from 'node:crypto';
import type { ObjectStore } from '../store/store.ts';

/** What was written, for those who want to know that it is still the same. */
export interface Written {
  bytes: number;
  sha256: string;
}

/** Puts an object together from pieces, and measures it on the way. */
export async function putPieces(store: ObjectStore, key: string, pieces: AsyncIterable<Uint8Array>): Promise<Written> {
  const hash = createHash('sha256');
  let bytes = 0;
  async function* measured(): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      hash.update(piece);
      bytes += piece.length;
      yield piece;
    }
  }
  await store.putPieces(key, measured());
  return { bytes, sha256: hash.digest('hex') };
}
