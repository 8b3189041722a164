import type { Mask, Volume } from '../../image/grid.ts';
import { pairwiseMean } from '../../math/pairwise-sum.ts';
import type { Vec3 } from '../../math/vec3.ts';
import { cubicWeights, splineCoefficients } from '../preprocessing/bspline.ts';
import { roiOf } from '../region/roi.ts';
import { icosphere } from './icosphere.ts';
import { type ComplexValues, sphericalHarmonic } from './spherical-harmonics.ts';

export interface SpherePatternOptions {
  lbp3DLevels: number;
  lbp3DIcosphereRadius: number;
  lbp3DIcosphereSubdivision: number;
}

/**
 * Local binary patterns on a sphere (Banerjee et al. 2013, doi:10.1007/978-3-642-37410-4_3) as PyRadiomics computes them:
 * for each voxel of the region the samples on an icosphere that reach the centre's value are expanded in spherical
 * harmonics; m1, m2, ... are the norms of the parts of degree 0, 1, ..., k is the excess kurtosis of the samples.
 * PyRadiomics hands SciPy the azimuth as polar angle and the other way round; so does this.
 */
export function localBinaryPatterns3D(
  image: Volume,
  mask: Mask,
  options: SpherePatternOptions,
): { name: string; data: Float64Array }[] {
  const { size } = image.grid;
  const { imageVoxels: voxels } = roiOf(mask, 1);
  const directions = icosphere(options.lbp3DIcosphereSubdivision);
  const single = image.data instanceof Float32Array;
  const isWhole = !single && !(image.data instanceof Float64Array);
  const round = single ? Math.fround : isWhole ? roundHalfAway : (x: number) => x;
  const coefficients = splineCoefficients(image.data, size, new Float64Array(image.data.length));
  const samples = directions.map((direction) =>
    sampleAround(coefficients, size, voxels, direction.map((x) => x * options.lbp3DIcosphereRadius) as Vec3).map(round),
  );
  const degrees = Array.from({ length: options.lbp3DLevels }, (_, n) => degreeOf(n, directions));
  const images = [...degrees.map((_, n) => `m${n + 1}`), 'k'].map((name) => ({
    name: `lbp-3D-${name}`,
    data: new Float64Array(image.data.length),
  }));
  const around = new Float64Array(directions.length);
  const isAbove = new Uint8Array(directions.length);
  for (let v = 0; v < voxels.length; v++) {
    for (let s = 0; s < samples.length; s++) {
      around[s] = samples[s][v];
      isAbove[s] = around[s] >= image.data[voxels[v]] ? 1 : 0;
    }
    for (let n = 0; n < degrees.length; n++) images[n].data[voxels[v]] = partNorm(degrees[n], isAbove);
    images[degrees.length].data[voxels[v]] = excessKurtosis(around, single ? Math.fround : (x) => x);
  }
  return images;
}

/** The harmonics of a degree, and the sums over the directions of the products of each two. */
interface Degree {
  harmonics: ComplexValues[];
  products: { re: number; im: number }[][];
}

function degreeOf(n: number, directions: Vec3[]): Degree {
  const polar = directions.map(([, , z]) => Math.acos(z));
  const azimuth = directions.map(([x, y]) => Math.atan2(y, x));
  const harmonics = Array.from({ length: 2 * n + 1 }, (_, k) => sphericalHarmonic(n, k - n, polar, azimuth));
  const products = harmonics.map((a) =>
    harmonics.map((b) => ({
      re: sum(a.re.map((x, p) => x * b.re[p] - a.im[p] * b.im[p])),
      im: sum(a.re.map((x, p) => x * b.im[p] + a.im[p] * b.re[p])),
    })),
  );
  return { harmonics, products };
}

/** Re sqrt(sum over the sphere of the part's square), the part being sum_m c_m Y_m with c_m = sum of Y_m where above. */
function partNorm({ harmonics, products }: Degree, isAbove: Uint8Array): number {
  const c = harmonics.map(({ re, im }) => {
    let [x, y] = [0, 0];
    for (let s = 0; s < isAbove.length; s++) {
      if (isAbove[s] === 0) continue;
      x += re[s];
      y += im[s];
    }
    return { x, y };
  });
  let [re, im] = [0, 0];
  for (let a = 0; a < c.length; a++) {
    for (let b = 0; b < c.length; b++) {
      const x = c[a].x * c[b].x - c[a].y * c[b].y;
      const y = c[a].x * c[b].y + c[a].y * c[b].x;
      re += x * products[a][b].re - y * products[a][b].im;
      im += x * products[a][b].im + y * products[a][b].re;
    }
  }
  return Math.sqrt(Math.max(0, (Math.hypot(re, im) + re) / 2));
}

/** Spline values at voxel + offset, the offset being along k, j, i; 0 where that leaves the image's outermost centres. */
function sampleAround(coefficients: Float64Array, size: Vec3, voxels: Int32Array, offset: Vec3): Float64Array {
  const [nx, ny, nz] = size;
  const [dz, dy, dx] = offset;
  const weights = [dx, dy, dz].map((d) => cubicWeights(d - Math.floor(d)));
  const out = new Float64Array(voxels.length);
  for (let v = 0; v < voxels.length; v++) {
    const [i, j, k] = [voxels[v] % nx, Math.floor(voxels[v] / nx) % ny, Math.floor(voxels[v] / (nx * ny))];
    if (i + dx < 0 || j + dy < 0 || k + dz < 0 || i + dx > nx - 1 || j + dy > ny - 1 || k + dz > nz - 1) continue;
    const [x, y, z] = [i + Math.floor(dx) - 1, j + Math.floor(dy) - 1, k + Math.floor(dz) - 1];
    let value = 0;
    for (let c = 0; c < 4; c++) {
      for (let b = 0; b < 4; b++) {
        const row = nx * (mirrored(y + b, ny) + ny * mirrored(z + c, nz));
        const w = weights[1][b] * weights[2][c];
        for (let a = 0; a < 4; a++) value += weights[0][a] * w * coefficients[row + mirrored(x + a, nx)];
      }
    }
    out[v] = value;
  }
  return out;
}

function mirrored(index: number, size: number): number {
  const at = index < 0 ? -index : index >= size ? 2 * (size - 1) - index : index;
  return Math.min(Math.max(at, 0), size - 1);
}

/** m4 / m2² - 3 in the type of the samples, summed as NumPy does; NaN where the samples are equal (SciPy). */
function excessKurtosis(samples: Float64Array, round: (x: number) => number): number {
  const mean = pairwiseMean(samples, round);
  const squares = samples.map((x) => {
    const d = round(x - mean);
    return round(d * d);
  });
  const m2 = pairwiseMean(squares, round);
  const m4 = pairwiseMean(
    squares.map((square) => round(square * square)),
    round,
  );
  const resolution = round === Math.fround ? 1e-6 : 1e-15;
  if (m2 <= (resolution * mean) ** 2) return Number.NaN;
  return round(round(m4 / round(m2 * m2)) - 3);
}

function sum(values: Float64Array): number {
  return values.reduce((total, x) => total + x, 0);
}

function roundHalfAway(x: number): number {
  return Math.sign(x) * Math.floor(Math.abs(x) + 0.5);
}
