import type { DvhCurve } from './curve.ts';

/** Dose and volume of one solid. Doses are of the part inside the dose grid. */
export interface Dvh {
  volumeCc: number;
  /** Part of the volume inside the dose grid, 0 ... 1. */
  coverage: number;
  minGy: number;
  meanGy: number;
  maxGy: number;
  curve: DvhCurve;
  samples: number;
  stepMm: number;
}
