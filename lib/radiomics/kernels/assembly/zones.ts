/** Kernels of connected zones; arrays as in texture.ts. */

/** The bit of the step 0: a voxel without neighbours begins a zone, which is there beforehand, so that nobody needs to ask. */
const ALONE: i32 = 1 << 15;

/**
 * Numbers connected voxels of equal rank by union-find in raster order, zones in the order of their first voxels, and returns
 * the number of zones. Neighbours are earlier ones: `steps` (i32), at most 15, and for each the bits of the others that it
 * does not touch (`apart`, i32) and that thus need a link of their own; the 16th step and its bits are 0. Gathers each zone's
 * rank (u16), size (i32) and smallest distance (i32; of 0, unless `distances` are given, i32 per voxel). Scratch are `labels`
 * (i32 per voxel), `equal` (u16 per voxel of a row and 8 more) and `parents` (i32 per zone).
 */
export function collectZones(
  ranks: usize,
  spans: usize,
  spanCount: i32,
  steps: usize,
  apart: usize,
  stepCount: i32,
  distances: usize,
  labels: usize,
  equal: usize,
  parents: usize,
  zoneRanks: usize,
  sizes: usize,
  nearest: usize,
): i32 {
  let zones: i32 = 0;
  for (let s: i32 = 0; s < spanCount; s++) {
    const start: i32 = load<i32>(spans + ((<usize>s) << 3));
    const end: i32 = load<i32>(spans + ((<usize>s) << 3), 4);
    findEqual(ranks, start, end, steps, stepCount, equal);
    for (let p: i32 = start; p < end; p++) {
      const near: i32 = <i32>load<u16>(equal + ((<usize>(p - start)) << 1));
      const distance: i32 = distances === 0 ? 0 : load<i32>(at(distances, p));
      store<i32>(at(labels, p), zones);
      store<i32>(at(parents, zones), zones);
      store<u16>(zoneRanks + ((<usize>zones) << 1), load<u16>(ranks + ((<usize>p) << 1)));
      store<i32>(at(sizes, zones), 0);
      store<i32>(at(nearest, zones), distance);
      const zone: i32 = linkNeighbours(p, near | ALONE, steps, apart, labels, parents);
      store<i32>(at(labels, p), zone);
      store<i32>(at(sizes, zone), load<i32>(at(sizes, zone)) + 1);
      store<i32>(at(nearest, zone), min(load<i32>(at(nearest, zone)), distance));
      zones += <i32>(near === 0);
    }
  }
  return mergeZones(zones, parents, zoneRanks, sizes, nearest);
}

/** Per voxel of a span a bit for each step that leads to an equal rank. */
@inline
function findEqual(ranks: usize, start: i32, end: i32, steps: usize, stepCount: i32, equal: usize): void {
  const first: usize = (<usize>start) << 1;
  const last: usize = (<usize>end) << 1;
  for (let p: usize = first; p < last; p += 16) {
    const here: v128 = v128.load(ranks + p);
    let bits: v128 = i16x8.splat(0);
    for (let n: i32 = stepCount - 1; n >= 0; n--) {
      const there: v128 = v128.load(ranks + p + ((<isize>load<i32>(at(steps, n))) << 1));
      bits = i16x8.sub(i16x8.add(bits, bits), i16x8.eq(here, there));
    }
    v128.store(equal + (p - first), bits);
  }
}

/** The zone of the neighbours that the bits of `near` name, made one. */
@inline
function linkNeighbours(p: i32, near: i32, steps: usize, apart: usize, labels: usize, parents: usize): i32 {
  let n: i32 = ctz(near);
  let zone: i32 = rootOf(parents, load<i32>(at(labels, p + load<i32>(at(steps, n)))));
  for (let left: i32 = near & load<i32>(at(apart, n)); left !== 0; left &= load<i32>(at(apart, n))) {
    n = ctz(left);
    const other: i32 = rootOf(parents, load<i32>(at(labels, p + load<i32>(at(steps, n)))));
    const later: i32 = max(zone, other);
    zone = min(zone, other);
    store<i32>(at(parents, later), zone);
  }
  return zone;
}

/** Mostly a step away at most; else halves the path on the way. */
@inline
function rootOf(parents: usize, from: i32): i32 {
  const parent: i32 = load<i32>(at(parents, from));
  return load<i32>(at(parents, parent)) === parent ? parent : farRootOf(parents, parent);
}

function farRootOf(parents: usize, from: i32): i32 {
  let zone: i32 = from;
  let parent: i32 = load<i32>(at(parents, zone));
  while (parent !== zone) {
    const grand: i32 = load<i32>(at(parents, parent));
    store<i32>(at(parents, zone), grand);
    zone = grand;
    parent = load<i32>(at(parents, zone));
  }
  return zone;
}

/** Adds the zones to those that they hang from, which come earlier, and closes the gaps. */
@inline
function mergeZones(zones: i32, parents: usize, zoneRanks: usize, sizes: usize, nearest: usize): i32 {
  let kept: i32 = 0;
  for (let zone: i32 = 0; zone < zones; zone++) {
    const parent: i32 = load<i32>(at(parents, zone));
    const isRoot: bool = parent === zone;
    const size: i32 = load<i32>(at(sizes, zone));
    const distance: i32 = load<i32>(at(nearest, zone));
    const root: i32 = isRoot ? kept : load<i32>(at(parents, parent));
    store<i32>(at(parents, zone), root);
    store<u16>(zoneRanks + ((<usize>root) << 1), load<u16>(zoneRanks + ((<usize>zone) << 1)));
    store<i32>(at(sizes, root), size + select<i32>(0, load<i32>(at(sizes, root)), isRoot));
    store<i32>(at(nearest, root), min(distance, select<i32>(distance, load<i32>(at(nearest, root)), isRoot)));
    kept += <i32>isRoot;
  }
  return kept;
}

@inline
function at(numbers: usize, n: i32): usize {
  return numbers + ((<isize>n) << 2);
}

/**
 * City-block distances (i32 per voxel of the box, 0 outside the region) to the border, by a pass forwards and one backwards;
 * `area` is 0 when steps stay in the plane.
 */
export function measureDistances(spans: usize, spanCount: i32, nx: i32, area: i32, distances: usize): void {
  const up: usize = (<usize>nx) << 2;
  const over: usize = (<usize>(area === 0 ? nx : area)) << 2;
  for (let s: i32 = 0; s < spanCount; s++) {
    let p: usize = distances + ((<usize>load<i32>(spans + ((<usize>s) << 3))) << 2);
    const end: usize = distances + ((<usize>load<i32>(spans + ((<usize>s) << 3), 4)) << 2);
    for (let last: i32 = 0; p < end; p += 4) {
      last = min(last, min(load<i32>(p - up), load<i32>(p - over))) + 1;
      store<i32>(p, last);
    }
  }
  for (let s: i32 = spanCount - 1; s >= 0; s--) {
    const start: usize = distances + ((<usize>load<i32>(spans + ((<usize>s) << 3))) << 2);
    let p: usize = distances + ((<usize>load<i32>(spans + ((<usize>s) << 3), 4)) << 2);
    for (let last: i32 = 0; p > start; ) {
      p -= 4;
      last = min(last + 1, min(load<i32>(p), min(load<i32>(p + up), load<i32>(p + over)) + 1));
      store<i32>(p, last);
    }
  }
}
