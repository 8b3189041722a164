import type { Volume } from '../../image/grid.ts';

/** The labels of a label map, ascending, without the background 0. */
export function labelsOf(labelMap: Volume): number[] {
  const found = new Set<number>();
  let last = 0;
  for (let p = 0; p < labelMap.data.length; p++) {
    if (labelMap.data[p] === last) continue;
    last = labelMap.data[p];
    found.add(last);
  }
  found.delete(0);
  return [...found].sort((a, b) => a - b);
}
