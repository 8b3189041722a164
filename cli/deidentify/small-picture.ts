import { encode } from 'fast-png';
import type { DataSet } from '#lib/dicom/data-set.ts';
import { decodeFrames } from '#lib/dicom/pixels.ts';
import { BadInput } from '#lib/errors.ts';

/** Pixels along the longer side, at most: enough to see whether there is text, and to read a headline. */
const LONGEST = 400;

/**
 * The first frame of an image as a PNG, from its least value to its greatest; every so many pixels, so that lines of text stay
 * sharp. Colour is drawn where it is uncompressed.
 * @throws BadInput when the pixels are missing, broken, or compressed colour
 */
export async function smallPicture(dataSet: DataSet): Promise<Uint8Array> {
  const { columns, rows, channels, valueAt } = await pixelsOf(dataSet);
  const step = Math.max(1, Math.ceil(Math.max(columns, rows) / LONGEST));
  const [width, height] = [Math.ceil(columns / step), Math.ceil(rows / step)];
  const picked = new Float64Array(width * height * channels);
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let channel = 0; channel < channels; channel++)
        picked[to++] = valueAt(y * step * columns + x * step, channel);
  const [least, most] = channels === 1 ? rangeOf(picked) : [0, 255];
  const scale = most > least ? 255 / (most - least) : 0;
  const data = Uint8Array.from(picked, (value) => Math.round((value - least) * scale));
  return encode({ width, height, channels, depth: 8, data });
}

interface Pixels {
  columns: number;
  rows: number;
  channels: 1 | 3;
  valueAt(pixel: number, channel: number): number;
}

async function pixelsOf(dataSet: DataSet): Promise<Pixels> {
  if (dataSet.number('SamplesPerPixel') === 3) return colourOf(dataSet);
  const { columns, rows, data, whiteIsLow } = await decodeFrames(dataSet);
  return { columns, rows, channels: 1, valueAt: (pixel) => (whiteIsLow ? -data[pixel] : data[pixel]) };
}

/** Eight bits a sample, pixel by pixel or plane by plane (PS3.3 C.7.6.3.1.3). */
function colourOf(dataSet: DataSet): Pixels {
  const [columns, rows] = [dataSet.number('Columns') ?? 0, dataSet.number('Rows') ?? 0];
  const bytes = dataSet.bytes('PixelData');
  const count = columns * rows;
  const isPlain = dataSet.text('PhotometricInterpretation') === 'RGB' && dataSet.number('BitsAllocated') === 8;
  if (!isPlain || count === 0 || !bytes || bytes.length < 3 * count)
    throw new BadInput('colour pictures of this kind cannot be drawn');
  const byPlane = dataSet.number('PlanarConfiguration') === 1;
  const valueAt = (pixel: number, channel: number) => bytes[byPlane ? channel * count + pixel : 3 * pixel + channel];
  return { columns, rows, channels: 3, valueAt };
}

function rangeOf(values: Float64Array): [number, number] {
  let [least, most] = [values[0], values[0]];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}
