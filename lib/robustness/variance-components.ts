/** Measurements of targets, one row of `data` per target: data[target * measurements + measurement]. */
export interface Ratings {
  targets: number;
  measurements: number;
  data: Float64Array;
}

/** Mean squares of a two-way layout without repeats: Shrout & Fleiss 1979, table 3, doi:10.1037/0033-2909.86.2.420. */
export interface MeanSquares {
  /** Between targets, n - 1 degrees of freedom. */
  between: number;
  /** Within targets, n (k - 1). */
  within: number;
  /** Between measurements ("judges"), k - 1. */
  measurements: number;
  /** Residual, (n - 1)(k - 1). */
  residual: number;
}

export function meanSquares({ targets: n, measurements: k, data }: Ratings): MeanSquares {
  const grand = meanOf(data);
  const ofMeasurement = new Float64Array(k);
  let betweenSum = 0;
  let withinSum = 0;
  for (let target = 0; target < n; target++) {
    const row = data.subarray(target * k, (target + 1) * k);
    const mean = meanOf(row);
    betweenSum += (mean - grand) ** 2;
    for (let m = 0; m < k; m++) {
      withinSum += (row[m] - mean) ** 2;
      ofMeasurement[m] += (row[m] - grand) / n;
    }
  }
  const measurementSum = n * ofMeasurement.reduce((sum, shift) => sum + shift ** 2, 0);
  return {
    between: (k * betweenSum) / (n - 1),
    within: withinSum / (n * (k - 1)),
    measurements: measurementSum / (k - 1),
    residual: Math.max(0, withinSum - measurementSum) / ((n - 1) * (k - 1)),
  };
}

/** Mean square within targets, of one target too. */
export function withinMeanSquare(rows: Float64Array[]): number {
  let [sum, freedom] = [0, 0];
  for (const row of rows) {
    const mean = meanOf(row);
    for (const value of row) sum += (value - mean) ** 2;
    freedom += row.length - 1;
  }
  return sum / freedom;
}

/** Shifted by the first value, so that equal values have exactly their value as mean. */
function meanOf(values: Float64Array): number {
  const first = values[0];
  let sum = 0;
  for (let v = 0; v < values.length; v++) sum += values[v] - first;
  return first + sum / values.length;
}
