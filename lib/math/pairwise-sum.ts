/** Numbers up to here are summed in eight rows beside each other. */
const BLOCK = 128;

/**
 * The sum in the order of operations of numpy.add.reduce (pairwise summation): halves are summed apart down to blocks of
 * 128 numbers. `round` rounds every partial sum to the type that the numbers are kept in, as `Math.fround` does for
 * float32.
 */
export function pairwiseSum(values: Float64Array, round: (x: number) => number = (x) => x): number {
  const { length } = values;
  if (length <= BLOCK) return blockSum(values, round);
  const half = Math.floor(length / 2);
  const split = half - (half % 8);
  return round(pairwiseSum(values.subarray(0, split), round) + pairwiseSum(values.subarray(split), round));
}

/** The mean by `pairwiseSum`, as numpy.mean of numbers that `round` rounds to. */
export function pairwiseMean(values: Float64Array, round: (x: number) => number = (x) => x): number {
  return round(pairwiseSum(values, round) / values.length);
}

function blockSum(values: Float64Array, round: (x: number) => number): number {
  const whole = values.length - (values.length % 8);
  let total = 0;
  if (whole > 0) {
    const part = values.slice(0, 8);
    for (let n = 8; n < whole; n++) part[n % 8] = round(part[n % 8] + values[n]);
    const left = round(round(part[0] + part[1]) + round(part[2] + part[3]));
    total = round(left + round(round(part[4] + part[5]) + round(part[6] + part[7])));
  }
  for (let n = whole; n < values.length; n++) total = round(total + values[n]);
  return total;
}
