/** A mean nearer to zero gives no coefficient of variation. */
const LEAST_MEAN = 1e-10;
const LEAST_FOR_QUARTILES = 4;

/** 100 s / mean in percent, s with n - 1; NaN unless there are two values or more, all above 0. */
export function coefficientOfVariationPct(values: ArrayLike<number>): number {
  const count = values.length;
  if (count < 2 || !areAllPositive(values)) return Number.NaN;
  let mean = 0;
  for (let v = 0; v < count; v++) mean += values[v] / count;
  if (mean < LEAST_MEAN) return Number.NaN;
  let squares = 0;
  for (let v = 0; v < count; v++) squares += (values[v] - mean) ** 2;
  return (100 * Math.sqrt(squares / (count - 1))) / mean;
}

/** (Q3 - Q1) / (Q3 + Q1); NaN unless there are four values or more, all above 0. */
export function quartileCoefficientOfDispersion(values: ArrayLike<number>): number {
  if (values.length < LEAST_FOR_QUARTILES || !areAllPositive(values)) return Number.NaN;
  const { q1, q3 } = quartiles(values);
  return (q3 - q1) / (q3 + q1);
}

/** By linear interpolation between order statistics (type 7 of Hyndman & Fan, as NumPy); NaN of nothing. */
export function quartiles(values: ArrayLike<number>): { q1: number; median: number; q3: number } {
  const sorted = Float64Array.from(values).sort();
  const at = (part: number) => {
    const position = part * (sorted.length - 1);
    const lower = Math.max(0, Math.floor(position));
    const upper = Math.min(lower + 1, sorted.length - 1);
    return sorted[lower] + (position - lower) * (sorted[upper] - sorted[lower]);
  };
  if (sorted.length === 0) return { q1: Number.NaN, median: Number.NaN, q3: Number.NaN };
  return { q1: at(0.25), median: at(0.5), q3: at(0.75) };
}

function areAllPositive(values: ArrayLike<number>): boolean {
  for (let v = 0; v < values.length; v++) if (!(values[v] > 0 && values[v] < Number.POSITIVE_INFINITY)) return false;
  return true;
}
