import { connectedComponents } from '../../image/components.ts';
import { indexToPatient, type Mask, patientToIndex, type Volume } from '../../image/grid.ts';
import { maskCentroidMm, maskVolumeCc } from '../../image/mask.ts';
import type { Vec3 } from '../../math/vec3.ts';
import { SliceTally } from './slice-tally.ts';

/** What the mask of a structure holds. */
export interface StructureMeasures {
  /** Mean of its voxels in patient coordinates (LPS), mm: x grows to the left of the patient. */
  centroidMm: Vec3;
  /**
   * Volumes of the connected pieces (voxels that share a corner) in descending order, cc. Pieces of one or two voxels
   * do not count.
   */
  piecesCc: number[];
  /** A voxel of the second piece, where there is one, mm. */
  apartMm?: Vec3;
  /** Of a CT in HU. */
  medianHu?: number;
  /** What of it lies outside of the body outline of its image; undefined without one, and of the outline itself. */
  outsideBody?: PartOutside;
  /** Of a body outline: what lies at its border. */
  outline?: OutlineMeasures;
  /** Median of the dose of the course at its voxels, Gy; undefined without a dose at half of them. */
  medianDoseGy?: number;
}

/** Of a body outline. */
export interface OutlineMeasures {
  /** Part of it that is air joined to the air around the patient in the plane of a slice, 0..1. */
  outerAir: number;
  /** Middle of that air on the slice that has most of it, mm. */
  outerAirMm?: Vec3;
  /** True when it reaches padding outside of the reconstructed field of view. */
  reachesPadding: boolean;
}

/** What of a structure lies outside of another one. */
export interface PartOutside {
  /** 0..1. */
  part: number;
  /** Middle of it on the slice that has most of it, mm. */
  middleMm?: Vec3;
}

/** Smaller pieces are corners of the outline between voxels. */
const LEAST_PIECE_VOXELS = 3;

/** Centroid and pieces. @param mask must hold a voxel */
export function shapeMeasures(mask: Mask): Pick<StructureMeasures, 'centroidMm' | 'piecesCc' | 'apartMm'> {
  const { labels, sizes } = connectedComponents(mask, 26);
  const voxels = sizes.reduce((sum, size) => sum + size, 0);
  const ccPerVoxel = maskVolumeCc(mask) / voxels;
  const pieces = sizes.filter((size, n) => n === 0 || size >= LEAST_PIECE_VOXELS);
  return {
    centroidMm: maskCentroidMm(mask) as Vec3,
    piecesCc: pieces.map((size) => size * ccPerVoxel),
    ...(pieces.length > 1 && { apartMm: centreOfVoxel(mask, labels.indexOf(2)) }),
  };
}

/** @param at place in the data of the mask */
function centreOfVoxel({ grid, box: { start, size } }: Mask, at: number): Vec3 {
  const [nx, ny] = size;
  return indexToPatient(grid, [
    start[0] + (at % nx),
    start[1] + (Math.floor(at / nx) % ny),
    start[2] + Math.floor(at / (nx * ny)),
  ]);
}

/** Median of the image in a mask on its grid; the lower of two middle values. */
export function medianIn(mask: Mask, { data }: Volume): number {
  const at = (i: number, j: number, k: number) => i + mask.grid.size[0] * (j + mask.grid.size[1] * k);
  if (data instanceof Int16Array) return medianOfShorts(mask, data, at);
  const values: number[] = [];
  forEachVoxel(mask, (i, j, k) => values.push(data[at(i, j, k)]));
  return lowerMedian(values);
}

const SHORTS = 2 ** 16;
const LEAST_SHORT = -(2 ** 15);

