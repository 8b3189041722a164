import type { Log } from '../log.ts';
import type { Pool } from '../pool/pool.ts';
import type { ObjectStore } from '../store/store.ts';

/** What a stage may touch of the world. */
export interface StageContext {
  /** The upload: read only. */
  input: ObjectStore;
  /** Where results go: keys are built in lib/store/keys.ts alone. */
  store: ObjectStore;
  pool: Pool;
  log: Log;
  signal: AbortSignal;
  now(): Date;
  /** The folder on this machine with what the URI of a published folder pins: models and their weights. */
  fetchFolder?(uri: string): Promise<string>;
  /** Counts an object that an earlier run wrote, and that is still right, among the outputs of this one. */
  keep?(key: string, body: Uint8Array): void;
}
