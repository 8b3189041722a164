import type { VoxelArray } from '../../image/grid.ts';
import type { Vec3 } from '../../math/vec3.ts';

const POLE = Math.sqrt(3) - 2;
const TOLERANCE = 1e-10;

/**
 * Coefficients of the cubic B-spline through the samples, by the recursion of Unser (1999, doi:10.1109/79.799930, box 2)
 * with mirror boundaries, in the order of operations of ITK's BSplineDecompositionImageFilter. `out` receives them.
 */
export function splineCoefficients(data: VoxelArray, size: Vec3, out: Float64Array): Float64Array {
  out.set(data);
  const line = new Float64Array(Math.max(...size));
  for (let axis = 0; axis < 3; axis++) {
    const length = size[axis];
    if (length === 1) continue;
    const stride = axis === 0 ? 1 : axis === 1 ? size[0] : size[0] * size[1];
    const lines = out.length / length;
    for (let n = 0; n < lines; n++) {
      const start = axis === 0 ? n * length : (n % stride) + Math.floor(n / stride) * stride * length;
      for (let i = 0, p = start; i < length; i++, p += stride) line[i] = out[p];
      decompose(line, length);
      for (let i = 0, p = start; i < length; i++, p += stride) out[p] = line[i];
    }
  }
  return out;
}

/** Weights of the four coefficients around a position that lies `w` behind the second of them. */
export function cubicWeights(w: number): [number, number, number, number] {
  const last = (1 / 6) * w * w * w;
  const first = 1 / 6 + 0.5 * w * (w - 1) - last;
  const third = w + first - 2 * last;
  return [first, 1 - first - third - last, third, last];
}

function decompose(line: Float64Array, length: number): void {
  const gain = (1 - POLE) * (1 - 1 / POLE);
  for (let i = 0; i < length; i++) line[i] *= gain;
  line[0] = causalStart(line, length);
  for (let i = 1; i < length; i++) line[i] += POLE * line[i - 1];
  line[length - 1] = (POLE / (POLE * POLE - 1)) * (POLE * line[length - 2] + line[length - 1]);
  for (let i = length - 2; i >= 0; i--) line[i] = POLE * (line[i + 1] - line[i]);
}

function causalStart(line: Float64Array, length: number): number {
  const horizon = Math.ceil(Math.log(TOLERANCE) / Math.log(Math.abs(POLE)));
  let power = POLE;
  if (horizon < length) {
    let sum = line[0];
    for (let i = 1; i < horizon; i++) {
      sum += power * line[i];
      power *= POLE;
    }
    return sum;
  }
  const inverse = 1 / POLE;
  let mirrored = POLE ** (length - 1);
  let sum = line[0] + mirrored * line[length - 1];
  mirrored = mirrored * mirrored * inverse;
  for (let i = 1; i <= length - 2; i++) {
    sum += (power + mirrored) * line[i];
    power *= POLE;
    mirrored *= inverse;
  }
  return sum / (1 - power * power);
}
