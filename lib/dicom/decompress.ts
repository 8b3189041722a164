import { BadInput, UnsupportedTransferSyntax } from '../errors.ts';
import { ownKeys } from '../own-keys.ts';
import { type DecodeFrame, type FrameShape, type RawFrame, requireShape, samplesOf } from './raw-frame.ts';
import { decodeRle } from './rle.ts';
import { TransferSyntax } from './uid.ts';
import { wasmDecoder } from './wasm-codecs.ts';

/**
 * The decoder of a compressed transfer syntax. The WebAssembly codecs are loaded on first use, once per thread.
 * The decoder throws BadInput for a broken code stream.
 * @throws UnsupportedTransferSyntax
 */
export async function frameDecoder(transferSyntaxUid: string): Promise<DecodeFrame> {
  const load = Object.hasOwn(DECODERS, transferSyntaxUid) ? DECODERS[transferSyntaxUid] : undefined;
  if (!load) throw new UnsupportedTransferSyntax(`no decoder for the transfer syntax ${transferSyntaxUid}`);
  return load();
}

const DECODERS: Record<string, () => DecodeFrame | Promise<DecodeFrame>> = ownKeys({
  [TransferSyntax.encapsulatedUncompressed]: () => uncompressed,
  [TransferSyntax.rleLossless]: () => rle,
  [TransferSyntax.jpegBaseline8Bit]: jpeg,
  [TransferSyntax.jpegExtended12Bit]: jpeg,
  [TransferSyntax.jpegLossless]: losslessJpeg,
  [TransferSyntax.jpegLosslessSv1]: losslessJpeg,
  [TransferSyntax.jpegLsLossless]: jpegLs,
  [TransferSyntax.jpegLsNearLossless]: jpegLs,
  [TransferSyntax.jpeg2000Lossless]: () => wasmDecoder('jpeg2000'),
  [TransferSyntax.jpeg2000]: () => wasmDecoder('jpeg2000'),
});

function uncompressed(frame: Uint8Array, { bitsAllocated }: FrameShape): RawFrame {
  return { samples: samplesOf(frame, bitsAllocated) };
}

function rle(frame: Uint8Array, { rows, columns, bitsAllocated }: FrameShape): RawFrame {
  return { samples: samplesOf(decodeRle(frame, rows * columns, bitsAllocated / 8), bitsAllocated) };
}

/** libjpeg-turbo is built for 8 bits: a 12-bit extended code stream has no decoder here. */
async function jpeg(): Promise<DecodeFrame> {
  const decode = await wasmDecoder('jpeg');
  return (frame, shape) => {
    const precision = jpegPrecision(frame);
    if (precision !== 8)
      throw new UnsupportedTransferSyntax(`no decoder for lossy JPEG with ${precision} bits per sample`);
    return decode(frame, shape);
  };
}

/** Behind a code stream that is cut off, CharLS reads on in its memory, for minutes. */
async function jpegLs(): Promise<DecodeFrame> {
  const decode = await wasmDecoder('jpegLs');
  return (frame, shape) => {
    if (!endsWithMarker(frame)) throw new BadInput('the JPEG-LS code stream is cut off');
    return decode(frame, shape);
  };
}

/** End of image (FFD9), which coded data never hold, with padding of whatever kind behind it. */
function endsWithMarker(frame: Uint8Array): boolean {
  for (let at = frame.length - 2; at >= Math.max(0, frame.length - LONGEST_PADDING); at--)
    if (frame[at] === 0xff && frame[at + 1] === 0xd9) return true;
  return false;
}

const LONGEST_PADDING = 16;

async function losslessJpeg(): Promise<DecodeFrame> {
  const { LosslessJpegDecoder } = await import('./lossless-jpeg.ts');
  return (frame, shape) => {
    const decoder = new LosslessJpegDecoder();
    const samples = decoder.decodeFrame(frame);
    const { dimX, dimY, numComp, precision } = decoder.frame;
    requireShape(dimX, dimY, numComp, shape);
    return { samples, precision };
  };
}

/** The sample precision in a start of frame (SOF0 to SOF15 except DHT, JPG and DAC); 8 without one. */
function jpegPrecision(frame: Uint8Array): number {
  for (let at = 2; at + 4 < frame.length && frame[at] === 0xff; at += 2 + frame[at + 2] * 256 + frame[at + 3]) {
    const marker = frame[at + 1];
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) return frame[at + 4];
  }
  return 8;
}
