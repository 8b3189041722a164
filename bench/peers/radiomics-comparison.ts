import type { RadiomicsCase } from '../radiomics-cases.ts';

export interface CaseResult {
  name: string;
  /** null: not a number. */
  values: Record<string, number | null>;
  seconds: number[];
  error: string | null;
}

export interface Results {
  versions?: Record<string, string>;
  results: CaseResult[];
  peakMiB: number;
  /** CPU time of the whole process, s. */
  processS: number;
}

const TOLERANCE = 1e-6;

/**
 * Values that PyRadiomics does not compute stably: differences of entropies that agree to all but the last digits, and the
 * root of an eigenvalue that is 0 but for rounding. The absolute error says what is left.
 */
const ABSOLUTE: [RegExp, number][] = [
  [/_glcm_Imc[12]$/, 1e-7],
  [/_glcm_MCC$/, 1e-6],
  [/_glcm_(ClusterShade|Correlation)$|_firstorder_(Skewness|Mean)$/, 1e-9],
];

/**
 * Without symmetry a matrix may have all its pairs in one row: a deviation of 0, which PyRadiomics meets as 0 or as 1e-16 by
 * the luck of rounding, and takes the correlation of that direction as 1 or as 0. The mean over directions is then off by
 * whole parts of their number. The eigenvalues of such matrices are ill-conditioned: one that is 0 comes out as the square
 * root of the precision or more, and its root, the MCC, as about 1e-4 (seen: 2e-4, for values of 1e-3).
 */
const DIRECTIONS = [4, 8, 12, 13, 49, 62];
const ASYMMETRIC_MCC = 5e-4;

/** One line per case, its worst features below when they miss the tolerance, and a summary. */
export function comparison(
  cases: RadiomicsCase[],
  ours: CaseResult[],
  theirs: CaseResult[],
): { lines: string[]; failed: boolean; missedNames: string[] } {
  const missedNames: string[] = [];
  const lines: string[] = [];
  let [features, misses] = [0, 0];
  ours.forEach((mine, n) => {
    const peer = theirs[n];
    if (mine.error !== null || peer.error !== null) {
      lines.push(`${mine.name}: PyRadiomics ${peer.error ?? 'ok'} | ours ${mine.error ?? 'ok'}`);
      if ((mine.error === null) !== (peer.error === null)) misses++;
      return;
    }
    const names = [...new Set([...Object.keys(peer.values), ...Object.keys(mine.values)])];
    const off = names
      .map((name) => deviation(name, mine.values[name], peer.values[name], isAsymmetric(cases[n])))
      .sort((a, b) => b.relative - a.relative);
    const missed = off.filter(({ isMiss }) => isMiss);
    const [worst] = off.filter(({ isMiss }) => !isMiss);
    features += names.length;
    misses += missed.length;
    missedNames.push(...missed.map(({ name }) => name));
    lines.push(
      `${mine.name}: ${names.length} features, ${missed.length} off; else worst ${worst.name} ${worst.relative.toExponential(1)}`,
    );
    for (const { name, relative } of missed.slice(0, 5)) {
      lines.push(
        `    ${name}: PyRadiomics ${peer.values[name]}, ours ${mine.values[name]}, relative ${relative.toExponential(1)}`,
      );
    }
  });
  lines.push(`${features} features in ${ours.length} cases, ${misses} off by more than ${TOLERANCE}`);
  return { lines, failed: misses > 0, missedNames };
}

function isAsymmetric({ params }: RadiomicsCase): boolean {
  return (params as { setting?: { symmetricalGLCM?: boolean } }).setting?.symmetricalGLCM === false;
}

function deviation(
  name: string,
  mine: number | null | undefined,
  peer: number | null | undefined,
  asymmetric: boolean,
) {
  if (mine === peer) return { name, relative: 0, isMiss: false };
  if (typeof mine !== 'number' || typeof peer !== 'number')
    return { name, relative: Number.POSITIVE_INFINITY, isMiss: true };
  const absolute = Math.abs(mine - peer);
  const relative = absolute / Math.abs(peer);
  const excused =
    ABSOLUTE.some(([pattern, limit]) => pattern.test(name) && absolute <= limit) ||
    (asymmetric && isUnstable(name, absolute));
  return { name, relative, isMiss: relative > TOLERANCE && !excused };
}

function isUnstable(name: string, absolute: number): boolean {
  if (name.endsWith('_glcm_MCC')) return absolute <= ASYMMETRIC_MCC;
  const isWhole = (parts: number) => Math.abs(parts - Math.round(parts)) < TOLERANCE;
  return name.endsWith('_glcm_Correlation') && DIRECTIONS.some((count) => isWhole(absolute * count));
}
