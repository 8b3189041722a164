import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Grid, Mask } from '#lib/image/grid.ts';
import { maskOfVolume } from '#lib/image/mask.ts';
import { convexHull } from '#lib/math/convex-hull.ts';
import { IDENTITY, type Vec3 } from '#lib/math/vec3.ts';
import { borderDistances } from '#lib/radiomics/ibsi/border-distance.ts';
import { axisAlignedBox, orientedBox } from '#lib/radiomics/ibsi/bounding-box.ts';
import { ellipsoid, enclosingEllipsoid } from '#lib/radiomics/ibsi/ellipsoid.ts';
import { localIntensity } from '#lib/radiomics/ibsi/local-intensity.ts';
import { morphology } from '#lib/radiomics/ibsi/morphology.ts';
import { spatialAutocorrelation } from '#lib/radiomics/ibsi/spatial-autocorrelation.ts';
import { roiOf } from '#lib/radiomics/region/roi.ts';
import { gaussian, seededRandom } from '#lib/random.ts';

const GRID: Grid = { size: [11, 9, 8], spacingMm: [1, 1.5, 2.5], originMm: [0, 0, 0], direction: IDENTITY };
const random = seededRandom(11);
/** A blob with holes and a ragged edge. */
const MASK = maskOfVolume(
  GRID,
  Uint8Array.from({ length: 11 * 9 * 8 }, (_, n) => {
    const [i, j, k] = indexOf(n);
    return Math.hypot((i - 5) / 5, (j - 4) / 4, (k - 4) / 4) < 1.1 && random() < 0.85 ? 1 : 0;
  }),
);
const VALUES = Float32Array.from({ length: 11 * 9 * 8 }, () => Math.round(100 * random()));

test('sums over pairs by convolution equal direct sums', () => {
  const roi = roiOf(MASK, 1);
  const values = Float64Array.from(roi.imageVoxels, (voxel) => VALUES[voxel]);
  const points = Array.from(roi.imageVoxels, (voxel) =>
    indexOf(voxel).map((index, axis) => index * GRID.spacingMm[axis]),
  );
  const n = values.length;
  const mean = values.reduce((sum, x) => sum + x, 0) / n;
  let [weights, cross, square, variation] = [0, 0, 0, 0];
  for (let a = 0; a < n; a++) {
    variation += (values[a] - mean) ** 2;
    for (let b = 0; b < n; b++) {
      if (a === b) continue;
      const w = 1 / Math.hypot(...points[a].map((x, axis) => x - points[b][axis]));
      weights += w;
      cross += w * (values[a] - mean) * (values[b] - mean);
      square += w * (values[a] - values[b]) ** 2;
    }
  }
  const { moran, geary } = spatialAutocorrelation(roi, values);
  assert.ok(Math.abs(moran - (n * cross) / (weights * variation)) < 1e-12);
  assert.ok(Math.abs(geary - ((n - 1) * square) / (2 * weights * variation)) < 1e-12);
});

test('a region too large for the transform gets no autocorrelation, with a finding', () => {
  const grid: Grid = { ...GRID, size: [300, 300, 300] };
  const data = new Uint8Array(300 ** 3);
  data[0] = 1;
  data[data.length - 1] = 1;
  const mask = maskOfVolume(grid, data);
  const { values, findings } = morphology({ grid, data: new Float32Array(300 ** 3) }, mask, mask);
  assert.ok(Number.isNaN(values.morph_moran_i) && Number.isNaN(values.morph_geary_c));
  assert.deepEqual(
    findings.map(({ code }) => code),
    ['REGION_TOO_LARGE'],
  );
  assert.equal(values.morph_vol_approx, 2 * 1.5 * 2.5);
});

test('intensity peaks equal the means over all image voxels within 6.2 mm', () => {
  const radius = 10 * (3 / (4 * Math.PI)) ** (1 / 3);
  const voxels = Array.from(roiOf(MASK, 0).imageVoxels);
  const means = voxels.map((voxel) => {
    const centre = indexOf(voxel);
    let [sum, count] = [0, 0];
    for (let other = 0; other < VALUES.length; other++) {
      const apart = indexOf(other).map((index, axis) => (index - centre[axis]) * GRID.spacingMm[axis]);
      if (Math.hypot(...apart) > radius) continue;
      sum += VALUES[other];
      count++;
    }
    return sum / count;
  });
  const highest = Math.max(...voxels.map((voxel) => VALUES[voxel]));
  const local = Math.max(...means.filter((_, n) => VALUES[voxels[n]] === highest));
  const peaks = localIntensity({ grid: GRID, data: VALUES }, MASK);
  assert.ok(Math.abs(peaks.loc_peak_loc - local) < 1e-10);
  assert.ok(Math.abs(peaks.loc_peak_glob - Math.max(...means)) < 1e-10);
});

