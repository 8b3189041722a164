const MAX_STEPS = 300;
/** The error of the value is about the change over the last steps. */
const RELATIVE_CHANGE = 1e-10;

/**
 * The eigenvalue of largest modulus of a symmetric operator y = A x on the space orthogonal to the unit vector `excluded`.
 * Lanczos with full reorthogonalisation; deterministic. 0 when the start has no part in that space.
 */
export function dominantEigenvalue(
  apply: (x: Float64Array, y: Float64Array) => void,
  start: Float64Array,
  excluded: Float64Array,
): number {
  const n = start.length;
  const basis: Float64Array[] = [];
  const diagonal: number[] = [];
  const offDiagonal: number[] = [];
  let value = 0;
  let next = Float64Array.from(start);
  removeProjections(next, [excluded]);
  for (let step = 0; step < Math.min(MAX_STEPS, n - 1); step++) {
    const length = norm(next);
    if (step > 0) offDiagonal.push(length);
    if (length < 1e-14) break;
    const current = next.map((x) => x / length);
    basis.push(current);
    next = new Float64Array(n);
    apply(current, next);
    diagonal.push(dot(next, current));
    removeProjections(next, [excluded, ...basis]);
    if (step % 4 !== 3) continue;
    const before = value;
    value = extremeEigenvalue(diagonal, offDiagonal);
    if (Math.abs(value - before) <= RELATIVE_CHANGE * Math.abs(value)) break;
  }
  return basis.length === 0 ? 0 : extremeEigenvalue(diagonal, offDiagonal);
}

/** Eigenvalue of largest modulus of a symmetric tridiagonal matrix. */
function extremeEigenvalue(diagonal: number[], offDiagonal: number[]): number {
  const largest = largestEigenvalue(diagonal, offDiagonal);
  const smallest = -largestEigenvalue(
    diagonal.map((x) => -x),
    offDiagonal,
  );
  return -smallest > largest ? smallest : largest;
}

/** Bisection on the sign of the pivots of x I - T, which are all positive above the spectrum. */
function largestEigenvalue(diagonal: number[], offDiagonal: number[]): number {
  let low = Math.max(...diagonal);
  let high = low;
  for (let n = 0; n < diagonal.length; n++) {
    high = Math.max(high, diagonal[n] + (offDiagonal[n - 1] ?? 0) + (n < diagonal.length - 1 ? offDiagonal[n] : 0));
  }
  for (let round = 0; round < 60 && high - low > 1e-16; round++) {
    const middle = (low + high) / 2;
    if (isAboveSpectrum(middle, diagonal, offDiagonal)) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}

function isAboveSpectrum(x: number, diagonal: number[], offDiagonal: number[]): boolean {
  let pivot = x - diagonal[0];
  for (let n = 1; pivot > 0 && n < diagonal.length; n++) {
    pivot = x - diagonal[n] - (offDiagonal[n - 1] * offDiagonal[n - 1]) / pivot;
  }
  return pivot > 0;
}

function removeProjections(vector: Float64Array, unit: Float64Array[]): void {
  for (const u of unit) {
    const along = dot(vector, u);
    for (let k = 0; k < vector.length; k++) vector[k] -= along * u[k];
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}

function norm(a: Float64Array): number {
  return Math.sqrt(dot(a, a));
}
