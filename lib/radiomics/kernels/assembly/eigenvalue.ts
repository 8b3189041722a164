/** All numbers are f64; pointers are byte addresses. */

/** A rest that is rounding alone: the Krylov space is exhausted. */
const BREAKDOWN: f64 = 1e-12;
/** The error of the value is about the change over the last steps. */
const RELATIVE_CHANGE: f64 = 1e-10;
const STEPS_PER_CHECK: i32 = 3;

/**
 * The eigenvalue of largest modulus, on the space orthogonal to the unit vector `excluded`, of B (n * n) if it is symmetric,
 * else of B B'. No eigenvalue may exceed 1 in modulus but by rounding. Lanczos from `start`, which is overwritten, with full
 * reorthogonalisation; `basis` takes maxSteps * n numbers, `scratch` 2 n + 2 maxSteps.
 */
export function dominantEigenvalue(
  matrix: usize,
  n: i32,
  symmetric: i32,
  start: usize,
  excluded: usize,
  basis: usize,
  scratch: usize,
  maxSteps: i32,
): f64 {
  const between: usize = scratch;
  const diagonal: usize = scratch + ((<usize>n) << 4);
  const offDiagonal: usize = diagonal + ((<usize>maxSteps) << 3);
  const vectorBytes: usize = (<usize>n) << 3;
  let value: f64 = 0;
  let steps: i32 = 0;
  removeProjection(start, excluded, n);
  for (; steps < min(maxSteps, n - 1); steps++) {
    const length: f64 = sqrt(dot(start, start, n));
    if (steps > 0) store<f64>(offDiagonal + ((<usize>(steps - 1)) << 3), length);
    if (length < BREAKDOWN) break;
    const current: usize = basis + <usize>steps * vectorBytes;
    for (let p: usize = 0; p < vectorBytes; p += 8) store<f64>(current + p, load<f64>(start + p) / length);
    if (symmetric) {
      multiply(matrix, current, start, n);
    } else {
      multiplyTransposed(matrix, current, between, n);
      multiply(matrix, between, start, n);
    }
    store<f64>(diagonal + ((<usize>steps) << 3), dot(start, current, n));
    for (let round: i32 = 0; round < 2; round++) {
      removeProjection(start, excluded, n);
      for (let s: i32 = 0; s <= steps; s++) removeProjection(start, basis + <usize>s * vectorBytes, n);
    }
    if (steps % STEPS_PER_CHECK !== STEPS_PER_CHECK - 1) continue;
    if (steps > STEPS_PER_CHECK && !hasGrown(value, diagonal, offDiagonal, steps + 1)) return value;
    value = extremeEigenvalue(diagonal, offDiagonal, steps + 1);
  }
  return steps === 0 ? 0 : extremeEigenvalue(diagonal, offDiagonal, steps);
}

function multiply(matrix: usize, x: usize, y: usize, n: i32): void {
  for (let i: usize = 0; i < <usize>n; i++) store<f64>(y + (i << 3), dot(matrix + ((i * <usize>n) << 3), x, n));
}

function multiplyTransposed(matrix: usize, x: usize, y: usize, n: i32): void {
  memory.fill(y, 0, (<usize>n) << 3);
  for (let i: usize = 0; i < <usize>n; i++) addScaled(y, load<f64>(x + (i << 3)), matrix + ((i * <usize>n) << 3), n);
}

function removeProjection(vector: usize, unit: usize, n: i32): void {
  addScaled(vector, -dot(vector, unit, n), unit, n);
}

function dot(a: usize, b: usize, n: i32): f64 {
  let sum: v128 = f64x2.splat(0);
  let more: v128 = f64x2.splat(0);
  const end: usize = (<usize>n) << 3;
  let p: usize = 0;
  for (; p + 32 <= end; p += 32) {
    sum = f64x2.add(sum, f64x2.mul(v128.load(a + p), v128.load(b + p)));
    more = f64x2.add(more, f64x2.mul(v128.load(a + p, 16), v128.load(b + p, 16)));
  }
  sum = f64x2.add(sum, more);
  let total: f64 = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  for (; p < end; p += 8) total += load<f64>(a + p) * load<f64>(b + p);
  return total;
}

