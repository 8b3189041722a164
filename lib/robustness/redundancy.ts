/**
 * Groups of features that tell the same: agglomerative clustering with complete linkage, so that any two of a group have a
 * rank correlation of at least `least`, whatever its sign. Neighbour chains (Murtagh 1983, doi:10.1093/comjnl/26.4.354).
 * @param features values of each feature over the same structures
 * @returns indices of the features of each group, in ascending order
 */
export function redundantGroups(features: Float64Array[], least: number): number[][] {
  const ranks = features.map(standardRanks);
  const count = features.length;
  const distance = new Float32Array(count * count);
  for (let a = 0; a < count; a++)
    for (let b = a + 1; b < count; b++) {
      const apart = 1 - Math.abs(product(ranks[a], ranks[b]));
      distance[a * count + b] = apart;
      distance[b * count + a] = apart;
    }
  return clusters(distance, count, 1 - least);
}

/** Rounding may not part two features of the same ranks. */
const ROUNDING = 1e-6;

function clusters(distance: Float32Array, count: number, most: number): number[][] {
  const members: (number[] | undefined)[] = Array.from({ length: count }, (_, n) => [n]);
  const chain: number[] = [];
  const done: number[][] = [];
  for (;;) {
    if (chain.length === 0) {
      const first = members.findIndex((one) => one !== undefined);
      if (first < 0) break;
      chain.push(first);
    }
    const top = chain[chain.length - 1];
    const below = chain[chain.length - 2];
    const nearest = nearestTo(top, below, distance, members);
    if (nearest < 0 || distance[top * count + nearest] > most + ROUNDING) {
      // Nothing else is near enough to the end of a chain, nor will be: linkage only grows.
      done.push(members[top]!);
      members[top] = undefined;
      chain.pop();
    } else if (nearest === below) {
      chain.length -= 2;
      members[below] = members[below]!.concat(members[top]!);
      members[top] = undefined;
      for (let other = 0; other < count; other++) {
        if (members[other] === undefined || other === below) continue;
        const apart = Math.max(distance[below * count + other], distance[top * count + other]);
        distance[below * count + other] = apart;
        distance[other * count + below] = apart;
      }
    } else chain.push(nearest);
  }
  return done.map((group) => group.sort((a, b) => a - b)).sort(([a], [b]) => a - b);
}

/** Of equally near ones the one before in the chain, else the first; -1 when there is none. */
function nearestTo(from: number, before: number | undefined, distance: Float32Array, members: unknown[]): number {
  const count = members.length;
  let best = before ?? -1;
  for (let other = 0; other < count; other++) {
    if (other === from || members[other] === undefined) continue;
    if (best < 0 || distance[from * count + other] < distance[from * count + best]) best = other;
  }
  return best;
}

/** Ranks, ties by their mean, with mean 0 and length 1: their product is Spearman's coefficient. Zeros when all are equal. */
function standardRanks(values: Float64Array): Float64Array {
  const order = Array.from(values.keys()).sort((a, b) => values[a] - values[b]);
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    for (let n = start; n < end; n++) ranks[order[n]] = (start + end - 1) / 2 - (values.length - 1) / 2;
    start = end;
  }
  const length = Math.sqrt(product(ranks, ranks));
  return length > 0 ? ranks.map((rank) => rank / length) : ranks;
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let n = 0; n < a.length; n++) sum += a[n] * b[n];
  return sum;
}
