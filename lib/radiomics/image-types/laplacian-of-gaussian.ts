import { boxOf } from '../../image/box.ts';
import type { Box, Volume, VoxelArray } from '../../image/grid.ts';
import type { Vec3 } from '../../math/vec3.ts';
import { float32At, float64At, int32At, kernels, place } from '../kernels/kernels.ts';
import { type RecursiveFilter, secondDerivativeFilter, smoothingFilter } from './recursive-gaussian.ts';

/** Why a sigma gives no image, or undefined when it does: PyRadiomics leaves such images out. */
export function tooSmallForLog(
  size: readonly number[],
  spacingMm: readonly number[],
  sigmaMm: number,
): string | undefined {
  if (Math.min(...size) < 4) return `the image of ${size.join(' x ')} voxels has fewer than 4 voxels in a direction`;
  const axis = size.findIndex((voxels, n) => voxels < Math.ceil(sigmaMm / spacingMm[n]) + 1);
  if (axis < 0) return undefined;
  return `sigma ${sigmaMm} mm needs ${Math.ceil(sigmaMm / spacingMm[axis]) + 1} voxels along ${'ijk'[axis]}, but there are ${size[axis]}`;
}

/**
 * Scale-normalised Laplacian of Gaussian as ITK's LaplacianRecursiveGaussianImageFilter: per axis the second derivative,
 * then smoothing along the others, over spacing². The first pass reads the image in its own precision; every pass leaves
 * float32 numbers, as there. Outside of the box `within` the numbers are 0: a pass follows only the lines that lead into it.
 */
export function laplacianOfGaussian(image: Volume, sigmaMm: number, within: Box = boxOf(image.grid)): Float32Array {
  const { size, spacingMm } = image.grid;
  const count = image.data.length;
  const source = samplesOf(image.data);
  const longest = Math.max(...size);
  const bytes = 4 * count;
  const [data, ping, pong, sum, taps, bases, scratch] = place(source, [
    ...[bytes, bytes, bytes, 8 * TAPS, 4 * mostGroups(size), 64 * longest],
  ]);
  float32At(sum, count).fill(0);
  const filter = (from: Samples, to: number, axis: number, reached: Box, coefficients: RecursiveFilter) => {
    float64At(taps, TAPS).set(tapsOf(coefficients));
    const lines = groupsOfLines(size, axis, reached);
    int32At(bases, lines.length).set(lines);
    const stride = axis === 0 ? 1 : axis === 1 ? size[0] : size[0] * size[1];
    const apart = axis === 0 ? size[0] : 1;
    kernels().filterLines(from.at, from.bytes, to, bases, lines.length, size[axis], stride, apart, taps, scratch);
  };
  for (let axis = 0; axis < 3; axis++) {
    const [first, second] = [0, 1, 2].filter((other) => other !== axis);
    const all = boxOf(image.grid);
    const reached = boxAlong(within, all, [second]);
    const smoothing = (along: number) => smoothingFilter(sigmaMm / spacingMm[along]);
    const derivative = secondDerivativeFilter(sigmaMm / spacingMm[axis], sigmaMm * sigmaMm);
    filter({ at: data, bytes: source.BYTES_PER_ELEMENT }, ping, axis, all, derivative);
    filter({ at: ping, bytes: 4 }, pong, first, reached, smoothing(first));
    filter({ at: pong, bytes: 4 }, ping, second, within, smoothing(second));
    const [from, row] = [4 * firstOf(within, size), 4 * size[0]];
    const ends = [...within.size, row, row * size[1]] as const;
    kernels().addQuotients(ping + from, spacingMm[axis] * spacingMm[axis], sum + from, ...ends);
  }
  return float32At(sum, count).slice();
}

/** Where numbers lie, and how many bytes each takes. */
interface Samples {
  at: number;
  bytes: number;
}

function samplesOf(data: VoxelArray): Float32Array | Float64Array {
  if (data instanceof Float32Array || data instanceof Float64Array) return data;
  const isExact = !(data instanceof Int32Array || data instanceof Uint32Array);
  return isExact ? new Float32Array(data) : new Float64Array(data);
}

const TAPS = 14;

function tapsOf({ n, d, m, causalStart, anticausalStart }: RecursiveFilter): number[] {
  return [...n, ...d, ...m, causalStart, anticausalStart];
}

/** A box that along `axes` is as long as the whole. */
function boxAlong(box: Box, whole: Box, axes: number[]): Box {
  const pick = (part: 'start' | 'size') =>
    box[part].map((n, axis) => (axes.includes(axis) ? whole[part][axis] : n)) as Vec3;
  return { start: pick('start'), size: pick('size') };
}

function firstOf({ start }: Box, [nx, ny]: Vec3): number {
  return start[0] + nx * (start[1] + ny * start[2]);
}

/** Of lines through a whole image. */
function mostGroups([nx, ny, nz]: Vec3): number {
  return Math.max(Math.ceil(ny / 4) * nz, Math.ceil(nx / 4) * Math.max(ny, nz));
}

/**
 * First samples of the lines along an axis that lead through a box, every fourth line: groups of four side by side, along i,
 * or along j when the lines themselves run along i. Where a count does not divide by four the last group overlaps the one
 * before, or goes beyond the box.
 */
function groupsOfLines(size: Vec3, axis: number, { start, size: lines }: Box): Int32Array {
  const [nx, ny] = size;
  const steps = [1, nx, nx * ny];
  const [along, across] = axis === 0 ? [1, 2] : axis === 1 ? [0, 2] : [0, 1];
  const starts: number[] = [];
  for (let a = 0; a < lines[across]; a++) {
    for (let b = 0; b < lines[along]; b += 4) {
      const first = Math.min(start[along] + b, size[along] - 4);
      starts.push((start[across] + a) * steps[across] + first * steps[along]);
    }
  }
  return Int32Array.from(starts);
}
