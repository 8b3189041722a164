/** The decoding and encoding functions of the codecs' WebAssembly builds, which have no types of their own. */
interface CodecFrameInfo {
  width: number;
  height: number;
  bitsPerSample: number;
  componentCount: number;
  isSigned?: boolean;
}

interface CodecDecoder {
  getEncodedBuffer(bytes: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  decode(): void;
  getFrameInfo(): CodecFrameInfo;
  delete(): void;
}

interface CodecOptions {
  print(line: string): void;
  printErr(line: string): void;
}

declare module '@cornerstonejs/codec-charls/decodewasmjs' {
  export default function load(options: CodecOptions): Promise<{ JpegLSDecoder: new () => CodecDecoder }>;
}

declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  export default function load(options: CodecOptions): Promise<{ J2KDecoder: new () => CodecDecoder }>;
}

declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs' {
  export default function load(options: CodecOptions): Promise<{ JPEGDecoder: new () => CodecDecoder }>;
}

declare module 'jpeg-lossless-decoder-js' {
  export class Decoder {
    decode(buffer: ArrayBufferLike, offset: number, length: number): Uint8Array | Uint16Array;
    frame: { precision: number; dimX: number; dimY: number; numComp: number };
    select7(component?: number): number;
    getPreviousX(component?: number): number;
    getPreviousY(component?: number): number;
    scan: { al: number };
    stream: { index: number; buffer: Uint8Array };
    yLoc: number;
  }
}
