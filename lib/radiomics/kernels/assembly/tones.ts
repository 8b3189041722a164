/** Kernels of neighbourhood sums; arrays as in texture.ts. */

/** Sums of i32 over 2 reach + 1 voxels along an axis; the first and last reach * stride results are left alone. */
export function sumAlongAxis(values: usize, sums: usize, count: i32, stride: i32, reach: i32): void {
  const first: i32 = reach * stride;
  const last: i32 = count - first;
  let p: i32 = first;
  for (; p + 4 <= last; p += 4) {
    const at: usize = values + ((<usize>p) << 2);
    let sum: v128 = v128.load(at);
    for (let t: i32 = stride; t <= first; t += stride) {
      const by: usize = (<usize>t) << 2;
      sum = i32x4.add(sum, i32x4.add(v128.load(at - by), v128.load(at + by)));
    }
    v128.store(sums + ((<usize>p) << 2), sum);
  }
  for (; p < last; p++) {
    const at: usize = values + ((<usize>p) << 2);
    let sum: i32 = load<i32>(at);
    for (let t: i32 = stride; t <= first; t += stride) {
      sum += load<i32>(at - ((<usize>t) << 2)) + load<i32>(at + ((<usize>t) << 2));
    }
    store<i32>(sums + ((<usize>p) << 2), sum);
  }
}

/** Adds sign * cubes to sums where the region is, both i32 per voxel of the box. */
export function addSums(cubes: usize, spans: usize, spanCount: i32, sign: i32, sums: usize): void {
  for (let s: i32 = 0; s < spanCount; s++) {
    let p: usize = (<usize>load<i32>(spans + ((<usize>s) << 3))) << 2;
    const end: usize = (<usize>load<i32>(spans + ((<usize>s) << 3), 4)) << 2;
    for (; p < end; p += 4) store<i32>(sums + p, load<i32>(sums + p) + sign * load<i32>(cubes + p));
  }
}

/** The level number (i32) of every voxel of the box from its rank; `numbers` are i32 by rank, with 0 for rank 0. */
export function numberLevels(ranks: usize, numbers: usize, count: i32, levels: usize): void {
  for (let p: usize = 0; p < <usize>count; p++) {
    store<i32>(levels + (p << 2), load<i32>(numbers + ((<usize>load<u16>(ranks + (p << 1))) << 2)));
  }
}

/**
 * Adds to f64 by rank: the voxels, those without neighbours, and the sum of |level - mean level of the neighbours|, with the
 * sums and the counts of the neighbours as i32 per voxel of the box.
 */
export function addToneDifferences(
  ranks: usize,
  numbers: usize,
  spans: usize,
  spanCount: i32,
  tones: usize,
  neighbours: usize,
  counts: usize,
  isolated: usize,
  differences: usize,
): void {
  for (let s: i32 = 0; s < spanCount; s++) {
    const start: i32 = load<i32>(spans + ((<usize>s) << 3));
    const end: i32 = load<i32>(spans + ((<usize>s) << 3), 4);
    for (let p: i32 = start; p < end; p++) {
      const rank: usize = <usize>load<u16>(ranks + ((<usize>p) << 1));
      const row: usize = rank << 3;
      const near: i32 = load<i32>(neighbours + ((<usize>p) << 2));
      store<f64>(counts + row, load<f64>(counts + row) + 1);
      if (near === 0) {
        store<f64>(isolated + row, load<f64>(isolated + row) + 1);
        continue;
      }
      const level: f64 = <f64>load<i32>(numbers + (rank << 2));
      const mean: f64 = <f64>load<i32>(tones + ((<usize>p) << 2)) / <f64>near;
      store<f64>(differences + row, load<f64>(differences + row) + abs(level - mean));
    }
  }
}
