import { BadInput } from '../errors.ts';
import { type Volume, voxelCount } from '../image/grid.ts';
import { unpackImage } from './inflate.ts';
import { gridOfNrrd } from './nrrd-grid.ts';
import { type NrrdFields, readNrrdHeader, requiredField } from './nrrd-header.ts';
import { BYTES_PER_VOXEL, decodeVoxels, parseVoxels, type VoxelType } from './voxels.ts';

/** Names of https://teem.sourceforge.net/nrrd/format.html#type */
const VOXEL_TYPES: Record<VoxelType, string[]> = {
  int8: ['signed char', 'int8', 'int8_t'],
  uint8: ['uchar', 'unsigned char', 'uint8', 'uint8_t'],
  int16: ['short', 'short int', 'signed short', 'signed short int', 'int16', 'int16_t'],
  uint16: ['ushort', 'unsigned short', 'unsigned short int', 'uint16', 'uint16_t'],
  int32: ['int', 'signed int', 'int32', 'int32_t'],
  uint32: ['uint', 'unsigned int', 'uint32', 'uint32_t'],
  int64: ['longlong', 'long long', 'long long int', 'signed long long', 'signed long long int', 'int64', 'int64_t'],
  uint64: ['ulonglong', 'unsigned long long', 'unsigned long long int', 'uint64', 'uint64_t'],
  float32: ['float'],
  float64: ['double'],
};

export interface NrrdOptions {
  /** Of voxels that are vectors: which component, from 0. */
  channel?: number;
  /** Content of the files that `nrrdDataFiles` names. */
  detached?: Uint8Array[];
}

/** The files that hold the voxels of a detached header (.nhdr), relative to it; empty when it holds them itself. */
export function nrrdDataFiles(file: Uint8Array): string[] {
  return readNrrdHeader(file).dataFiles;
}

/**
 * A NRRD file (.nrrd, .nhdr; https://teem.sourceforge.net/nrrd/format.html) of two or three dimensions with raw, gzip,
 * text or hex voxels, its grid in LPS. Of voxels that are vectors (a fourth axis before the others, of no direction:
 * overlapping segments of 3D Slicer) the component `channel` is taken.
 * @throws BadInput for other encodings, spaces or dimensions, sheared grids, and detached data that are not given
 */
export function readNrrd(file: Uint8Array, { channel, detached }: NrrdOptions = {}): Volume {
  const { fields, dataStart, dataFiles } = readNrrdHeader(file);
  if (dataFiles.length > 0 && detached?.length !== dataFiles.length)
    throw new BadInput('the voxels of this NRRD are in other files');
  const dimension = requiredField(fields, 'dimension');
  const isVector = channel !== undefined && dimension === '4' && /^none\b/.test(fields.get('spacedirections') ?? '');
  if (!['2', '3'].includes(dimension) && !isVector)
    throw new BadInput(`the NRRD has ${dimension} dimensions instead of 3`);
  const components = isVector ? Number(requiredField(fields, 'sizes').split(/\s+/)[0]) : 1;
  if (!Number.isInteger(components))
    throw new BadInput(`the NRRD has ${components} components instead of a whole number`);
  const grid = gridOfNrrd(fields, dimension === '2' ? 2 : 3);
  const parts = dataFiles.length > 0 ? detached! : [file.subarray(dataStart)];
  const data = readVoxels(fields, parts, components * voxelCount(grid));
  return { grid, data: isVector ? componentOf(data, channel, components) : data };
}

/** The components of a voxel lie side by side. */
function componentOf(data: Volume['data'], channel: number, components: number): Volume['data'] {
  if (channel >= components) throw new BadInput(`channel ${channel} does not exist (0-${components - 1})`);
  return data.filter((_, n) => n % components === channel);
}

/** Voxels of one file after the other, each with what is to be skipped. */
function readVoxels(fields: NrrdFields, parts: Uint8Array[], count: number): Volume['data'] {
  const type = readType(fields);
  const encoding = requiredField(fields, 'encoding').toLowerCase();
  const partBytes = (count / parts.length) * BYTES_PER_VOXEL[type];
  const bytes = Buffer.concat(parts.map((part) => decodePart(fields, encoding, part, partBytes)));
  if (['ascii', 'text', 'txt'].includes(encoding)) return parseVoxels(bytes.toString('latin1'), type, count);
  return decodeVoxels(bytes, type, fields.get('endian')?.toLowerCase() !== 'big', count);
}

/** Lines are skipped before decompression, bytes after; a byte skip of -1 leaves the last bytes of the file. */
function decodePart(fields: NrrdFields, encoding: string, part: Uint8Array, length: number): Uint8Array {
  const lineSkip = skipOf(fields, 'line skip', 0);
  const byteSkip = skipOf(fields, 'byte skip', -1);
  let start = 0;
  for (let line = 0; line < lineSkip; line++) {
    start = part.indexOf(0x0a, start) + 1;
    if (start === 0) throw new BadInput(`the NRRD has fewer lines than its line skip of ${lineSkip}`);
  }
  const decoded = decode(part.subarray(start), encoding, Math.max(0, byteSkip) + length);
  if (byteSkip >= 0) return decoded.subarray(byteSkip);
  if (encoding !== 'raw') throw new BadInput('a byte skip of -1 works only with the raw encoding');
  if (decoded.length < length) throw new BadInput(`the image ends early: ${decoded.length} bytes instead of ${length}`);
  return decoded.subarray(decoded.length - length);
}

function skipOf(fields: NrrdFields, name: string, least: number): number {
  const text = fields.get(name.replace(' ', '')) ?? '0';
  const skip = Number(text);
  if (!Number.isInteger(skip) || skip < least) throw new BadInput(`the NRRD has a ${name} of "${text}"`);
  return skip;
}

function decode(bytes: Uint8Array, encoding: string, expected: number): Uint8Array {
  if (['raw', 'ascii', 'text', 'txt'].includes(encoding)) return bytes;
  if (encoding === 'hex') return Buffer.from(new TextDecoder().decode(bytes).replace(/\s/g, ''), 'hex');
  if (encoding !== 'gzip' && encoding !== 'gz') throw new BadInput(`the NRRD encoding "${encoding}" is not supported`);
  return unpackImage(bytes, expected, 'gzip');
}

function readType(fields: NrrdFields): VoxelType {
  const name = requiredField(fields, 'type').toLowerCase();
  const known = (Object.keys(VOXEL_TYPES) as VoxelType[]).find((type) => VOXEL_TYPES[type].includes(name));
  if (!known) throw new BadInput(`the NRRD type "${name}" holds no plain numbers`);
  return known;
}
