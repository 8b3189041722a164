/** Bytes that are made where they are to lie, so that large ones never lie in memory twice. */
export interface DeferredBytes {
  byteLength: number;
  /** @param target zeros, `byteLength` of them */
  writeTo(target: Uint8Array): void;
}

/** Bytes in the order in which they were added, put together once. */
export interface ByteList {
  readonly byteLength: number;
  add(bytes: Uint8Array | DeferredBytes): void;
  joined(): Uint8Array;
}

/** Smaller pieces are copied into blocks of this size: an array for each would take more memory than its bytes. */
const BLOCK_BYTES = 65_536;

export function byteList(): ByteList {
  const parts: (Uint8Array | DeferredBytes)[] = [];
  let block = new Uint8Array(BLOCK_BYTES);
  let used = 0;
  let byteLength = 0;

  const closeBlock = () => {
    if (used > 0) parts.push(block.subarray(0, used));
    block = block.subarray(used);
    used = 0;
  };
  return {
    get byteLength() {
      return byteLength;
    },
    add(bytes) {
      byteLength += bytes.byteLength;
      if (bytes instanceof Uint8Array && bytes.length < BLOCK_BYTES) {
        if (used + bytes.length > block.length) {
          closeBlock();
          block = new Uint8Array(BLOCK_BYTES);
        }
        block.set(bytes, used);
        used += bytes.length;
      } else {
        closeBlock();
        parts.push(bytes);
      }
    },
    joined() {
      closeBlock();
      const all = new Uint8Array(byteLength);
      let at = 0;
      for (const part of parts) {
        if (part instanceof Uint8Array) all.set(part, at);
        else part.writeTo(all.subarray(at, at + part.byteLength));
        at += part.byteLength;
      }
      return all;
    },
  };
}
