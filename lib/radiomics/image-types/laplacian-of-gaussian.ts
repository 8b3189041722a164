import type { Volume, VoxelArray } from '../../image/grid.ts';
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
 * float32 numbers, as there.
 */
export function laplacianOfGaussian(image: Volume, sigmaMm: number): Float32Array {
  const { size, spacingMm } = image.grid;
  const count = image.data.length;
  const source = samplesOf(image.data);
  const longest = Math.max(...size);
  const lines = [0, 1, 2].map((axis) => groupsOfLines(size, axis));
  const bytes = 4 * count;
  const [data, ping, pong, sum, taps, scratch, ...bases] = place(source, [
    ...[bytes, bytes, bytes, 8 * TAPS, 64 * longest],
    ...lines.map((groups) => groups.byteLength),
  ]);
  for (const axis of [0, 1, 2]) int32At(bases[axis], lines[axis].length).set(lines[axis]);
  float32At(sum, count).fill(0);
  const filter = (from: number, sampleBytes: number, to: number, axis: number, coefficients: RecursiveFilter) => {
    float64At(taps, TAPS).set(tapsOf(coefficients));
    const stride = axis === 0 ? 1 : axis === 1 ? size[0] : size[0] * size[1];
    const apart = axis === 0 ? size[0] : 1;
    kernels().filterLines(
      from,
      sampleBytes,
      to,
      bases[axis],
      lines[axis].length,
      size[axis],
      stride,
      apart,
      taps,
      scratch,
    );
  };
  for (let axis = 0; axis < 3; axis++) {
    const [first, second] = [0, 1, 2].filter((other) => other !== axis);
    filter(
      data,
      source.BYTES_PER_ELEMENT,
      ping,
      axis,
      secondDerivativeFilter(sigmaMm / spacingMm[axis], sigmaMm * sigmaMm),
    );
    filter(ping, 4, pong, first, smoothingFilter(sigmaMm / spacingMm[first]));
    filter(pong, 4, ping, second, smoothingFilter(sigmaMm / spacingMm[second]));
    kernels().addQuotients(ping, spacingMm[axis] * spacingMm[axis], sum, count);
  }
  return float32At(sum, count).slice();
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

/**
 * First samples of the lines along an axis, every fourth line: groups of four side by side, along i, or along j when the
 * lines themselves run along i. Where a count does not divide by four the last group overlaps the one before.
 */
function groupsOfLines(size: Vec3, axis: number): Int32Array {
  const [nx, ny, nz] = size;
  const along = axis === 0 ? { n: ny, step: nx } : { n: nx, step: 1 };
  const across = axis === 2 ? { n: ny, step: nx } : { n: nz, step: nx * ny };
  const starts: number[] = [];
  for (let a = 0; a < across.n; a++) {
    for (let b = 0; b < along.n; b += 4) starts.push(a * across.step + Math.min(b, along.n - 4) * along.step);
  }
  return Int32Array.from(starts);
}
