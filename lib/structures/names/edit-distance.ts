/**
 * Insertions, deletions, substitutions and swaps of neighbours that turn one text into the other (optimal string
 * alignment, Damerau 1964, doi:10.1145/363958.363994); anything above `most` reads most + 1.
 */
export function editDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, q) => q);
  for (let p = 1; p <= a.length; p++) {
    const row = [p];
    for (let q = 1; q <= b.length; q++) {
      const same = a[p - 1] === b[q - 1] ? 0 : 1;
      row[q] = Math.min(last[q] + 1, row[q - 1] + 1, last[q - 1] + same);
      if (p > 1 && q > 1 && a[p - 1] === b[q - 2] && a[p - 2] === b[q - 1])
        row[q] = Math.min(row[q], beforeLast[q - 2] + 1);
    }
    if (Math.min(...row) > most) return most + 1;
    beforeLast = last;
    last = row;
  }
  return last[b.length];
}
