import type { ObjectStore } from '#lib/store/store.ts';
import { Failure } from '../engine/failure.ts';
import type { Integration, Integrations } from '../engine/integration.ts';
import type { Json } from '../engine/json.ts';

/** A store behind a bucket's name; its keys lie below `prefix`, which ends with `/` or is empty. */
export interface Bucket {
  name: string;
  prefix: string;
  store: ObjectStore;
}

/** The S3 calls of distributed Maps and of tasks, over any store. */
export function bucketIntegrations(buckets: Bucket[]): Integrations {
  const find = (name: Json, key: Json): { store: ObjectStore; key: string } => {
    const bucket = buckets.find((one) => one.name === name && String(key).startsWith(one.prefix));
    if (!bucket) throw new Failure('S3.NoSuchBucketException', `no bucket ${name} holds ${key}`);
    return { store: bucket.store, key: String(key).slice(bucket.prefix.length) };
  };
  const getObject: Integration = async ({ Bucket, Key }) => {
    const { store, key } = find(Bucket, Key);
    return { Body: new TextDecoder().decode(await store.get(key)) };
  };
  const putObject: Integration = async ({ Bucket, Key, Body }) => {
    const { store, key } = find(Bucket, Key);
    const text = typeof Body === 'string' ? Body : JSON.stringify(Body);
    await store.put(key, new TextEncoder().encode(text));
    return {};
  };
  return {
    's3:getObject': getObject,
    's3:putObject': putObject,
    'aws-sdk:s3:putObject': putObject,
  };
}
