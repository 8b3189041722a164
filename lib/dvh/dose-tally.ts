/**
 * Volume by dose, as a second difference: every piece of volume whose dose spreads evenly over an interval adds one
 * linear ramp to the cumulative histogram, which is two entries here however many bins it covers.
 */
export interface DoseTally {
  /** Dose of node 0. */
  baseGy: number;
  binGy: number;
  /** Second difference of the volume below node n, in cc. */
  curvature: Float64Array;
  coveredCc: number;
  outsideCc: number;
  doseVolumeGyCc: number;
  /** Extremes of everything that was looked at. */
  minGy: number;
  maxGy: number;
  /** Extremes at the vertices of the contours and the dose points inside: the same at every step. */
  exact: DoseRange;
  samples: number;
}

export interface DoseRange {
  minGy: number;
  maxGy: number;
}

/** Makes room for a dose between the extremes. */
export function widen(range: DoseRange, doseGy: number): void {
  if (doseGy < range.minGy) range.minGy = doseGy;
  if (doseGy > range.maxGy) range.maxGy = doseGy;
}

/** Bins of at most 1 cGy, finer for low doses; above 10 kGy they get wider, so that one absurd voxel cannot fill the memory. */
export function doseTally(range: DoseRange): DoseTally {
  const baseGy = Math.min(0, range.minGy);
  const span = Math.max(range.maxGy - baseGy, 1e-6);
  const binGy = Math.max(Math.min(FINEST_BIN_GY, span / FEWEST_BINS), span / MOST_BINS);
  const curvature = new Float64Array(Math.ceil(span / binGy) + 5);
  const empty = { coveredCc: 0, outsideCc: 0, doseVolumeGyCc: 0, samples: 0 };
  const exact = { minGy: Infinity, maxGy: -Infinity };
  return { baseGy, binGy, curvature, ...exact, exact, ...empty };
}

const FINEST_BIN_GY = 0.01;
const FEWEST_BINS = 4096;
const MOST_BINS = 2 ** 20;

/** Adds a volume of one dose; it is spread over a bin. */
export function addPoint(tally: DoseTally, doseGy: number, volumeCc: number): void {
  const { curvature } = tally;
  const low = Math.max((doseGy - tally.baseGy) / tally.binGy - 0.5, 0);
  const n = Math.floor(low);
  const f = low - n;
  curvature[n] += volumeCc * (1 - f);
  curvature[n + 1] += volumeCc * (2 * f - 1);
  curvature[n + 2] -= volumeCc * f;
  tally.coveredCc += volumeCc;
  tally.doseVolumeGyCc += volumeCc * doseGy;
  tally.samples++;
}

/** Volume with a dose of at least node n, cc. */
export function cumulativeCc(tally: DoseTally): Float64Array {
  const { curvature, coveredCc } = tally;
  const cumulative = new Float64Array(curvature.length);
  let slope = 0;
  let below = 0;
  for (let n = 0; n < curvature.length; n++) {
    cumulative[n] = Math.min(Math.max(coveredCc - below, 0), coveredCc);
    slope += curvature[n];
    below += slope;
  }
  return cumulative;
}
