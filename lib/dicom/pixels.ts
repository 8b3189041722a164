import { BadInput } from '../errors.ts';
import type { DataSet } from './data-set.ts';
import { frameDecoder } from './decompress.ts';
import { encapsulatedFrames } from './encapsulated.ts';
import { frameCount } from './frame-count.ts';
import { type RawFrame, samplesOf } from './raw-frame.ts';
import { TransferSyntax } from './uid.ts';

export type StoredValues =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

export interface Frames {
  rows: number;
  columns: number;
  frames: number;
  /**
   * Stored values: frame after frame, row after row, perhaps a view of the file's bytes. They stay what the object stores also for MONOCHROME1, which only
   * says that a display shows the least value white (PS3.3 C.7.6.3.1.2): quantities are not inverted.
   */
  data: StoredValues;
  /** True for MONOCHROME1: a picture of the values shall be inverted. */
  whiteIsLow: boolean;
  /** True when bits outside of BitsStored were set and no sign extension: they were dropped (PS3.5 section 8.1.1). */
  droppedBits: boolean;
}

/**
 * Decodes Pixel Data, Float Pixel Data or Double Float Pixel Data of a grey image, native or compressed.
 * @param bits which of an uncompressed sample hold the value: BitsStored as written, or all that are allocated
 * @throws UnsupportedTransferSyntax
 * @throws BadInput for colour, for missing or too few pixel data and for broken code streams
 */
export async function decodeFrames(dataSet: DataSet, bits: 'stored' | 'allocated' = 'stored'): Promise<Frames> {
  const written = layoutOf(dataSet);
  const { bitsAllocated } = written;
  const layout = bits === 'stored' ? written : { ...written, bitsStored: bitsAllocated, highBit: bitsAllocated - 1 };
  const { rows, columns, frames } = layout;
  const whiteIsLow = dataSet.text('PhotometricInterpretation') === 'MONOCHROME1';
  const float = floatValues(dataSet, layout);
  if (float) return { rows, columns, frames, data: float, whiteIsLow, droppedBits: false };
  const raw = isNative(dataSet.transferSyntaxUid) ? nativeSamples(dataSet, layout) : await decompress(dataSet, layout);
  return { rows, columns, frames, whiteIsLow, ...storedValues(raw, layout) };
}

/** Image Pixel module, PS3.3 C.7.6.3. */
interface Layout {
  rows: number;
  columns: number;
  frames: number;
  bitsAllocated: number;
  bitsStored: number;
  highBit: number;
  signed: boolean;
}

function layoutOf(dataSet: DataSet): Layout {
  const rows = positive(dataSet, 'Rows');
  const columns = positive(dataSet, 'Columns');
  if ((dataSet.number('SamplesPerPixel') ?? 1) !== 1) throw new BadInput('a colour image holds no quantity');
  const bitsAllocated = dataSet.number('BitsAllocated') ?? 16;
  const bitsStored = dataSet.number('BitsStored') ?? bitsAllocated;
  const highBit = dataSet.number('HighBit') ?? bitsStored - 1;
  if (bitsStored < 1 || bitsStored > bitsAllocated || highBit >= bitsAllocated || highBit + 1 < bitsStored)
    throw new BadInput(`impossible pixel layout: ${bitsStored} bits up to bit ${highBit} of ${bitsAllocated}`);
  const signed = dataSet.number('PixelRepresentation') === 1;
  return { rows, columns, frames: frameCount(dataSet), bitsAllocated, bitsStored, highBit, signed };
}

function positive(dataSet: DataSet, keyword: 'Rows' | 'Columns'): number {
  const value = dataSet.number(keyword);
  if (!value || value < 1) throw new BadInput(`no pixel data: ${keyword} is missing`);
  return value;
}

function floatValues(dataSet: DataSet, layout: Layout): Float32Array | Float64Array | undefined {
  const keyword = dataSet.has('FloatPixelData') ? 'FloatPixelData' : 'DoubleFloatPixelData';
  const value = dataSet.bytes(keyword);
  if (!value) return undefined;
  const width = keyword === 'FloatPixelData' ? 4 : 8;
  const bytes = littleEndian(exactly(value, layout, width), width, dataSet.transferSyntaxUid).slice();
  return width === 4 ? new Float32Array(bytes.buffer) : new Float64Array(bytes.buffer);
}

function isNative(transferSyntaxUid: string): boolean {
  return NATIVE.has(transferSyntaxUid);
}

const NATIVE = new Set<string>([
  TransferSyntax.implicitVrLittleEndian,
  TransferSyntax.explicitVrLittleEndian,
  TransferSyntax.deflatedExplicitVrLittleEndian,
  TransferSyntax.explicitVrBigEndian,
]);

interface Samples {
  samples: RawFrame['samples'];
  /** The bits of a sample that hold the value: `bits` of them, the highest being `highBit`. */
  bits: number;
  highBit: number;
}

