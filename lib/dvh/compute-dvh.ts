import type { DoseField } from './dose-field.ts';
import { type DoseSampler, doseSampler } from './dose-sampler.ts';
import { cumulativeCc, type DoseTally } from './dose-tally.ts';
import { measureSolid } from './measure-solid.ts';
import type { DvhCurve } from './metrics/curve.ts';
import type { Dvh } from './metrics/dvh.ts';
import { type Solid, sideAreaMm2, solidVolumeCc } from './solid/solid.ts';

export interface DvhLevels {
  /** What is reported. */
  fine: Dvh;
  /** The same at twice the step: the difference bounds the numerical error. */
  coarse: Dvh;
}

/** The dose-volume histogram of a solid at two steps. */
export function computeDvh(solid: Solid, dose: DoseField, samples: number = USUAL_SAMPLES): DvhLevels {
  const { sampler, volumeCc, stepMm } = lookAt(solid, dose, samples);
  const fine = measureSolid(solid, sampler, dose.range, stepMm);
  const coarse = measureSolid(solid, sampler, dose.range, 2 * stepMm, fine.exact);
  return { fine: dvhOf(fine, volumeCc, stepMm), coarse: dvhOf(coarse, volumeCc, 2 * stepMm) };
}

/** What `computeDvh` reports, without what bounds its error. */
export function fineDvh(solid: Solid, dose: DoseField, samples: number): Dvh {
  const { sampler, volumeCc, stepMm } = lookAt(solid, dose, samples);
  return dvhOf(measureSolid(solid, sampler, dose.range, stepMm), volumeCc, stepMm);
}

function lookAt(solid: Solid, dose: DoseField, samples: number) {
  const sampler = doseSampler(dose.volume, solid.axes);
  const volumeCc = solidVolumeCc(solid);
  return { sampler, volumeCc, stepMm: chooseStep(solid, volumeCc, sampler, samples) };
}

const USUAL_SAMPLES = 100_000;
const MOST_SAMPLES = 4_000_000;
/** A step may be at most this part of the mean thickness of what the border folds around. */
const STEPS_PER_THICKNESS = 3;

/**
 * Small solids get many samples, thin ones several across, large ones a step of the dose grid: the gradient of the dose
 * is known within its cells.
 */
function chooseStep(solid: Solid, volumeCc: number, sampler: DoseSampler, samples: number): number {
  const volumeMm3 = volumeCc * 1000;
  const bySamples = Math.cbrt(volumeMm3 / samples);
  const byThickness = (2 * volumeMm3) / sideAreaMm2(solid) / STEPS_PER_THICKNESS;
  const least = Math.cbrt(volumeMm3 / MOST_SAMPLES);
  return Math.max(Math.min(bySamples, byThickness, sampler.spacingMm), least);
}

function dvhOf(tally: DoseTally, volumeCc: number, stepMm: number): Dvh {
  const { coveredCc, outsideCc, minGy, maxGy, samples } = tally;
  return {
    volumeCc,
    coverage: coveredCc / (coveredCc + outsideCc),
    minGy,
    meanGy: Math.min(Math.max(tally.doseVolumeGyCc / coveredCc, minGy), maxGy),
    maxGy,
    curve: curveOf(tally, volumeCc),
    samples,
    stepMm,
  };
}

/** The cumulative histogram between the extremes, on the volume of the solid instead of the sum of its samples. */
export function curveOf(tally: DoseTally, volumeCc: number): DvhCurve {
  const { baseGy, binGy, minGy, maxGy, coveredCc, outsideCc } = tally;
  if (!(maxGy >= minGy) || coveredCc === 0) return { doseGy: new Float64Array(0), volumeCc: new Float64Array(0) };
  const nodes = cumulativeCc(tally);
  const scale = volumeCc / (coveredCc + outsideCc);
  const first = Math.floor((minGy - baseGy) / binGy) + 1;
  const last = Math.max(Math.ceil((maxGy - baseGy) / binGy) - 1, first - 1);
  const doseGy = new Float64Array(last - first + 3);
  const cumulative = new Float64Array(doseGy.length);
  doseGy[0] = minGy;
  cumulative[0] = coveredCc * scale;
  for (let n = first; n <= last; n++) {
    doseGy[n - first + 1] = baseGy + n * binGy;
    cumulative[n - first + 1] = Math.min(nodes[n] * scale, cumulative[n - first]);
  }
  doseGy[doseGy.length - 1] = maxGy;
  return { doseGy, volumeCc: cumulative };
}
