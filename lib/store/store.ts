export interface ObjectInfo {
  key: string;
  bytes: number;
  /** Changes when the content changes: an ETag, or size and modification time. */
  version: string;
  /**
   * Changes with every change of a file, and nobody can set it back. Other content with the same size and modification
   * time has another version; so has the same content after a copy.
   */
  changed?: string;
  /** Only in a listing of everything: why this is no object that can be read. Nothing else of it is known. */
  blocked?: { reason: 'not_a_file' | 'unreadable' | 'not_received'; message: string };
}

export interface ListOptions {
  /** Also lists entries that cannot be read: broken links, pipes, folders without rights. */
  everything?: boolean;
}

/** Where objects live: a folder, memory or S3. All pass one contract suite (test/contracts/store.ts). */
export interface ObjectStore {
  /** `file:///...`, `memory:` or `s3://bucket/prefix`, without a trailing slash. */
  readonly uri: string;
  /** @throws StoreMissing */
  get(key: string): Promise<Uint8Array>;
  /** Bytes [start, end), shorter at the end of the object. @throws StoreMissing */
  getRange(key: string, start: number, end: number): Promise<Uint8Array>;
  /** Whole or not at all. @throws StoreConflict if `ifAbsent` and the key exists */
  put(key: string, body: Uint8Array, options?: { ifAbsent?: boolean }): Promise<void>;
  /** As `put`, of pieces that need not all be held at once. When making them fails, nothing is written. */
  putPieces(key: string, pieces: AsyncIterable<Uint8Array>): Promise<void>;
  head(key: string): Promise<ObjectInfo | undefined>;
  /** Objects whose key starts with `prefix`, in ascending order of the keys' UTF-8 bytes. */
  list(prefix: string, options?: ListOptions): AsyncIterable<ObjectInfo>;
  /** Deleting a missing object is not an error. */
  delete(key: string): Promise<void>;
}