/** Counted, as a body outline holds tens of millions of voxels. */
function medianOfShorts(mask: Mask, data: Int16Array, at: (i: number, j: number, k: number) => number): number {
  const counts = new Uint32Array(SHORTS);
  let voxels = 0;
  forEachVoxel(mask, (i, j, k) => {
    counts[data[at(i, j, k)] - LEAST_SHORT]++;
    voxels++;
  });
  let below = 0;
  for (let bin = 0; bin < SHORTS; bin++) {
    below += counts[bin];
    if (2 * below >= voxels && below > 0) return bin + LEAST_SHORT;
  }
  return Number.NaN;
}

/** What of a mask lies outside of another one on the same grid. */
export function partOutside(mask: Mask, other: Mask): PartOutside {
  let voxels = 0;
  let outside = 0;
  const tally = new SliceTally();
  const [sx, sy, sz] = other.box.start;
  const [nx, ny, nz] = other.box.size;
  forEachVoxel(mask, (i, j, k) => {
    voxels++;
    const [a, b, c] = [i - sx, j - sy, k - sz];
    const isIn = a >= 0 && b >= 0 && c >= 0 && a < nx && b < ny && c < nz && other.data[a + nx * (b + ny * c)] === 1;
    if (isIn) return;
    outside++;
    tally.add(i, j, k);
  });
  return { part: outside / voxels, middleMm: tally.middleMm(mask.grid) };
}

/** More points than these do not change a median that is held against a tolerance of per cents. */
const MOST_SAMPLES = 20_000;

/**
 * Median of a dose at the voxels of a mask, of every nth where there are very many; undefined unless the dose is known at
 * half of them.
 */
export function medianDoseGy(mask: Mask, doseAt: (pointMm: Vec3) => number | undefined): number | undefined {
  const every = Math.ceil(mask.data.length / (4 * MOST_SAMPLES));
  const values: number[] = [];
  let seen = 0;
  let taken = 0;
  forEachVoxel(mask, (i, j, k) => {
    if (seen++ % every !== 0) return;
    taken++;
    const value = doseAt(indexToPatient(mask.grid, [i, j, k]));
    if (value !== undefined) values.push(value);
  });
  return 2 * values.length > taken ? lowerMedian(values) : undefined;
}

/** Trilinear between voxel centres; undefined outside of them. */
export function valueAt({ grid, data }: Volume, pointMm: Vec3): number | undefined {
  const [x, y, z] = patientToIndex(grid, pointMm);
  const [nx, ny, nz] = grid.size;
  const i = cellOf(x, nx);
  const j = cellOf(y, ny);
  const k = cellOf(z, nz);
  const a = x - i;
  const b = y - j;
  const c = z - k;
  if (!(isInCell(a, nx) && isInCell(b, ny) && isInCell(c, nz))) return undefined;
  let sum = 0;
  for (let corner = 0; corner < 8; corner++) {
    const di = corner & 1;
    const dj = (corner >> 1) & 1;
    const dk = corner >> 2;
    if (i + di >= nx || j + dj >= ny || k + dk >= nz) continue;
    const weight = (di ? a : 1 - a) * (dj ? b : 1 - b) * (dk ? c : 1 - c);
    sum += weight * data[i + di + nx * (j + dj + ny * (k + dk))];
  }
  return sum;
}

/** The voxel at the lower end of the cell that an index lies in. */
function cellOf(x: number, voxels: number): number {
  return Math.min(Math.max(Math.floor(x + ROUNDING), 0), Math.max(voxels - 2, 0));
}

function isInCell(part: number, voxels: number): boolean {
  return part >= -ROUNDING && part <= (voxels > 1 ? 1 : 0) + ROUNDING;
}

/** A point this near outside counts as on the grid, in voxels. */
const ROUNDING = 1e-3;

export function forEachVoxel({ box, data }: Mask, visit: (i: number, j: number, k: number) => void): void {
  const [nx, ny, nz] = box.size;
  for (let k = 0, v = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, v++) if (data[v] === 1) visit(box.start[0] + i, box.start[1] + j, box.start[2] + k);
}

function lowerMedian(values: number[]): number {
  return Float64Array.from(values).sort()[(values.length - 1) >> 1];
}
