import { createHash } from 'node:crypto';
import { allOf } from '../all-of.ts';
import { StoreConflict, StoreMissing } from '../errors.ts';
import { compareKeys } from './order.ts';
import type { ObjectInfo, ObjectStore } from './store.ts';

/** A store that lives as long as the process: for tests and dry runs. */
export function memoryStore(uri = 'memory:'): ObjectStore {
  const objects = new Map<string, Uint8Array>();

  function find(key: string): Uint8Array {
    const body = objects.get(key);
    if (!body) throw new StoreMissing('no such object', { where: key });
    return body;
  }

  return {
    uri,
    async get(key) {
      return find(key).slice();
    },
    async getRange(key, start, end) {
      return find(key).slice(start, end);
    },
    async put(key, body, options = {}) {
      if (options.ifAbsent && objects.has(key)) throw new StoreConflict('object exists', { where: key });
      objects.set(key, body.slice());
    },
    async putPieces(key, pieces) {
      objects.set(key, new Uint8Array(Buffer.concat(await allOf(pieces))));
    },
    async head(key) {
      const body = objects.get(key);
      return body && infoOf(key, body);
    },
    async *list(prefix) {
      const keys = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort(compareKeys);
      for (const key of keys) yield infoOf(key, find(key));
    },
    async delete(key) {
      objects.delete(key);
    },
  };
}

function infoOf(key: string, body: Uint8Array): ObjectInfo {
  return { key, bytes: body.length, version: createHash('sha256').update(body).digest('hex').slice(0, 32) };
}
