import { BadInput, UnsupportedTransferSyntax } from '../errors.ts';
import { decodeRle } from './rle.ts';
import { TransferSyntax } from './uid.ts';

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

/**
 * The decoder of a compressed transfer syntax. The WebAssembly codecs are loaded on first use, once per thread.
 * The decoder throws BadInput for a broken code stream.
 * @throws UnsupportedTransferSyntax
 */
export async function frameDecoder(transferSyntaxUid: string): Promise<DecodeFrame> {
  const load = DECODERS[transferSyntaxUid];
  if (!load) throw new UnsupportedTransferSyntax(`no decoder for the transfer syntax ${transferSyntaxUid}`);
  return load();
}

const DECODERS: Record<string, () => DecodeFrame | Promise<DecodeFrame>> = {
  [TransferSyntax.encapsulatedUncompressed]: () => uncompressed,
  [TransferSyntax.rleLossless]: () => rle,
  [TransferSyntax.jpegBaseline8Bit]: jpeg,
  [TransferSyntax.jpegExtended12Bit]: jpeg,
  [TransferSyntax.jpegLossless]: losslessJpeg,
  [TransferSyntax.jpegLosslessSv1]: losslessJpeg,
  [TransferSyntax.jpegLsLossless]: jpegLs,
  [TransferSyntax.jpegLsNearLossless]: jpegLs,
  [TransferSyntax.jpeg2000Lossless]: jpeg2000,
  [TransferSyntax.jpeg2000]: jpeg2000,
};

function uncompressed(frame: Uint8Array, { bitsAllocated }: FrameShape): RawFrame {
  return { samples: samplesOf(frame, bitsAllocated) };
}

function rle(frame: Uint8Array, { rows, columns, bitsAllocated }: FrameShape): RawFrame {
  return { samples: samplesOf(decodeRle(frame, rows * columns, bitsAllocated / 8), bitsAllocated) };
}

const SILENT: CodecOptions = { print: () => {}, printErr: () => {} };
const loaded = new Map<string, Promise<new () => CodecDecoder>>();

function once(name: string, load: () => Promise<new () => CodecDecoder>): Promise<new () => CodecDecoder> {
  const decoder = loaded.get(name) ?? load();
  loaded.set(name, decoder);
  return decoder;
}

async function jpegLs(): Promise<DecodeFrame> {
  return decodeWith(
    await once('jpegLs', async () => {
      const codec = await import('@cornerstonejs/codec-charls/decodewasmjs');
      return (await codec.default(SILENT)).JpegLSDecoder;
    }),
  );
}

async function jpeg2000(): Promise<DecodeFrame> {
  return decodeWith(
    await once('jpeg2000', async () => {
      const codec = await import('@cornerstonejs/codec-openjpeg/decodewasmjs');
      return (await codec.default(SILENT)).J2KDecoder;
    }),
  );
}

/** libjpeg-turbo is built for 8 bits: a 12-bit extended code stream has no decoder here. */
async function jpeg(): Promise<DecodeFrame> {
  const decode = decodeWith(
    await once('jpeg', async () => {
      const codec = await import('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs');
      return (await codec.default(SILENT)).JPEGDecoder;
    }),
  );
  return (frame, shape) => {
    const precision = jpegPrecision(frame);
    if (precision !== 8)
      throw new UnsupportedTransferSyntax(`no decoder for lossy JPEG with ${precision} bits per sample`);
    return decode(frame, shape);
  };
}

function decodeWith(Decoder: new () => CodecDecoder): DecodeFrame {
  return (frame, shape) => {
    const decoder = new Decoder();
    try {
      decoder.getEncodedBuffer(frame.length).set(frame);
      decoder.decode();
      const info = decoder.getFrameInfo();
      requireShape(info.width, info.height, info.componentCount, shape);
      const samples = samplesOf(decoder.getDecodedBuffer().slice(), info.bitsPerSample > 8 ? 16 : 8);
      return { samples, precision: info.bitsPerSample };
    } catch (cause) {
      if (cause instanceof BadInput) throw cause;
      throw new BadInput('the compressed pixel data cannot be decoded', { cause });
    } finally {
      decoder.delete();
    }
  };
}

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

function requireShape(width: number, height: number, components: number, { rows, columns }: FrameShape): void {
  if (width !== columns || height !== rows || components !== 1)
    throw new BadInput(
      `the code stream holds ${width} x ${height} x ${components}, the header says ${columns} x ${rows} x 1`,
    );
}

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

/** The sample precision that a start of frame (SOF0 to SOF15 but DHT, JPG and DAC) says; 8 when there is none. */
function jpegPrecision(frame: Uint8Array): number {
  for (let at = 2; at + 4 < frame.length && frame[at] === 0xff; at += 2 + frame[at + 2] * 256 + frame[at + 3]) {
    const marker = frame[at + 1];
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) return frame[at + 4];
  }
  return 8;
}
