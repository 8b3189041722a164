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

/** Connected components by union-find over the box of the mask. */
export function connectedComponents(mask: Mask, connectivity: Connectivity): Components {
  const parents = joinNeighbours(mask, earlierNeighbours(connectivity));
  const counts = new Map<number, number>();
  for (let v = 0; v < parents.length; v++) {
    if (parents[v] < 0) continue;
    const root = rootOf(parents, v);
    counts.set(root, (counts.get(root) ?? 0) + 1);
  }
  const ranked = [...counts].sort(([rootA, a], [rootB, b]) => b - a || rootA - rootB);
  const labelOfRoot = new Map(ranked.map(([root], rank) => [root, rank + 1]));
  const labels = new Int32Array(parents.length);
  for (let v = 0; v < labels.length; v++)
    if (parents[v] >= 0) labels[v] = labelOfRoot.get(rootOf(parents, v)) as number;
  return { labels, sizes: ranked.map(([, size]) => size) };
}

/** The component with most voxels; of equal ones the one that is met first. */
export function largestComponent(mask: Mask, connectivity: Connectivity): Mask {
  const { labels, sizes } = connectedComponents(mask, connectivity);
  if (sizes.length === 0) return emptyMask(mask.grid);
  return cropMask({ ...mask, data: Uint8Array.from(labels, (label) => (label === 1 ? 1 : 0)) });
}

/** Neighbours that are met before a voxel in storage order. */
function earlierNeighbours(connectivity: Connectivity): Vec3[] {
  const most = { 6: 1, 18: 2, 26: 3 }[connectivity];
  const steps = [-1, 0, 1];
  return steps
    .flatMap((dk) => steps.flatMap((dj) => steps.map((di): Vec3 => [di, dj, dk])))
    .slice(0, 13)
    .filter((step) => Math.abs(step[0]) + Math.abs(step[1]) + Math.abs(step[2]) <= most);
}

/** A forest: -1 for empty voxels, else the parent; roots are their own and the first voxel of their tree. */
function joinNeighbours({ box, data }: Mask, neighbours: Vec3[]): Int32Array {
  const [nx, ny, nz] = box.size;
  const parents = new Int32Array(data.length).fill(-1);
  const [dis, djs, dks] = [0, 1, 2].map((axis) => Int32Array.from(neighbours, (step) => step[axis]));
  for (let k = 0, v = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, v++) {
        if (data[v] === 0) continue;
        parents[v] = v;
        for (let n = 0; n < dis.length; n++) {
          const [x, y, z] = [i + dis[n], j + djs[n], k + dks[n]];
          if (x < 0 || x >= nx || y < 0 || y >= ny || z < 0) continue;
          const other = x + nx * (y + ny * z);
          if (data[other] === 1) unite(parents, v, other);
        }
      }
    }
  }
  return parents;
}

function unite(parents: Int32Array, a: number, b: number): void {
  const rootA = rootOf(parents, a);
  const rootB = rootOf(parents, b);
  if (rootA < rootB) parents[rootB] = rootA;
  else parents[rootA] = rootB;
}
