const LATTICE_MM = 8;
/** The trilinear mean of uniform lattice values and a uniform grain, scaled to a standard deviation near 1. */
const COARSE_SHARE = 2.2;
const GRAIN_SHARE = 1.1;

/** A repeatable texture with mean 0 and standard deviation near 1: blobs of 8 mm under a fine grain. */
export function textureAt(x: number, y: number, z: number, seed: number): number {
  return (
    COARSE_SHARE * blobs(x / LATTICE_MM, y / LATTICE_MM, z / LATTICE_MM, seed) + GRAIN_SHARE * grain(x, y, z, seed)
  );
}

/** Values at the corners of a lattice cell, interpolated along x, then y, then z. */
function blobs(x: number, y: number, z: number, seed: number): number {
  const i = Math.floor(x);
  const j = Math.floor(y);
  const k = Math.floor(z);
  const near = face(i, x - i, j, y - j, k, seed);
  return near + (z - k) * (face(i, x - i, j, y - j, k + 1, seed) - near);
}

function face(i: number, fx: number, j: number, fy: number, k: number, seed: number): number {
  const low = edge(i, fx, j, k, seed);
  return low + fy * (edge(i, fx, j + 1, k, seed) - low);
}

function edge(i: number, fx: number, j: number, k: number, seed: number): number {
  const left = hashed(i, j, k, seed);
  return left + fx * (hashed(i + 1, j, k, seed) - left);
}

function grain(x: number, y: number, z: number, seed: number): number {
  return hashed(Math.round(x * 100), Math.round(y * 100), Math.round(z * 100), seed ^ 0x5bd1e995);
}

/** A number in [-1, 1) from three integers and a seed (the finalizer of MurmurHash3). */
function hashed(i: number, j: number, k: number, seed: number): number {
  let h = Math.imul(i, 0x9e3779b1) ^ Math.imul(j, 0x85ebca77) ^ Math.imul(k, 0xc2b2ae3d) ^ Math.imul(seed, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2147483648 - 1;
}
