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
  const line = new Float64Array(LANES * Math.max(...size));
  for (let axis = 0; axis < 3; axis++) {
    const length = size[axis];
    if (length === 1) continue;
    const stride = axis === 0 ? 1 : axis === 1 ? size[0] : size[0] * size[1];
    const lines = out.length / length;
    for (let n = 0; n < lines; n += LANES) {
      const starts = Array.from({ length: Math.min(LANES, lines - n) }, (_, lane) =>
        lineStart(n + lane, axis, length, stride),
      );
      for (let lane = 0; lane < starts.length; lane++) {
        for (let i = 0, p = starts[lane], q = lane; i < length; i++, p += stride, q += LANES) line[q] = out[p];
      }
      decompose(line, length);
      for (let lane = 0; lane < starts.length; lane++) {
        for (let i = 0, p = starts[lane], q = lane; i < length; i++, p += stride, q += LANES) out[p] = line[q];
      }
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

/** Lines are filtered side by side: one recursion alone would wait for itself. */
const LANES = 4;

function lineStart(n: number, axis: number, length: number, stride: number): number {
  return axis === 0 ? n * length : (n % stride) + Math.floor(n / stride) * stride * length;
}

function decompose(lines: Float64Array, length: number): void {
  const gain = (1 - POLE) * (1 - 1 / POLE);
  const end = LANES * length;
  for (let p = 0; p < end; p++) lines[p] *= gain;
  for (let lane = 0; lane < LANES; lane++) lines[lane] = causalStart(lines, lane, length);
  for (let p = LANES; p < end; p += LANES) {
    lines[p] += POLE * lines[p - 4];
    lines[p + 1] += POLE * lines[p - 3];
    lines[p + 2] += POLE * lines[p - 2];
    lines[p + 3] += POLE * lines[p - 1];
  }
  for (let p = end - LANES; p < end; p++) {
    lines[p] = (POLE / (POLE * POLE - 1)) * (POLE * lines[p - LANES] + lines[p]);
  }
  for (let p = end - 2 * LANES; p >= 0; p -= LANES) {
    lines[p] = POLE * (lines[p + 4] - lines[p]);
    lines[p + 1] = POLE * (lines[p + 5] - lines[p + 1]);
    lines[p + 2] = POLE * (lines[p + 6] - lines[p + 2]);
    lines[p + 3] = POLE * (lines[p + 7] - lines[p + 3]);
  }
}

function causalStart(lines: Float64Array, lane: number, length: number): number {
  const horizon = Math.ceil(Math.log(TOLERANCE) / Math.log(Math.abs(POLE)));
  const at = (i: number) => lines[LANES * i + lane];
  let power = POLE;
  if (horizon < length) {
    let sum = at(0);
    for (let i = 1; i < horizon; i++) {
      sum += power * at(i);
      power *= POLE;
    }
    return sum;
  }
  const inverse = 1 / POLE;
  let mirrored = POLE ** (length - 1);
  let sum = at(0) + mirrored * at(length - 1);
  mirrored = mirrored * mirrored * inverse;
  for (let i = 1; i <= length - 2; i++) {
    sum += (power + mirrored) * at(i);
    power *= POLE;
    mirrored *= inverse;
  }
  return sum / (1 - power * power);
}
