import { appendFileSync, existsSync, readFileSync } from 'node:fs';
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
  const sent = new Set(existsSync(file) ? readLines(file).map(identity) : []);
  return {
    has: (parcel) => sent.has(identity(parcel)),
    add(parcel, sha256) {
      appendFileSync(file, `${JSON.stringify({ ...parcel, sha256 } satisfies Sent)}\n`);
    },
  };
}

/** A line that was cut off by a kill is as if it had not been sent. */
function readLines(file: string): Parcel[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as Parcel];
      } catch {
        return [];
      }
    });
}
