import { BadInput } from '../errors.ts';
import { type Volume, voxelCount } from '../image/grid.ts';
import type { Vec3 } from '../math/vec3.ts';
import { ownKeys } from '../own-keys.ts';
import { type Affine, gridOfAffine } from './affine.ts';
import { unpackImage } from './inflate.ts';
import { BYTES_PER_VOXEL, decodeVoxels, parseVoxels, type VoxelType } from './voxels.ts';

/** Names of https://docs.itk.org/en/latest/learn/metaio.html */
const VOXEL_TYPES: Record<string, VoxelType> = ownKeys({
  ...{ MET_CHAR: 'int8', MET_UCHAR: 'uint8', MET_SHORT: 'int16', MET_USHORT: 'uint16', MET_INT: 'int32' },
  ...{ MET_UINT: 'uint32', MET_LONG_LONG: 'int64', MET_ULONG_LONG: 'uint64', MET_FLOAT: 'float32' },
  MET_DOUBLE: 'float64',
});

type Fields = Map<string, string>;

interface Header {
  fields: Fields;
  dataStart: number;
  /** Empty when the data follow the header. */
  dataFiles: string[];
}

/** A MetaImage begins with its fields in text, among them the number of dimensions. */
export function isMetaImage(file: Uint8Array): boolean {
  return /^\s*(ObjectType\s*=\s*Image|NDims\s*=)/.test(new TextDecoder('latin1').decode(file.subarray(0, 256)));
}

/** The files that hold the voxels of a header (.mhd), relative to it; empty when it holds them itself. */
export function metaImageDataFiles(file: Uint8Array): string[] {
  return readHeader(file).dataFiles;
}

/**
 * A MetaImage (.mha, .mhd) of two or three dimensions and one channel, its grid in LPS.
 * @throws BadInput for others, for sheared grids, and for detached data that are not given
 */
export function readMetaImage(file: Uint8Array, detached?: Uint8Array[]): Volume {
  const { fields, dataStart, dataFiles } = readHeader(file);
  if (dataFiles.length > 0 && detached?.length !== dataFiles.length)
    throw new BadInput('the voxels of this MetaImage are in other files');
  const dimensions = Number(required(fields, 'NDims'));
  const channels = fields.get('ElementNumberOfChannels') ?? '1';
  if (![2, 3].includes(dimensions)) throw new BadInput(`the MetaImage has ${dimensions} dimensions instead of 3`);
  if (channels !== '1') throw new BadInput(`the MetaImage has ${channels} channels instead of 1`);
  const grid = gridOfAffine(affineOf(fields, dimensions), padded(numbers(fields, 'DimSize'), [1, 1, 1]));
  const name = required(fields, 'ElementType');
  const type = VOXEL_TYPES[name];
  if (!type) throw new BadInput(`the MetaImage type ${name} is not supported`);
  const parts = dataFiles.length > 0 ? detached! : [file.subarray(dataStart)];
  const count = voxelCount(grid);
  const bytes = Buffer.concat(
    parts.map((part) => decode(fields, part, (count / parts.length) * BYTES_PER_VOXEL[type])),
  );
  if (!isTrue(fields.get('BinaryData') ?? 'True'))
    return { grid, data: parseVoxels(bytes.toString('latin1'), type, count) };
  const order = fields.get('BinaryDataByteOrderMSB') ?? fields.get('ElementByteOrderMSB') ?? 'False';
  return { grid, data: decodeVoxels(bytes, type, !isTrue(order), count) };
}

/** Lines of `field = value`; ElementDataFile is the last, and LIST has a line per file. */
function readHeader(file: Uint8Array): Header {
  const fields: Fields = new Map();
  for (let position = 0; position < file.length; ) {
    const at = file.indexOf(0x0a, position);
    const end = at < 0 ? file.length : at;
    const text = new TextDecoder('latin1').decode(file.subarray(position, end));
    position = end + 1;
    const field = /^\s*(\w+)\s*=(.*)$/s.exec(text);
    if (!field) continue;
    const [, name, value] = field.map((part) => part.trim());
    fields.set(name, value);
    if (name !== 'ElementDataFile') continue;
    if (/^LOCAL$/i.test(value)) return { fields, dataStart: position, dataFiles: [] };
    if (!value.startsWith('LIST')) return { fields, dataStart: position, dataFiles: dataFilesOf(value) };
    const listed = new TextDecoder('latin1').decode(file.subarray(position)).split(/\r?\n/);
    return { fields, dataStart: position, dataFiles: listed.map((line) => line.trim()).filter(Boolean) };
  }
  throw new BadInput('the MetaImage header has no "ElementDataFile"');
}

/** A name, or a pattern with first and last number and step. */
function dataFilesOf(given: string): string[] {
  if (!/%\d*d/.test(given)) return [given];
  throw new BadInput(`data files of a MetaImage by a pattern are not supported: ${given}; give a LIST`);
}

function required(fields: Fields, name: string): string {
  const value = fields.get(name);
  if (value === undefined) throw new BadInput(`the MetaImage header has no "${name}"`);
  return value;
}

function numbers(fields: Fields, ...names: string[]): number[] {
  const found = names.map((name) => fields.get(name)).find((value) => value !== undefined);
  return found === undefined ? [] : found.split(/\s+/).map(Number);
}

function padded(values: number[], fill: Vec3): Vec3 {
  return fill.map((value, axis) => values[axis] ?? value) as Vec3;
}

/** The matrix holds the direction of one axis after the other. */
function affineOf(fields: Fields, dimensions: number): Affine {
  const spacing = padded(numbers(fields, 'ElementSpacing', 'ElementSize'), [1, 1, 1]);
  const origin = padded(numbers(fields, 'Offset', 'Position', 'Origin'), [0, 0, 0]);
  const matrix = numbers(fields, 'TransformMatrix', 'Rotation', 'Orientation');
  const direction = (axis: number, row: number) =>
    axis < dimensions && row < dimensions && matrix.length > 0 ? matrix[dimensions * axis + row] : Number(axis === row);
  return [0, 1, 2].map((row) => [
    ...[0, 1, 2].map((axis) => spacing[axis] * direction(axis, row)),
    origin[row],
  ]) as Affine;
}

/** HeaderSize bytes are skipped; -1 leaves the last bytes of the file. */
function decode(fields: Fields, part: Uint8Array, length: number): Uint8Array {
  const skip = Number(fields.get('HeaderSize') ?? 0);
  const data = skip >= 0 ? part.subarray(skip) : part.subarray(Math.max(part.length - length, 0));
  if (!isTrue(fields.get('CompressedData') ?? 'False')) return data;
  return unpackImage(data, length, 'zlib');
}

function isTrue(value: string): boolean {
  return /^(true|1)$/i.test(value);
}
