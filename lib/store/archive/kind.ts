export type ArchiveKind = 'zip' | 'gzip' | 'tar';

/** How many bytes `archiveKind` wants to see. */
export const HEAD_BYTES = 512;

/** The kind of archive that begins with `head`, by content; undefined for other files. */
export function archiveKind(head: Uint8Array): ArchiveKind | undefined {
  if (startsWith(head, [0x50, 0x4b, 3, 4]) || startsWith(head, [0x50, 0x4b, 5, 6])) return 'zip';
  if (startsWith(head, [0x1f, 0x8b, 8])) return 'gzip';
  return isTarHeader(head) ? 'tar' : undefined;
}

function startsWith(head: Uint8Array, magic: number[]): boolean {
  return magic.every((byte, i) => head[i] === byte);
}

const CHECKSUM_AT = 148;
const CHECKSUM_BYTES = 8;

/** The first header of a tar archive carries the sum of its bytes, its own field counted as spaces. */
function isTarHeader(head: Uint8Array): boolean {
  if (head.length < HEAD_BYTES || head[0] === 0) return false;
  const field = String.fromCharCode(...head.subarray(CHECKSUM_AT, CHECKSUM_AT + CHECKSUM_BYTES));
  const octal = /^ *([0-7]+)[ \0]*$/.exec(field)?.[1];
  if (octal === undefined) return false;
  let sum = CHECKSUM_BYTES * 0x20;
  for (let i = 0; i < HEAD_BYTES; i++) if (i < CHECKSUM_AT || i >= CHECKSUM_AT + CHECKSUM_BYTES) sum += head[i];
  return sum === Number.parseInt(octal, 8);
}
