import { type Grid, indexToPatient } from '../../image/grid.ts';
import type { Vec3 } from '../../math/vec3.ts';

/** Counts voxels slice by slice, to show where most of them are. */
export class SliceTally {
  private readonly slices = new Map<number, { count: number; sumI: number; sumJ: number }>();

  add(i: number, j: number, k: number): void {
    const slice = this.slices.get(k);
    if (!slice) {
      this.slices.set(k, { count: 1, sumI: i, sumJ: j });
      return;
    }
    slice.count++;
    slice.sumI += i;
    slice.sumJ += j;
  }

  /** The middle of the voxels on the slice that has most of them, in patient coordinates (LPS), mm; undefined of none. */
  middleMm(grid: Grid): Vec3 | undefined {
    let fullest: [k: number, slice: { count: number; sumI: number; sumJ: number }] | undefined;
    for (const entry of this.slices) if (!fullest || entry[1].count > fullest[1].count) fullest = entry;
    if (!fullest) return undefined;
    const [k, { count, sumI, sumJ }] = fullest;
    return indexToPatient(grid, [sumI / count, sumJ / count, k]);
  }
}
