import { endianness } from 'node:os';
import type { Volume, VoxelArray } from '../lib/image/grid.ts';
import { column } from '../lib/math/vec3.ts';

/** An NRRD file of a volume of even slices, its positions in full precision. */
export function writeNrrd({ grid, data }: Volume): Uint8Array {
  const vector = (numbers: readonly number[]) => `(${numbers.join(',')})`;
  const axes = ([0, 1, 2] as const).map((axis) =>
    vector(column(grid.direction, axis).map((part) => part * grid.spacingMm[axis])),
  );
  const header = [
    'NRRD0004',
    `type: ${typeOf(data)}`,
    'dimension: 3',
    'space: left-posterior-superior',
    `sizes: ${grid.size.join(' ')}`,
    `space directions: ${axes.join(' ')}`,
    `space origin: ${vector(grid.originMm)}`,
    `endian: ${endianness() === 'LE' ? 'little' : 'big'}`,
    'encoding: raw',
  ];
  return Buffer.concat([
    Buffer.from(`${header.join('\n')}\n\n`),
    new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  ]);
}

function typeOf(data: VoxelArray): string {
  if (data instanceof Float32Array) return 'float';
  if (data instanceof Float64Array) return 'double';
  return data.constructor.name.replace('Array', '').toLowerCase();
}
