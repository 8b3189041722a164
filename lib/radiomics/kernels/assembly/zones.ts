/** Kernels of connected zones; arrays as in texture.ts. */

/**
 * Labels connected voxels of equal rank by union-find in raster order. `parents` (i32 per voxel) receives the voxel that each
 * one hangs from; roots, which hang from themselves, are the first voxels of their zones. nx and area are the strides of
 * j and k; `flat` is the axis that links do not follow, or -1.
 */
export function linkZones(
  ranks: usize,
  spans: usize,
  spanCount: i32,
  nx: i32,
  area: i32,
  flat: i32,
  parents: usize,
): void {
  for (let s: i32 = 0; s < spanCount; s++) {
    const start: i32 = load<i32>(spans + ((<usize>s) << 3));
    const end: i32 = load<i32>(spans + ((<usize>s) << 3), 4);
    for (let p: i32 = start; p < end; p++) {
      store<i32>(parents + ((<usize>p) << 2), p);
      const rank: u16 = rankAt(ranks, p);
      if (flat < 0) linkToBefore3D(ranks, parents, p, rank, nx, area);
      else linkToBefore2D(ranks, parents, p, rank, flat == 0 ? nx : 1, flat == 2 ? nx : area);
    }
  }
}

/**
 * The voxel below (k - 1) touches all other earlier neighbours, so one link to it is enough; likewise the voxel above
 * (j - 1) touches those of its own plane.
 */
@inline
function linkToBefore3D(ranks: usize, parents: usize, p: i32, rank: u16, nx: i32, area: i32): void {
  const below: i32 = p - area;
  if (rankAt(ranks, below) == rank) {
    unite(parents, p, below);
    return;
  }
  linkIfEqual(ranks, parents, p, rank, below - nx - 1);
  linkIfEqual(ranks, parents, p, rank, below - nx);
  linkIfEqual(ranks, parents, p, rank, below - nx + 1);
  linkIfEqual(ranks, parents, p, rank, below - 1);
  linkIfEqual(ranks, parents, p, rank, below + 1);
  linkIfEqual(ranks, parents, p, rank, below + nx - 1);
  linkIfEqual(ranks, parents, p, rank, below + nx);
  linkIfEqual(ranks, parents, p, rank, below + nx + 1);
  linkToBefore2D(ranks, parents, p, rank, 1, nx);
}

/** Within a plane whose strides are `along` and `across`. */
@inline
function linkToBefore2D(ranks: usize, parents: usize, p: i32, rank: u16, along: i32, across: i32): void {
  const above: i32 = p - across;
  if (rankAt(ranks, above) == rank) {
    unite(parents, p, above);
    return;
  }
  linkIfEqual(ranks, parents, p, rank, above - along);
  linkIfEqual(ranks, parents, p, rank, above + along);
  linkIfEqual(ranks, parents, p, rank, p - along);
}

@inline
function linkIfEqual(ranks: usize, parents: usize, p: i32, rank: u16, q: i32): void {
  if (rankAt(ranks, q) == rank) unite(parents, p, q);
}

@inline
function rankAt(ranks: usize, p: i32): u16 {
  return load<u16>(ranks + ((<usize>p) << 1));
}

/** The earlier root becomes the root of both. */
function unite(parents: usize, a: i32, b: i32): void {
  const rootA: i32 = rootOf(parents, a);
  const rootB: i32 = rootOf(parents, b);
  if (rootA < rootB) store<i32>(parents + ((<usize>rootB) << 2), rootA);
  else store<i32>(parents + ((<usize>rootA) << 2), rootB);
}

/** Halves the path on the way. */
function rootOf(parents: usize, from: i32): i32 {
  let p: i32 = from;
  let parent: i32 = load<i32>(parents + ((<usize>p) << 2));
  while (parent != p) {
    const grand: i32 = load<i32>(parents + ((<usize>parent) << 2));
    store<i32>(parents + ((<usize>p) << 2), grand);
    p = grand;
    parent = load<i32>(parents + ((<usize>p) << 2));
  }
  return p;
}

/**
 * Turns the links of `linkZones` into numbers of zones, from 0 in the order of their first voxels, and gathers each zone's
 * rank (u16), size (i32) and, unless `distances` (i32 per voxel) is 0, smallest distance. Returns the number of zones.
 */
export function collectZones(
  ranks: usize,
  spans: usize,
  spanCount: i32,
  parents: usize,
  distances: usize,
  zoneRanks: usize,
  sizes: usize,
  nearest: usize,
): i32 {
  let zones: i32 = 0;
  for (let s: i32 = 0; s < spanCount; s++) {
    const start: i32 = load<i32>(spans + ((<usize>s) << 3));
    const end: i32 = load<i32>(spans + ((<usize>s) << 3), 4);
    for (let p: i32 = start; p < end; p++) {
      const link: usize = parents + ((<usize>p) << 2);
      const parent: i32 = load<i32>(link);
      const isFirst: bool = parent === p;
      const zone: i32 = isFirst ? zones : load<i32>(parents + ((<usize>parent) << 2));
      const at: usize = (<usize>zone) << 2;
      store<i32>(link, zone);
      if (isFirst) {
        store<u16>(zoneRanks + ((<usize>zone) << 1), rankAt(ranks, p));
        store<i32>(sizes + at, 0);
        if (distances !== 0) store<i32>(nearest + at, i32.MAX_VALUE);
        zones++;
      }
      store<i32>(sizes + at, load<i32>(sizes + at) + 1);
      if (distances === 0) continue;
      store<i32>(nearest + at, min(load<i32>(nearest + at), load<i32>(distances + ((<usize>p) << 2))));
    }
  }
  return zones;
}
