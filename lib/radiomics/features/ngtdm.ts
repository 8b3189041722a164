import type { ToneDifferenceMatrix } from '../matrices/ngtdm.ts';

/** Field names are PyRadiomics'; IBSI 1 chapter 3.10. */
export interface NgtdmFeatures {
  Busyness: number;
  Coarseness: number;
  Complexity: number;
  Contrast: number;
  Strength: number;
}

/** `counts` is n_i as the convention counts it: all voxels (PyRadiomics), or those with a neighbour (IBSI). */
export function ngtdmFeatures(matrix: ToneDifferenceMatrix, counts: Float64Array = matrix.counts): NgtdmFeatures {
  const { levels, differences } = matrix;
  const total = sumOf(counts);
  const p = counts.map((count) => count / total);
  const toneSum = sumOf(differences);
  let levelsThatOccur = 0;
  let weighted = 0;
  for (let i = 0; i < p.length; i++) {
    if (p[i] > 0) levelsThatOccur++;
    weighted += p[i] * differences[i];
  }
  let [contrast, busyness, complexity, strength] = [0, 0, 0, 0];
  for (let i = 0; i < p.length; i++) {
    if (p[i] === 0) continue;
    for (let j = 0; j < p.length; j++) {
      if (p[j] === 0) continue;
      const apart = Math.abs(levels[i] - levels[j]);
      contrast += p[i] * p[j] * apart * apart;
      busyness += Math.abs(levels[i] * p[i] - levels[j] * p[j]);
      complexity += (apart * (p[i] * differences[i] + p[j] * differences[j])) / (p[i] + p[j]);
      strength += (p[i] + p[j]) * apart * apart;
    }
  }
  const pairs = levelsThatOccur * (levelsThatOccur - 1);
  return {
    Busyness: busyness === 0 ? 0 : weighted / busyness,
    Coarseness: weighted === 0 ? 1e6 : 1 / weighted,
    Complexity: complexity / total,
    Contrast: pairs === 0 ? 0 : ((contrast / pairs) * toneSum) / total,
    Strength: toneSum === 0 ? 0 : strength / toneSum,
  };
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
