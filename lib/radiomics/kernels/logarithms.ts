/** Logarithms to base 2 of the whole numbers below 2^16, by the number; 0 for 0. */
export const LOG2 = new Float64Array(1 << 16);
for (let n = 1; n < LOG2.length; n++) LOG2[n] = Math.log2(n);
