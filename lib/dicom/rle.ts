import { BadInput } from '../errors.ts';

const HEADER_BYTES = 64;
/** Two bytes make 128 at most. */
const MOST_RATIO = 64;

/**
 * One frame of RLE Lossless (PS3.5 annex G): a segment per byte of a sample, the most significant first.
 * @returns little-endian samples of `bytesPerSample` bytes
 * @throws BadInput when segments are missing or too short
 */
export function decodeRle(frame: Uint8Array, samples: number, bytesPerSample: number): Uint8Array {
  if (frame.length < HEADER_BYTES) throw new BadInput('an RLE frame is shorter than its header');
  const header = new DataView(frame.buffer, frame.byteOffset, HEADER_BYTES);
  const segments = header.getUint32(0, true);
  if (segments !== bytesPerSample)
    throw new BadInput(`an RLE frame has ${segments} segments instead of ${bytesPerSample}`);
  if (samples * bytesPerSample > MOST_RATIO * frame.length)
    throw new BadInput(`an RLE frame of ${frame.length} bytes cannot hold ${samples} samples`);
  const out = new Uint8Array(samples * bytesPerSample);
  for (let segment = 0; segment < segments; segment++) {
    const start = header.getUint32(4 + 4 * segment, true);
    const end = segment + 1 < segments ? header.getUint32(8 + 4 * segment, true) : frame.length;
    if (start < HEADER_BYTES || end < start || end > frame.length)
      throw new BadInput('an RLE segment lies outside of its frame');
    unpack(frame.subarray(start, end), out, bytesPerSample - 1 - segment, bytesPerSample);
  }
  return out;
}

/** PackBits: n < 128 copies n + 1 bytes, n > 128 repeats the next byte 257 - n times, 128 is nothing. */
function unpack(packed: Uint8Array, out: Uint8Array, first: number, step: number): void {
  let to = first;
  for (let from = 0; from < packed.length && to < out.length; ) {
    const control = packed[from++];
    if (control < 128) {
      for (let n = control; n >= 0 && to < out.length && from < packed.length; n--, to += step)
        out[to] = packed[from++];
    } else if (control > 128) {
      const value = packed[from++];
      for (let n = 257 - control; n > 0 && to < out.length; n--, to += step) out[to] = value;
    }
  }
  if (to < out.length) throw new BadInput('an RLE segment ends before its plane is full');
}
