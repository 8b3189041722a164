/**
 * A discrete Fourier transform of fixed length for many lines at once, any length: Stockham's self-sorting passes for
 * the small prime factors (Swarztrauber, Parallel Computing 1984;1:45), Bluestein's chirp for lengths with a large one.
 */
export interface FftPlan {
  length: number;
  /** Radices in order of use; empty when Bluestein's chirp is used. */
  factors: number[];
  /** exp(-2 pi i k / length). */
  cosines: Float64Array;
  sines: Float64Array;
  chirp?: Chirp;
}

/** Bluestein: the transform as a convolution with exp(i pi k^2 / length), done at a smooth length. */
export interface Chirp {
  plan: FftPlan;
  /** exp(-i pi k^2 / length), k < length. */
  re: Float64Array;
  im: Float64Array;
  /** Transform of the padded convolution kernel, divided by its length. */
  kernelRe: Float64Array;
  kernelIm: Float64Array;
}