for (const flat of [false, true]) {
  test(`border distances count the steps ${flat ? 'in the slice' : 'in space'} to the nearest voxel outside`, () => {
    const roi = roiOf(MASK, 1);
    const distances = borderDistances(MASK, roi, flat);
    const inside = new Set(roi.imageVoxels);
    roi.imageVoxels.forEach((voxel, n) => {
      assert.equal(distances[roi.voxels[n]], stepsToOutside(inside, voxel, flat), `voxel ${indexOf(voxel)}`);
    });
  });
}

test('distances computed for part of the mask match the whole mask', () => {
  const part: Mask = { ...MASK, data: MASK.data.map((value, n) => (n % 3 === 0 ? 0 : value)) };
  const [whole, some] = [MASK, part].map((mask) => roiOf(mask, 1));
  const byVoxel = new Map(
    Array.from(whole.imageVoxels, (voxel, n) => [voxel, borderDistances(MASK, whole, false)[whole.voxels[n]]]),
  );
  const distances = borderDistances(MASK, some, false);
  some.imageVoxels.forEach((voxel, n) => {
    assert.equal(distances[some.voxels[n]], byVoxel.get(voxel));
  });
});

test('the oriented box of a turned box is that box, and the axis-aligned box is larger', () => {
  const hull = convexHull(boxCorners([9, 5, 3]).map(turned))!;
  const found = orientedBox(hull);
  assert.ok(Math.abs(found.volume - 135) < 1e-6);
  assert.ok(Math.abs(found.area - 2 * (45 + 27 + 15)) < 1e-6);
  assert.ok(axisAlignedBox(hull).volume > 1.5 * 135);
});

test('the smallest ellipsoid around a box has sqrt 3 times its half-sides as axes', () => {
  const axes = enclosingEllipsoid(boxCorners([9, 5, 3]).map(turned)).sort((a, b) => b - a);
  [9, 5, 3].forEach((side, n) => {
    assert.ok(Math.abs(axes[n] - (Math.sqrt(3) * side) / 2) < 1e-5);
  });
});

test('the smallest ellipsoid around points on an ellipsoid is that ellipsoid', () => {
  const points = Array.from({ length: 3000 }, () => {
    const p = [gaussian(random), gaussian(random), gaussian(random)];
    const r = Math.hypot(...p);
    return turned([(7 * p[0]) / r, (4 * p[1]) / r, (2 * p[2]) / r]);
  });
  const axes = enclosingEllipsoid(points).sort((a, b) => b - a);
  [7, 4, 2].forEach((axis, n) => {
    assert.ok(Math.abs(axes[n] - axis) < 0.01 * axis);
  });
});

/**
 * IBSI's series in closed form: with two equal long axes a it is 2 pi a^2 (c/a + asin(beta)/beta), with two equal short axes b
 * 2 pi a b (1 + (1 - e^2)/e atanh(e)). For a sphere it is the area, otherwise not.
 */
const AREAS: [Vec3, number][] = [
  [[2, 2, 2], 16 * Math.PI],
  [[3, 2, 3], 2 * Math.PI * 9 * (2 / 3 + Math.asin(Math.sqrt(5) / 3) / (Math.sqrt(5) / 3))],
  [[2, 3, 2], 2 * Math.PI * 6 * (1 + (4 / 9 / (Math.sqrt(5) / 3)) * Math.atanh(Math.sqrt(5) / 3))],
];

for (const [axes, area] of AREAS) {
  test(`an ellipsoid with half-axes ${axes} has the area of the IBSI formula`, () => {
    assert.ok(Math.abs(ellipsoid(axes).area / area - 1) < 1e-6, `${ellipsoid(axes).area} instead of ${area}`);
  });
}

function indexOf(n: number): Vec3 {
  return [n % 11, Math.floor(n / 11) % 9, Math.floor(n / 99)];
}

function stepsToOutside(inside: Set<number>, voxel: number, flat: boolean): number {
  const from = indexOf(voxel);
  let least = Math.min(...from.slice(0, flat ? 2 : 3).flatMap((index, axis) => [index + 1, GRID.size[axis] - index]));
  for (let other = 0; other < VALUES.length; other++) {
    const apart = indexOf(other).map((index, axis) => Math.abs(index - from[axis]));
    if (inside.has(other) || (flat && apart[2] > 0)) continue;
    least = Math.min(least, apart[0] + apart[1] + apart[2]);
  }
  return least;
}

function boxCorners(sides: Vec3): Vec3[] {
  return [0, 1, 2, 3, 4, 5, 6, 7].map((bits) => sides.map((side, axis) => (((bits >> axis) & 1) - 0.5) * side) as Vec3);
}

/** Turned by 30 degrees about z, then by 40 about x. */
function turned([x, y, z]: Vec3): Vec3 {
  const [c, s, c2, s2] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6), Math.cos(0.7), Math.sin(0.7)];
  const [u, v] = [c * x - s * y, s * x + c * y];
  return [u, c2 * v - s2 * z, s2 * v + c2 * z];
}
