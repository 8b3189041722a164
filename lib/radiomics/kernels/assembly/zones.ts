/** Kernels of connected zones; arrays as in texture.ts. */

/**
 * Labels connected voxels of equal rank by union-find in raster order, eight voxels at a time. `parents` (i32 per voxel)
 * receives the voxel that each one hangs from; roots, which hang from themselves, are the first voxels of their zones. nx and
 * area are the strides of j and k; `flat` is the axis that links do not follow, or -1.
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
    for (let p: i32 = start; p < end; p++) store<i32>(parents + ((<usize>p) << 2), p);
    for (let p: i32 = start; p < end; p += 8) {
      const open: i32 = end - p < 8 ? (1 << (end - p)) - 1 : 255;
      if (flat < 0) linkToBefore3D(ranks, parents, p, open, nx, area);
      else linkToBefore2D(ranks, parents, p, open, flat == 0 ? nx : 1, flat == 2 ? nx : area);
    }
  }
}

/**
 * The voxel below (k - 1) touches all other earlier neighbours, so one link to it is enough; likewise the voxel above
 * (j - 1) touches those of its own plane. `open` are the bits of the voxels, from p on, that are not linked that way yet.
 */
@inline
function linkToBefore3D(ranks: usize, parents: usize, p: i32, open: i32, nx: i32, area: i32): void {
  const below: i32 = p - area;
  const left: i32 = open & ~linkEqual(ranks, parents, p, open, below);
  if (left === 0) return;
  linkEqual(ranks, parents, p, left, below - nx - 1);
  linkEqual(ranks, parents, p, left, below - nx);
  linkEqual(ranks, parents, p, left, below - nx + 1);
  linkEqual(ranks, parents, p, left, below - 1);
  linkEqual(ranks, parents, p, left, below + 1);
  linkEqual(ranks, parents, p, left, below + nx - 1);
  linkEqual(ranks, parents, p, left, below + nx);
  linkEqual(ranks, parents, p, left, below + nx + 1);
  linkToBefore2D(ranks, parents, p, left, 1, nx);
}

/** Within a plane whose strides are `along` and `across`. */
@inline
function linkToBefore2D(ranks: usize, parents: usize, p: i32, open: i32, along: i32, across: i32): void {
  const above: i32 = p - across;
  const left: i32 = open & ~linkEqual(ranks, parents, p, open, above);
  if (left === 0) return;
  linkEqual(ranks, parents, p, left, above - along);
  linkEqual(ranks, parents, p, left, above + along);
  linkEqual(ranks, parents, p, left, p - along);
}

/** Links the open ones of the voxels from p on to those from q on of equal rank, and returns which they are. */
@inline
function linkEqual(ranks: usize, parents: usize, p: i32, open: i32, q: i32): i32 {
  const equal: v128 = i16x8.eq(v128.load(ranks + ((<usize>p) << 1)), v128.load(ranks + ((<usize>q) << 1)));
  const linked: i32 = open & i16x8.bitmask(equal);
  for (let bits: i32 = linked; bits !== 0; bits &= bits - 1) {
    const lane: i32 = ctz(bits);
    unite(parents, p + lane, q + lane);
  }
  return linked;
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

/**
 * City-block distances (i32 per voxel of the box, 0 outside the region) to the border, by a pass forwards and one backwards;
 * `area` is 0 when steps stay in the plane.
 */
export function measureDistances(spans: usize, spanCount: i32, nx: i32, area: i32, distances: usize): void {
  const up: usize = (<usize>nx) << 2;
  const over: usize = (<usize>area) << 2;
  for (let s: i32 = 0; s < spanCount; s++) {
    let p: usize = distances + ((<usize>load<i32>(spans + ((<usize>s) << 3))) << 2);
    const end: usize = distances + ((<usize>load<i32>(spans + ((<usize>s) << 3), 4)) << 2);
    for (; p < end; p += 4) {
      let near: i32 = min(load<i32>(p - 4), load<i32>(p - up));
      if (over !== 0) near = min(near, load<i32>(p - over));
      store<i32>(p, near + 1);
    }
  }
  for (let s: i32 = spanCount - 1; s >= 0; s--) {
    const start: usize = distances + ((<usize>load<i32>(spans + ((<usize>s) << 3))) << 2);
    let p: usize = distances + ((<usize>load<i32>(spans + ((<usize>s) << 3), 4)) << 2);
    while (p > start) {
      p -= 4;
      let near: i32 = min(load<i32>(p + 4), load<i32>(p + up));
      if (over !== 0) near = min(near, load<i32>(p + over));
      store<i32>(p, min(load<i32>(p), near + 1));
    }
  }
}
