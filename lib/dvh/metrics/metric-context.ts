/** What some metrics need beside the histogram; a metric whose need is not met has no value. */
export interface MetricContext {
  prescriptionGy?: number;
  /** Number of fractions, for EQD2 and BED. */
  fractions?: number;
  alphaBetaGy?: number;
  /** Exponent of gEUD where the metric does not say one. */
  geudA?: number;
  /** Volume with at least a dose in the whole dose grid, for conformity and gradient. */
  isodoseCc?: (doseGy: number) => number;
}
