import { BadInput } from '../errors.ts';
import { type DecodeFrame, type FrameShape, type RawFrame, requireShape, samplesOf } from './raw-frame.ts';

type Decoder = new () => CodecDecoder;
type CodecName = keyof typeof CODECS;

/** A new object each time: the codec makes it its module. */
const silent = (): CodecOptions => ({ print: () => {}, printErr: () => {} });

const CODECS = {
  jpeg: async (): Promise<Decoder> => {
    const codec = await import('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs');
    return (await codec.default(silent())).JPEGDecoder;
  },
  jpegLs: async (): Promise<Decoder> => {
    const codec = await import('@cornerstonejs/codec-charls/decodewasmjs');
    return (await codec.default(silent())).JpegLSDecoder;
  },
  jpeg2000: async (): Promise<Decoder> => {
    const codec = await import('@cornerstonejs/codec-openjpeg/decodewasmjs');
    return (await codec.default(silent())).J2KDecoder;
  },
};

interface Loaded {
  decoder: Promise<Decoder>;
  failures: number;
}

const loaded = new Map<CodecName, Loaded>();

/** Measured for CharLS: good images fail after some 280 broken ones. Loading is dear, so not after each of them. */
const FAILURES_UNTIL_RELOAD = 32;

/**
 * The decoder of a WebAssembly codec, loaded on first use and once per thread. An exception inside leaves the codec's
 * stack where it was thrown; so that broken images do not use it up for the good ones, it is loaded anew now and then.
 */
export async function wasmDecoder(name: CodecName): Promise<DecodeFrame> {
  let codec = loaded.get(name);
  if (!codec || codec.failures >= FAILURES_UNTIL_RELOAD) {
    codec = { decoder: CODECS[name](), failures: 0 };
    loaded.set(name, codec);
  }
  const current = codec;
  const Decoder = await current.decoder;
  return (frame, shape) => {
    try {
      return decodeWith(new Decoder(), frame, shape);
    } catch (cause) {
      current.failures += 1;
      throw cause instanceof BadInput ? cause : new BadInput('the compressed pixel data cannot be decoded', { cause });
    }
  };
}

function decodeWith(decoder: CodecDecoder, frame: Uint8Array, shape: FrameShape): RawFrame {
  decoder.getEncodedBuffer(frame.length).set(frame);
  decoder.decode();
  const info = decoder.getFrameInfo();
  requireShape(info.width, info.height, info.componentCount, shape);
  const samples = samplesOf(decoder.getDecodedBuffer().slice(), info.bitsPerSample > 8 ? 16 : 8);
  decoder.delete();
  return { samples, precision: info.bitsPerSample };
}
