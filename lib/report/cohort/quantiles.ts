/** The quantile of sorted numbers, linear between them (type 7 of Hyndman and Fan 1996, DOI 10.1080/00031305.1996.10473566). */
export function quantile(sorted: ArrayLike<number>, part: number): number {
  const at = part * (sorted.length - 1);
  const lower = Math.floor(at);
  const upper = Math.ceil(at);
  return sorted[lower] + (at - lower) * (sorted[upper] - sorted[lower]);
}

/**
 * How far each value lies from the median, in robust standard deviations: 0.6745 (x - median) / MAD (Iglewicz and Hoaglin
 * 1993). All 0 where half of the values are equal.
 */
export function robustScores(values: number[]): number[] {
  const median = quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
  const deviations = values.map((value) => Math.abs(value - median)).sort((a, b) => a - b);
  const spread = quantile(deviations, 0.5);
  return values.map((value) => (spread > 0 ? (0.6745 * (value - median)) / spread : 0));
}
