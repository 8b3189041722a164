import { rootOf } from '../math/root-of.ts';
import type { Vec3 } from '../math/vec3.ts';
import type { Mask } from './grid.ts';
import { cropMask, emptyMask } from './mask.ts';

/** Voxels are neighbours over faces (6), also over edges (18), also over corners (26). */
export type Connectivity = 6 | 18 | 26;

export interface Components {
  /** For each voxel of the mask's box 0, or the number of its component: 1 for the largest, ties by first voxel. */
  labels: Int32Array;
  /** Number of voxels of component 1, 2, ... */
  sizes: number[];
}

/** Connected components by union-find over the runs of the mask's rows. */
export function connectedComponents(mask: Mask, connectivity: Connectivity): Components {
  const runs = runsOf(mask);
  const parents = joinRuns(runs, mask.box.size, rowsBefore(connectivity));
  const counts = new Map<number, number>();
  for (let run = 0; run < runs.count; run++) {
    const root = rootOf(parents, run);
    counts.set(root, (counts.get(root) ?? 0) + runs.ends[run] - runs.starts[run]);
  }
  const ranked = [...counts].sort(([rootA, a], [rootB, b]) => b - a || rootA - rootB);
  const labelOfRoot = new Map(ranked.map(([root], rank) => [root, rank + 1]));
  const labels = new Int32Array(mask.data.length);
  for (let run = 0; run < runs.count; run++)
    labels.fill(labelOfRoot.get(rootOf(parents, run)) as number, runs.starts[run], runs.ends[run]);
  return { labels, sizes: ranked.map(([, size]) => size) };
}

/** The component with most voxels; of equal ones the one that is met first. */
export function largestComponent(mask: Mask, connectivity: Connectivity): Mask {
  const { labels, sizes } = connectedComponents(mask, connectivity);
  if (sizes.length === 0) return emptyMask(mask.grid);
  return cropMask({ ...mask, data: Uint8Array.from(labels, (label) => (label === 1 ? 1 : 0)) });
}

/** Voxels of a row without a gap, in storage order: places in the data of the mask, the end not included. */
interface Runs {
  count: number;
  starts: Int32Array;
  ends: Int32Array;
  /** For each row the number of its first run; one more for the end. */
  ofRow: Int32Array;
}

function runsOf({ box, data }: Mask): Runs {
  const [nx, ny, nz] = box.size;
  const ofRow = new Int32Array(ny * nz + 1);
  for (let row = 0; row < ny * nz; row++) ofRow[row + 1] = ofRow[row] + countRuns(data, row * nx, (row + 1) * nx);
  const count = ofRow[ny * nz];
  const [starts, ends] = [new Int32Array(count), new Int32Array(count)];
  for (let row = 0, run = 0; row < ny * nz; row++) {
    const end = (row + 1) * nx;
    for (let v = row * nx; run < ofRow[row + 1]; run++) {
      while (data[v] === 0) v++;
      starts[run] = v;
      while (v < end && data[v] !== 0) v++;
      ends[run] = v;
    }
  }
  return { count, starts, ends, ofRow };
}

function countRuns(data: Uint8Array, start: number, end: number): number {
  let runs = 0;
  let before = 0;
  for (let v = start; v < end; v++) {
    if (data[v] !== 0 && before === 0) runs++;
    before = data[v];
  }
  return runs;
}

/** A row that is met before another in storage order. */
interface RowStep {
  dj: number;
  dk: number;
  /** How far runs of the two rows may be shifted along i and still be neighbours: 0, or 1 over edges or corners. */
  reach: number;
}

function rowsBefore(connectivity: Connectivity): RowStep[] {
  const most = { 6: 1, 18: 2, 26: 3 }[connectivity];
  const steps = [
    { dj: -1, dk: 0, reach: most - 1 },
    { dj: 0, dk: -1, reach: most - 1 },
    { dj: -1, dk: -1, reach: most - 2 },
    { dj: 1, dk: -1, reach: most - 2 },
  ];
  return steps.filter(({ reach }) => reach >= 0).map((step) => ({ ...step, reach: Math.min(step.reach, 1) }));
}

/** A forest of runs; roots are their own parent and the first run of their tree. */
function joinRuns(runs: Runs, [nx, ny, nz]: Vec3, before: RowStep[]): Int32Array {
  const parents = Int32Array.from({ length: runs.count }, (_, run) => run);
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (const { dj, dk, reach } of before) {
        if (j + dj < 0 || j + dj >= ny || k + dk < 0) continue;
        joinRows(runs, parents, { row: j + ny * k, other: j + dj + ny * (k + dk), reach, nx });
      }
    }
  }
  return parents;
}

/** Unites runs of two rows that touch, both in their order along i. */
function joinRows(
  { starts, ends, ofRow }: Runs,
  parents: Int32Array,
  { row, other, reach, nx }: { row: number; other: number; reach: number; nx: number },
): void {
  const apart = (row - other) * nx;
  let a = ofRow[row];
  let b = ofRow[other];
  while (a < ofRow[row + 1] && b < ofRow[other + 1]) {
    const [start, end] = [starts[b] + apart, ends[b] + apart];
    if (start < ends[a] + reach && starts[a] < end + reach) unite(parents, a, b);
    // The one that ends last may touch the next run of the other row as well.
    if (end < ends[a]) b++;
    else a++;
  }
}

function unite(parents: Int32Array, a: number, b: number): void {
  const rootA = rootOf(parents, a);
  const rootB = rootOf(parents, b);
  if (rootA < rootB) parents[rootB] = rootA;
  else parents[rootA] = rootB;
}