function nativeSamples(dataSet: DataSet, layout: Layout): Samples {
  const value = dataSet.bytes('PixelData');
  if (!value) throw new BadInput('no pixel data');
  if (layout.bitsAllocated === 1) return { samples: unpackBits(value, layout), bits: 1, highBit: 0 };
  if (![8, 16, 32].includes(layout.bitsAllocated))
    throw new BadInput(`pixel data with ${layout.bitsAllocated} bits allocated are not supported`);
  const width = layout.bitsAllocated / 8;
  const swapWidth = width === 1 && dataSet.vr('PixelData') === 'OW' ? 2 : width;
  const bytes = littleEndian(exactly(value, layout, width), swapWidth, dataSet.transferSyntaxUid);
  return { samples: samplesOf(bytes, layout.bitsAllocated), bits: layout.bitsStored, highBit: layout.highBit };
}

/** Bits fill bytes from the lowest on and frames follow without a gap (PS3.5 section 8.1.1, PS3.3 C.8.20.2). */
function unpackBits(value: Uint8Array, { rows, columns, frames }: Layout): Uint8Array {
  const count = rows * columns * frames;
  if (value.length * 8 < count) throw new BadInput(`pixel data of ${value.length} bytes hold fewer than ${count} bits`);
  const bits = new Uint8Array(count);
  for (let i = 0; i < count; i++) bits[i] = (value[i >> 3] >> (i & 7)) & 1;
  return bits;
}

function exactly(value: Uint8Array, { rows, columns, frames }: Layout, width: number): Uint8Array {
  const bytes = rows * columns * frames * width;
  if (value.length < bytes) throw new BadInput(`pixel data have ${value.length} bytes instead of ${bytes}`);
  return value.subarray(0, bytes);
}

function littleEndian(bytes: Uint8Array, width: number, transferSyntaxUid: string): Uint8Array {
  if (transferSyntaxUid !== TransferSyntax.explicitVrBigEndian || width === 1) return bytes;
  const swapped = bytes.slice();
  for (let at = 0; at + width <= swapped.length; at += width) swapped.subarray(at, at + width).reverse();
  return swapped;
}

/** Compressed pixels may be as many as a header says, whatever the file holds: more than 30,000 slices of 512 x 512. */
const MOST_PIXELS = 2 ** 33;

async function decompress(dataSet: DataSet, layout: Layout): Promise<Samples> {
  const decode = await frameDecoder(dataSet.transferSyntaxUid);
  const value = dataSet.bytes('PixelData');
  if (!value) throw new BadInput('no pixel data');
  const extendedOffsets = dataSet.numbers('ExtendedOffsetTable');
  const encoded = encapsulatedFrames({ value, frames: layout.frames, extendedOffsets });
  const perFrame = layout.rows * layout.columns;
  if (perFrame * layout.frames > MOST_PIXELS)
    throw new BadInput(
      `${layout.frames} compressed frames of ${perFrame} pixels: more than ${MOST_PIXELS} are not read`,
    );
  const first = decode(encoded[0], layout);
  const samples = blank(first.samples.BYTES_PER_ELEMENT, perFrame * layout.frames);
  encoded.forEach((frame, i) => {
    const raw = i === 0 ? first : decode(frame, layout);
    if (raw.precision !== first.precision) throw new BadInput('the frames differ in bits per sample');
    if (raw.samples.length < perFrame)
      throw new BadInput(`frame ${i} has ${raw.samples.length} pixels instead of ${perFrame}`);
    samples.set(raw.samples.subarray(0, perFrame), i * perFrame);
  });
  const bits = first.precision ?? layout.bitsStored;
  return { samples, bits, highBit: first.precision === undefined ? layout.highBit : bits - 1 };
}

function blank(bytesPerSample: number, length: number): RawFrame['samples'] {
  if (bytesPerSample === 1) return new Uint8Array(length);
  return bytesPerSample === 2 ? new Uint16Array(length) : new Uint32Array(length);
}

/** Cuts the value out of each sample and extends its sign. */
function storedValues(
  { samples, bits, highBit }: Samples,
  { signed }: Layout,
): { data: StoredValues; droppedBits: boolean } {
  const containerBits = 8 * samples.BYTES_PER_ELEMENT;
  const view = asType(samples, containerBits, signed);
  if (bits === containerBits) return { data: view, droppedBits: false };
  const data = view.slice();
  const up = 31 - highBit;
  const down = 32 - bits;
  let droppedBits = false;
  for (let i = 0; i < samples.length; i++) {
    const value = signed ? (samples[i] << up) >> down : (samples[i] << up) >>> down;
    data[i] = value;
    if (value !== view[i]) droppedBits = true;
  }
  return { data, droppedBits };
}

function asType({ buffer, byteOffset, length }: RawFrame['samples'], bits: number, signed: boolean): StoredValues {
  if (bits === 8)
    return signed ? new Int8Array(buffer, byteOffset, length) : new Uint8Array(buffer, byteOffset, length);
  if (bits === 16)
    return signed ? new Int16Array(buffer, byteOffset, length) : new Uint16Array(buffer, byteOffset, length);
  return signed ? new Int32Array(buffer, byteOffset, length) : new Uint32Array(buffer, byteOffset, length);
}
