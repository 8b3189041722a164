import { openLineRecord } from '../line-record.ts';
import type { Parcel } from './parcel.ts';

interface Sent extends Parcel {
  sha256: string;
}

/**
 * What was sent, a JSON line each, kept with the sender: an interrupted upload goes on from it, and it alone says which
 * key is which file.
 */
export interface UploadRecord {
  has(parcel: Parcel): boolean;
  add(parcel: Parcel, sha256: string): void;
}

export function openUploadRecord(file: string): UploadRecord {
  const identity = ({ path, key, bytes, version }: Parcel) => JSON.stringify([path, key, bytes, version]);
  const record = openLineRecord<Sent>(file);
  const sent = new Set(record.lines.map(identity));
  return {
    has: (parcel) => sent.has(identity(parcel)),
    add(parcel, sha256) {
      record.add({ ...parcel, sha256 });
    },
  };
}