function addScaled(a: usize, factor: f64, b: usize, n: i32): void {
  const factors: v128 = f64x2.splat(factor);
  const end: usize = (<usize>n) << 3;
  let p: usize = 0;
  for (; p + 16 <= end; p += 16) v128.store(a + p, f64x2.add(v128.load(a + p), f64x2.mul(factors, v128.load(b + p))));
  for (; p < end; p += 8) store<f64>(a + p, load<f64>(a + p) + factor * load<f64>(b + p));
}

/** Whether an eigenvalue of the tridiagonal matrix exceeds |value|, which is one of a part of it, by more than the tolerance. */
function hasGrown(value: f64, diagonal: usize, offDiagonal: usize, steps: i32): bool {
  const limit: f64 = abs(value) * (1 + RELATIVE_CHANGE);
  return (
    !isAboveSpectrum(limit, diagonal, offDiagonal, steps, 1) || !isAboveSpectrum(limit, diagonal, offDiagonal, steps, -1)
  );
}

/** Of a symmetric tridiagonal matrix. */
function extremeEigenvalue(diagonal: usize, offDiagonal: usize, steps: i32): f64 {
  const largest: f64 = largestEigenvalue(diagonal, offDiagonal, steps, 1);
  if (largest > 0 && isAboveSpectrum(largest, diagonal, offDiagonal, steps, -1)) return largest;
  const smallest: f64 = -largestEigenvalue(diagonal, offDiagonal, steps, -1);
  return -smallest > largest ? smallest : largest;
}

/**
 * Of T or -T: Newton's iteration on the characteristic polynomial, from above the spectrum, where it falls monotonically. Its
 * logarithmic derivative is summed over the pivots of x I - T.
 */
function largestEigenvalue(diagonal: usize, offDiagonal: usize, steps: i32, sign: f64): f64 {
  let x: f64 = min(upperBound(diagonal, offDiagonal, steps, sign), 1 + 1e-9);
  for (let round: i32 = 0; round < 200; round++) {
    let pivot: f64 = x - sign * load<f64>(diagonal);
    let slope: f64 = 1;
    let sum: f64 = 1 / pivot;
    for (let s: i32 = 1; pivot > 0 && s < steps; s++) {
      const off: f64 = load<f64>(offDiagonal + ((<usize>(s - 1)) << 3));
      const inverse: f64 = 1 / pivot;
      const fill: f64 = off * off * inverse;
      slope = 1 + fill * inverse * slope;
      pivot = x - sign * load<f64>(diagonal + ((<usize>s) << 3)) - fill;
      sum += slope / pivot;
    }
    if (!(pivot > 0)) return x;
    x -= 1 / sum;
    if (1 / sum <= 1e-13 * abs(x)) return x;
  }
  return x;
}

/** Gershgorin's. */
function upperBound(diagonal: usize, offDiagonal: usize, steps: i32, sign: f64): f64 {
  let high: f64 = sign * load<f64>(diagonal);
  for (let s: i32 = 0; s < steps; s++) {
    const centre: f64 = sign * load<f64>(diagonal + ((<usize>s) << 3));
    const before: f64 = s > 0 ? load<f64>(offDiagonal + ((<usize>(s - 1)) << 3)) : 0;
    const after: f64 = s < steps - 1 ? load<f64>(offDiagonal + ((<usize>s) << 3)) : 0;
    high = max(high, centre + before + after);
  }
  return high;
}

function isAboveSpectrum(x: f64, diagonal: usize, offDiagonal: usize, steps: i32, sign: f64): bool {
  let pivot: f64 = x - sign * load<f64>(diagonal);
  for (let s: i32 = 1; pivot > 0 && s < steps; s++) {
    const off: f64 = load<f64>(offDiagonal + ((<usize>(s - 1)) << 3));
    pivot = x - sign * load<f64>(diagonal + ((<usize>s) << 3)) - (off * off) / pivot;
  }
  return pivot > 0;
}
