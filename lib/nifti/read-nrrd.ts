import { gunzipSync } from 'node:zlib';
import { BadInput } from '../errors.ts';
import { type Volume, voxelCount } from '../image/grid.ts';
import type { Vec3 } from '../math/vec3.ts';
import { type Affine, flipLpsRas, gridOfAffine } from './affine.ts';
import { decodeVoxels, type VoxelType } from './voxels.ts';

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

const LPS = ['left-posterior-superior', 'lps'];
const RAS = ['right-anterior-superior', 'ras'];

/**
 * An attached NRRD file (.nrrd) of three dimensions with raw or gzip voxels, its grid in LPS. Of voxels that are vectors
 * (a fourth axis before the others, of no direction: overlapping segments of 3D Slicer) the component `channel` is taken.
 * @throws BadInput for detached data, other encodings, spaces or dimensions, and sheared grids
 */
export function readNrrd(file: Uint8Array, channel?: number): Volume {
  const { fields, dataStart } = readHeader(file);
  if (fields.has('data file') || fields.has('datafile')) throw new BadInput('the voxels of this NRRD are elsewhere');
  const dimension = required(fields, 'dimension');
  const isVector = channel !== undefined && dimension === '4' && /^none\b/.test(required(fields, 'space directions'));
  if (dimension !== '3' && !isVector) throw new BadInput(`the NRRD has ${dimension} dimensions instead of 3`);
  const sizes = required(fields, 'sizes').split(/\s+/).map(Number);
  const components = isVector ? sizes[0] : 1;
  const grid = gridOfAffine(readAffine(fields), sizes.slice(-3) as Vec3);
  const bytes = decompress(file.subarray(dataStart), required(fields, 'encoding').toLowerCase());
  const littleEndian = fields.get('endian')?.toLowerCase() !== 'big';
  const data = decodeVoxels(bytes, readType(fields), littleEndian, components * voxelCount(grid));
  return { grid, data: isVector ? componentOf(data, channel, components) : data };
}

/** The components of a voxel lie side by side. */
function componentOf(data: Volume['data'], channel: number, components: number): Volume['data'] {
  if (channel >= components) throw new BadInput(`channel ${channel} does not exist (0-${components - 1})`);
  return data.filter((_, n) => n % components === channel);
}

type Fields = Map<string, string>;

/** Lines of `field: value` up to an empty line; `key:=value` pairs and comments carry no geometry. */
function readHeader(file: Uint8Array): { fields: Fields; dataStart: number } {
  const fields: Fields = new Map();
  let position = 0;
  for (let line = 0; ; line++) {
    const end = file.indexOf(0x0a, position);
    if (end < 0) throw new BadInput('the NRRD header has no end');
    const text = new TextDecoder().decode(file.subarray(position, end)).trimEnd();
    position = end + 1;
    if (line === 0 && !/^NRRD000\d/.test(text)) throw new BadInput('this is not a NRRD file');
    if (text === '') return { fields, dataStart: position };
    const field = /^([^#:]+): *(.*)$/.exec(text);
    if (field) fields.set(field[1].toLowerCase(), field[2].trim());
  }
}

function required(fields: Fields, name: string): string {
  const value = fields.get(name);
  if (value === undefined) throw new BadInput(`the NRRD header has no "${name}"`);
  return value;
}

function readAffine(fields: Fields): Affine {
  const axes = readVectors(required(fields, 'space directions'));
  const [origin] = readVectors(required(fields, 'space origin'));
  if (axes.length !== 3 || origin === undefined) throw new BadInput('the NRRD header has no complete geometry');
  const affine = [0, 1, 2].map((row) => [axes[0][row], axes[1][row], axes[2][row], origin[row]]) as Affine;
  const space = required(fields, 'space').toLowerCase();
  if (LPS.includes(space)) return affine;
  if (RAS.includes(space)) return flipLpsRas(affine);
  throw new BadInput(`the NRRD space "${space}" is not supported`);
}

/** (1,0,0) (0,1,0) (0,0,1) */
function readVectors(text: string): number[][] {
  return [...text.matchAll(/\(([^)]*)\)/g)].map((match) => match[1].split(',').map(Number));
}

function readType(fields: Fields): VoxelType {
  const name = required(fields, 'type').toLowerCase();
  const known = (Object.keys(VOXEL_TYPES) as VoxelType[]).find((type) => VOXEL_TYPES[type].includes(name));
  if (!known) throw new BadInput(`the NRRD type "${name}" holds no plain numbers`);
  return known;
}

function decompress(bytes: Uint8Array, encoding: string): Uint8Array {
  if (encoding === 'raw') return bytes;
  if (encoding !== 'gzip' && encoding !== 'gz') throw new BadInput(`the NRRD encoding "${encoding}" is not supported`);
  try {
    return gunzipSync(bytes);
  } catch (cause) {
    throw new BadInput('the gzip data of the NRRD are broken', { cause });
  }
}
