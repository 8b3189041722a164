import { encode } from 'fast-png';
import type { CourseView } from '../courses.ts';
import { html, type Markup } from '../html.ts';
import { doseColour } from '../pictures/dose-colour.ts';
import { type SharedStructure, sharedStructures } from './shared-structures.ts';

/** Fewer structures say little of how features go together. */
const FEWEST_ROWS = 10;
/** Features of a cluster correlate at least so, on average: a model needs one of them. */
const SAME = 0.9;
const CELL = 5;

/** Features of one structure: a value for each of its courses. */
export interface SharedFeatures {
  /** Table that they are of. */
  table: string;
  structure: Pick<SharedStructure, 'name' | 'source'>;
  courses: number;
  features: { name: string; values: Float64Array }[];
}

/** The structure that most courses have features of, where these are enough to compare. */
export function mostShared(courses: CourseView[], table: string): SharedStructure | undefined {
  const [structure] = sharedStructures(courses, table, ({ status }) => status === 'ok');
  return structure && structure.rows.length >= FEWEST_ROWS ? structure : undefined;
}

/** Whether a column is a feature that is compared with others: those of filtered images follow them. */
export function isCompared(column: string): boolean {
  return /^original_/.test(column);
}

/** How the features of a structure go together: a map of correlations and the clusters in it. */
export function correlation({ structure, courses, features: all }: SharedFeatures): Markup | undefined {
  const features = all
    .map(({ name, values }) => ({ name, ranks: ranksOf(values) }))
    .filter(({ ranks }) => ranks !== undefined);
  if (features.length < 3) return undefined;
  const size = features.length;
  const rho = features.map((a) => features.map((b) => Math.abs(pearson(a.ranks!, b.ranks!))));
  const clusters = averageLinkage(rho);
  const order = clusters.flat();
  const named = clusters.filter((cluster) => cluster.length > 1);
  const title = `Correlation of ${size} features of ${structure.name} (${structure.source}) in ${courses} courses`;
  return html`<details><summary>${title} <span class="quiet">${clusters.length} groups of features that say the same</span></summary>
<img class="heat" alt="${title}, features ordered by cluster, bright where two go together" width="${CELL * size}" height="${CELL * size}" src="data:image/png;base64,${heatMap(rho, order)}">
<p class="quiet">Spearman's correlation without its sign, from dark (0) to bright (1). Clusters by average linkage, mean correlation at least ${SAME}.</p>
<ol>${named.map((cluster) => html`<li>${cluster.map((n) => features[n].name.replace('original_', '')).join(', ')}</li>`)}</ol></details>`;
}

/** Ranks, ties at their mean; undefined when a value is missing or all are equal. */
function ranksOf(values: Float64Array): Float64Array | undefined {
  if (!values.every(Number.isFinite)) return undefined;
  const order = Array.from(values, (_, n) => n).sort((a, b) => values[a] - values[b]);
  if (values[order[0]] === values[order[order.length - 1]]) return undefined;
  const ranks = new Float64Array(values.length);
  for (let first = 0; first < order.length; ) {
    let end = first + 1;
    while (end < order.length && values[order[end]] === values[order[first]]) end++;
    for (let n = first; n < end; n++) ranks[order[n]] = (first + end - 1) / 2;
    first = end;
  }
  return ranks;
}

function pearson(a: Float64Array, b: Float64Array): number {
  const mean = (a.length - 1) / 2;
  let [ab, aa, bb] = [0, 0, 0];
  for (let n = 0; n < a.length; n++) {
    const [x, y] = [a[n] - mean, b[n] - mean];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return ab / Math.sqrt(aa * bb);
}

/** Joins the two clusters of the highest mean correlation until none reaches `SAME`; the largest first. */
function averageLinkage(rho: number[][]): number[][] {
  let clusters = rho.map((_, n) => [n]);
  const sums = rho.map((row) => [...row]);
  for (;;) {
    let best = { mean: SAME, a: -1, b: -1 };
    for (let a = 0; a < clusters.length; a++)
      for (let b = 0; b < a; b++) {
        const mean = sums[a][b] / (clusters[a].length * clusters[b].length);
        if (mean > best.mean) best = { mean, a, b };
      }
    if (best.a < 0) break;
    const { a, b } = best;
    for (let c = 0; c < clusters.length; c++) {
      sums[b][c] += sums[a][c];
      sums[c][b] = sums[b][c];
    }
    clusters[b] = [...clusters[b], ...clusters[a]];
    clusters = clusters.filter((_, n) => n !== a);
    sums.splice(a, 1);
    for (const row of sums) row.splice(a, 1);
  }
  return clusters.sort((x, y) => y.length - x.length || x[0] - y[0]);
}

function heatMap(rho: number[][], order: number[]): string {
  const size = order.length;
  const data = new Uint8ClampedArray(3 * size * size);
  order.forEach((a, y) => {
    order.forEach((b, x) => {
      data.set(doseColour(rho[a][b]), 3 * (x + size * y));
    });
  });
  return Buffer.from(encode({ width: size, height: size, channels: 3, depth: 8, data })).toString('base64');
}
