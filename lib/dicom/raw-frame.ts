import { BadInput } from '../errors.ts';

export interface FrameShape {
  rows: number;
  columns: number;
  bitsAllocated: number;
}

/** One frame: raw samples, row by row. */
export interface RawFrame {
  samples: Uint8Array | Uint16Array | Uint32Array;
  /** Bits of a sample that the code stream says it has; undefined where it does not say. */
  precision?: number;
}

export type DecodeFrame = (frame: Uint8Array, shape: FrameShape) => RawFrame;

/** Little-endian bytes as samples; a copy where they do not lie on a multiple of their width. */
export function samplesOf(bytes: Uint8Array, bitsAllocated: number): RawFrame['samples'] {
  if (bitsAllocated === 8) return bytes;
  const width = bitsAllocated / 8;
  const aligned = bytes.byteOffset % width === 0 ? bytes : bytes.slice();
  const count = Math.floor(bytes.length / width);
  return width === 2
    ? new Uint16Array(aligned.buffer, aligned.byteOffset, count)
    : new Uint32Array(aligned.buffer, aligned.byteOffset, count);
}

/** @throws BadInput when the code stream holds another image than the header says */
export function requireShape(width: number, height: number, components: number, { rows, columns }: FrameShape): void {
  if (width !== columns || height !== rows || components !== 1)
    throw new BadInput(
      `the code stream holds ${width} x ${height} x ${components}, the header says ${columns} x ${rows} x 1`,
    );
}
