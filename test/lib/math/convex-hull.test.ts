import assert from 'node:assert/strict';
import { test } from 'node:test';
import { convexHull } from '#lib/math/convex-hull.ts';
import { dot, norm, subtract, type Vec3 } from '#lib/math/vec3.ts';
import { gaussian, seededRandom } from '#lib/random.ts';

test('the hull of a lattice box has the exact volume and area of the box', () => {
  const points = lattice([5, 7, 4]);
  const hull = convexHull(points)!;
  assert.ok(Math.abs(hull.volume - 4 * 6 * 3) < 1e-9);
  assert.ok(Math.abs(hull.area - 2 * (4 * 6 + 4 * 3 + 6 * 3)) < 1e-9);
});

test('the hull of a lattice octahedron has volume 4/3 r^3 and area 4 sqrt(3) r^2', () => {
  const r = 6;
  const points = lattice([2 * r + 1, 2 * r + 1, 2 * r + 1])
    .map((p) => p.map((x) => x - r) as Vec3)
    .filter(([x, y, z]) => Math.abs(x) + Math.abs(y) + Math.abs(z) <= r);
  const hull = convexHull(points)!;
  assert.ok(Math.abs(hull.volume - (4 / 3) * r ** 3) < 1e-9);
  assert.ok(Math.abs(hull.area - 4 * Math.sqrt(3) * r ** 2) < 1e-9);
});

test('no point lies outside a face, and all points on a sphere are corners', () => {
  const random = seededRandom(3);
  const points = Array.from({ length: 400 }, () => {
    const p: Vec3 = [gaussian(random), gaussian(random), gaussian(random)];
    return p.map((x) => x / norm(p)) as Vec3;
  });
  const hull = convexHull(points)!;
  assert.equal(hull.vertices.length, 400);
  assert.equal(hull.faces.length, 2 * 400 - 4, 'Euler: F = 2 V - 4');
  for (const { normal } of hull.faces) {
    const heights = hull.vertices.map((vertex) => dot(normal, vertex));
    const top = Math.max(...heights);
    assert.equal(heights.filter((height) => height > top - 1e-6).length, 3);
    assert.ok(points.every((p) => dot(normal, p) <= top + 1e-6));
  }
  assert.ok(hull.volume > 0.95 * (4 / 3) * Math.PI && hull.volume < (4 / 3) * Math.PI);
});

test('neighbouring faces share an edge in opposite directions', () => {
  const { faces } = convexHull(lattice([5, 4, 6]))!;
  faces.forEach(({ corners, neighbours }, n) => {
    neighbours.forEach((neighbour, edge) => {
      const back = faces[neighbour].neighbours.indexOf(n);
      assert.equal(faces[neighbour].corners[back], corners[(edge + 1) % 3]);
      assert.equal(faces[neighbour].corners[(back + 1) % 3], corners[edge]);
    });
  });
});

test('the hull moves and stretches with its body', () => {
  const points = lattice([4, 4, 4]).map(([x, y, z]) => [100 + 2 * x, -300 + 3 * y, 50 + 0.5 * z] as Vec3);
  assert.ok(Math.abs(convexHull(points)!.volume - 27 * 3) < 1e-6);
});

test('points in one plane have no hull', () => {
  assert.equal(convexHull(lattice([5, 5, 1])), undefined);
  const tilted = lattice([5, 5, 1]).map(([x, y]) => [x, y, 0.3 * x - 0.7 * y] as Vec3);
  assert.equal(convexHull(tilted), undefined);
});

test('the hull does not depend on the order of interior points', () => {
  const points = lattice([6, 5, 4]);
  const corner = (p: Vec3) => [0, 1, 2].every((axis) => p[axis] === 0 || p[axis] === [5, 4, 3][axis]);
  const inner = points.filter((p) => !corner(p)).toReversed();
  const reordered = [...inner, ...points.filter(corner)];
  assert.ok(Math.abs(convexHull(points)!.area - convexHull(reordered)!.area) < 1e-9);
  assert.ok(subtract(points[0], reordered.at(-8)!).every((x) => x === 0));
});

function lattice([nx, ny, nz]: Vec3): Vec3[] {
  return Array.from({ length: nx * ny * nz }, (_, n) => [n % nx, Math.floor(n / nx) % ny, Math.floor(n / (nx * ny))]);
}
