import { BadInput } from '../errors.ts';

/** The frames of encapsulated pixel data (PS3.5 annex A.4) as they are compressed, one code stream each. */
export interface EncapsulatedFrames {
  /** Value field of PixelData: basic offset table, fragments, sequence delimiter. */
  value: Uint8Array;
  frames: number;
  /** ExtendedOffsetTable, or [] (PS3.3 C.7.6.3.1.8). */
  extendedOffsets: readonly number[];
}

interface Fragment {
  /** Of its item tag from the first byte behind the basic offset table: what offset tables count. */
  offset: number;
  bytes: Uint8Array;
}

/**
 * Joins fragments to frames: by the extended or basic offset table, else one fragment each, else by the markers with
 * which JPEG code streams start.
 * @throws BadInput when the items are broken or cannot be told apart into that many frames
 */
export function encapsulatedFrames({ value, frames, extendedOffsets }: EncapsulatedFrames): Uint8Array[] {
  const { basicOffsets, fragments } = readItems(value);
  if (frames === 1) return [join(fragments)];
  for (const offsets of [extendedOffsets, basicOffsets]) {
    const byTable = offsets.length === frames ? splitAt(fragments, offsets) : undefined;
    if (byTable) return byTable.map(join);
  }
  if (fragments.length === frames) return fragments.map((fragment) => fragment.bytes);
  const starts = fragments.filter((fragment) => startsCodeStream(fragment.bytes)).map((fragment) => fragment.offset);
  const byMarker = starts.length === frames ? splitAt(fragments, starts) : undefined;
  if (!byMarker)
    throw new BadInput(`${fragments.length} fragments of pixel data cannot be told apart into ${frames} frames`);
  return byMarker.map(join);
}

const ITEM = 0xe000fffe;
const SEQUENCE_DELIMITER = 0xe0ddfffe;

function readItems(value: Uint8Array): { basicOffsets: number[]; fragments: Fragment[] } {
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  const items: { start: number; bytes: Uint8Array }[] = [];
  for (let at = 0; at + 8 <= value.length; ) {
    const tag = view.getUint32(at, true);
    if (tag === SEQUENCE_DELIMITER) break;
    if (tag !== ITEM) throw new BadInput('the encapsulated pixel data hold something other than items');
    const end = at + 8 + view.getUint32(at + 4, true);
    if (end > value.length) throw new BadInput('a fragment of the pixel data is cut off');
    items.push({ start: at, bytes: value.subarray(at + 8, end) });
    at = end;
  }
  if (items.length < 2) throw new BadInput('encapsulated pixel data without a fragment');
  const [table, ...fragments] = items;
  const origin = 8 + table.bytes.length;
  return {
    basicOffsets: Array.from({ length: table.bytes.length >> 2 }, (_, i) => view.getUint32(8 + 4 * i, true)),
    fragments: fragments.map(({ start, bytes }) => ({ offset: start - origin, bytes })),
  };
}

/** Runs of fragments that begin at `offsets`; undefined when the offsets point elsewhere than to fragments. */
function splitAt(fragments: Fragment[], offsets: readonly number[]): Fragment[][] | undefined {
  const places = new Map(fragments.map(({ offset }, n) => [offset, n]));
  const starts = offsets.map((offset) => places.get(offset) ?? -1);
  if (starts[0] !== 0 || starts.some((start, i) => i > 0 && start <= starts[i - 1])) return undefined;
  return starts.map((start, i) => fragments.slice(start, starts[i + 1]));
}

/** JPEG and JPEG-LS start with SOI, JPEG 2000 with SOC. */
function startsCodeStream(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && (bytes[1] === 0xd8 || bytes[1] === 0x4f);
}

function join(fragments: Fragment[]): Uint8Array {
  if (fragments.length === 1) return fragments[0].bytes;
  const joined = new Uint8Array(fragments.reduce((sum, fragment) => sum + fragment.bytes.length, 0));
  let at = 0;
  for (const { bytes } of fragments) {
    joined.set(bytes, at);
    at += bytes.length;
  }
  return joined;
}
