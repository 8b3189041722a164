import type { Random } from '#lib/random.ts';

export function below(random: Random, count: number): number {
  return Math.floor(count * random());
}

export function oneOf<T>(random: Random, items: readonly T[]): T {
  return items[below(random, items.length)];
}

/** Numbers at which readers break: ends of types, signs, what no file holds. */
const EDGES = [
  0, 1, 2, 7, 8, 255, 256, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
];

/** Part of `bytes` replaced by others. */
export function spliced(bytes: Uint8Array, at: number, removed: number, added: Uint8Array): Buffer {
  return Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)]);
}

/** Changes that need no knowledge of the format. */
export function mutateBytes(bytes: Uint8Array, random: Random): Buffer {
  const copy = Buffer.from(bytes);
  const at = below(random, Math.max(1, copy.length));
  const length = 1 + below(random, oneOf(random, [4, 64, 4096]));
  switch (below(random, 7)) {
    case 0:
      copy[at] ^= 1 << below(random, 8);
      return copy;
    case 1:
      copy[at] = oneOf(random, [0, 0x20, 0x5c, 0x7f, 0x80, 0xff, below(random, 256)]);
      return copy;
    case 2:
      return at + 4 <= copy.length ? withNumber(copy, at, oneOf(random, EDGES), random) : copy;
    case 3:
      return copy.subarray(0, at);
    case 4:
      return spliced(copy, at, length, Buffer.alloc(0));
    case 5:
      return spliced(copy, at, 0, Buffer.alloc(length, oneOf(random, [0, 0x20, 0x41, 0xff])));
    default:
      return spliced(copy, at, 0, copy.subarray(at, at + length));
  }
}

function withNumber(copy: Buffer, at: number, value: number, random: Random): Buffer {
  if (random() < 0.5) copy.writeUInt16LE(value & 0xffff, at);
  else if (random() < 0.8) copy.writeUInt32LE(value, at);
  else copy.writeUInt32BE(value, at);
  return copy;
}
