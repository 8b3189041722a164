import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Mat3 } from '#lib/math/vec3.ts';
import { intersection, rotate, subtract, union } from '#lib/phantom/combine.ts';
import { areaMm2 } from '#lib/phantom/measure.ts';
import { box, cone, cylinder, ellipsoid, type Solid, sphere, torus } from '#lib/phantom/solid.ts';

/** Volume from the areas of fine sections alone, mm3. */
function stackedVolume(solid: Solid, sections: number, chordMm: number): number {
  const step = (solid.max[2] - solid.min[2]) / sections;
  let sum = 0;
  for (let k = 0; k < sections; k++) sum += areaMm2(solid.section(solid.min[2] + (k + 0.5) * step, chordMm));
  return sum * step;
}

/** 30 degrees about x, then z stays no axis of the solid. */
const TILT: Mat3 = [
  1,
  0,
  0,
  0,
  Math.cos(Math.PI / 6),
  -Math.sin(Math.PI / 6),
  0,
  Math.sin(Math.PI / 6),
  Math.cos(Math.PI / 6),
];

/** Volumes by formula (Euclid, Archimedes, Pappus); the last ones from the parts by inclusion and exclusion. */
const solids: [string, Solid, number][] = [
  ['ellipsoid', ellipsoid([3, -4, 5], [10, 20, 30]), (4 / 3) * Math.PI * 6000],
  ['cylinder', cylinder([1, 2, 3], [12, 8], 15), Math.PI * 96 * 30],
  ['cone', cone([0, 0, -10], 12, 24), (Math.PI * 144 * 24) / 3],
  ['cone upside down', cone([0, 0, 10], 12, -24), (Math.PI * 144 * 24) / 3],
  ['box', box([1, 1, 1], [5, 6, 7]), 8 * 5 * 6 * 7],
  ['torus', torus([0, 0, 0], 20, 6), 2 * Math.PI ** 2 * 20 * 36],
  ['tilted ellipsoid', rotate(ellipsoid([5, 5, 5], [10, 20, 30]), TILT, [1, 2, 3]), (4 / 3) * Math.PI * 6000],
  ['two spheres apart', union(sphere([-30, 0, 0], 10), sphere([30, 0, 0], 10)), (8 / 3) * Math.PI * 1000],
  ['spherical shell', subtract(sphere([0, 0, 0], 20), sphere([0, 0, 0], 15)), (4 / 3) * Math.PI * (8000 - 3375)],
  ['half sphere', intersection(sphere([0, 0, 0], 20), box([20, 0, 0], [20, 30, 30])), (2 / 3) * Math.PI * 8000],
  // Lens of two unit spheres at distance d: pi (4 + d) (2 - d)^2 / 12.
  [
    'two spheres that overlap',
    union(sphere([-10, 0, 0], 20), sphere([10, 0, 0], 20)),
    (8 / 3) * Math.PI * 8000 - (8000 * Math.PI * 5) / 12,
  ],
];
for (const [name, solid, volumeMm3] of solids) {
  test(`the sections of a ${name} enclose its volume to 0.2 %`, () => {
    const found = stackedVolume(solid, 200, 0.5);
    assert.ok(Math.abs(found / volumeMm3 - 1) < 0.002, `${found} instead of ${volumeMm3}`);
    if (solid.volumeMm3 !== undefined) assert.ok(Math.abs(solid.volumeMm3 / volumeMm3 - 1) < 1e-12);
  });

  test(`the vertices of a ${name} lie on its surface`, () => {
    const z = (solid.min[2] + 2 * solid.max[2]) / 3;
    const loops = solid.section(z, 1);
    assert.ok(loops.length > 0);
    const middle = [0, 1].map((axis) => (solid.min[axis] + solid.max[axis]) / 2);
    for (const loop of loops) {
      for (let i = 0; i < loop.length; i += 2) {
        const around = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => (n * Math.PI) / 4);
        const states = around.map((a) =>
          solid.contains(loop[i] + 1e-3 * Math.cos(a), loop[i + 1] + 1e-3 * Math.sin(a), z),
        );
        assert.ok(states.includes(true) && states.includes(false), `(${loop[i]}, ${loop[i + 1]}) of ${middle}`);
      }
    }
  });
}

test('a plane beside a solid has no section', () => {
  for (const [, solid] of solids) {
    assert.deepEqual(solid.section(solid.min[2] - 0.1, 1), []);
    assert.deepEqual(solid.section(solid.max[2] + 0.1, 1), []);
  }
});

test('a hole is a separate loop', () => {
  assert.equal(subtract(cylinder([0, 0, 0], [20, 20], 5), cylinder([0, 0, 0], [8, 8], 10)).section(0, 1).length, 2);
  assert.equal(torus([0, 0, 0], 20, 6).section(0, 1).length, 2);
});
