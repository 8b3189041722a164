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

function blobs(x: number, y: number, z: number, seed: number): number {
  const [i, j, k] = [Math.floor(x), Math.floor(y), Math.floor(z)];
  const [fx, fy, fz] = [x - i, y - j, z - k];
  let sum = 0;
  for (let corner = 0; corner < 8; corner++) {
    const [a, b, c] = [corner & 1, (corner >> 1) & 1, corner >> 2];
    const weight = (a ? fx : 1 - fx) * (b ? fy : 1 - fy) * (c ? fz : 1 - fz);
    sum += weight * hashed(i + a, j + b, k + c, seed);
  }
  return sum;
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
