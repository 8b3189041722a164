import { PipelineError } from '../errors.ts';
import type { Grid, Volume, VoxelArray } from '../image/grid.ts';
import { column, dot, type Vec3 } from '../math/vec3.ts';
import { readNifti } from '../nifti/read-nifti.ts';
import { type Label, readLabelTable } from './label-table.ts';

/** Which voxel belongs to which structure: the value of a label, 0 for none. */
export interface LabelMap {
  volume: Volume<Uint8Array | Uint16Array>;
  /** All that the model can find, whether found or not. */
  labels: Label[];
}

/** A program ended as if all were well and left no result, or a broken one. */
export class UnusableResult extends PipelineError {}

const MAX_SHIFT_VOXELS = 0.01;

/**
 * Reads the label map that a program wrote for an image.
 * @param grid of the image that the program was given
 * @param labels names of the values; without them the table in the header of the file counts
 * @throws UnusableResult when the file is cut, lies elsewhere than the image, has no label names, or has values without one
 */
export function readLabelMap(file: Uint8Array, grid: Grid, labels?: Label[]): LabelMap {
  const { volume, table } = parse(file);
  if (!isSameGrid(volume.grid, grid)) {
    const [found, asked] = [volume.grid, grid].map(({ size, originMm }) => `${size} from ${originMm.map(rounded)} mm`);
    throw new UnusableResult(`the label map does not lie on the image: ${found} instead of ${asked}`);
  }
  const names = labels ?? table;
  if (names.length === 0) throw new UnusableResult('the label map does not name its labels');
  return { volume: { grid, data: wholeNumbers(volume.data, names) }, labels: names };
}

/** Voxels of each value of a label map. */
export function countLabels(data: Uint8Array | Uint16Array): Map<number, number> {
  const counts = new Uint32Array(data instanceof Uint8Array ? 256 : 65_536);
  for (let v = 0; v < data.length; v++) counts[data[v]]++;
  const found = new Map<number, number>();
  for (let value = 1; value < counts.length; value++) if (counts[value] > 0) found.set(value, counts[value]);
  return found;
}

function parse(file: Uint8Array): { volume: Volume; table: Label[] } {
  try {
    return { volume: readNifti(file), table: readLabelTable(file) };
  } catch (cause) {
    throw new UnusableResult('the label map cannot be read', { cause });
  }
}

function isSameGrid(a: Grid, b: Grid): boolean {
  const shift = a.originMm.map((mm, axis) => mm - b.originMm[axis]) as Vec3;
  const near = ([0, 1, 2] as const).every((axis) => {
    const along = Math.abs(dot(shift, column(b.direction, axis))) / b.spacingMm[axis];
    const stretch = (Math.abs(a.spacingMm[axis] - b.spacingMm[axis]) / b.spacingMm[axis]) * b.size[axis];
    return a.size[axis] === b.size[axis] && along < MAX_SHIFT_VOXELS && stretch < MAX_SHIFT_VOXELS;
  });
  return near && a.direction.every((value, i) => Math.abs(value - b.direction[i]) < 1e-4);
}

function wholeNumbers(data: VoxelArray, labels: Label[]): Uint8Array | Uint16Array {
  const known = new Set([0, ...labels.map(({ value }) => value)]);
  const largest = Math.max(...known);
  const values = largest < 256 ? new Uint8Array(data.length) : new Uint16Array(data.length);
  let previous = 0;
  for (let v = 0; v < data.length; v++) {
    const value = data[v];
    if (value !== previous) {
      if (!known.has(value)) throw new UnusableResult(`the label map contains the value ${value}, which has no name`);
      previous = value;
    }
    values[v] = value;
  }
  return values;
}

function rounded(mm: number): number {
  return Math.round(1000 * mm) / 1000;
}
