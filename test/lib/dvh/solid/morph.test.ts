import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Morph, morphOf, morphPoints } from '#lib/dvh/solid/morph.ts';
import { type Ring, ringOf } from '#lib/dvh/solid/ring.ts';
import { gaussian, seededRandom } from '#lib/random.ts';
import { groupLoops } from '#lib/rt/contours/group-loops.ts';
import { circle, type FlatLoop, rectangle } from '../../../fixtures/dvh-phantom.ts';
import { lyingCone } from '../../../fixtures/dvh-shapes.ts';

const horseshoe: FlatLoop = [
  ...circle(10, [0, 0], 60).slice(5, 56),
  ...circle(6, [0, 0], 60).slice(5, 56).toReversed(),
];

const RINGS: [name: string, loops: FlatLoop[], is: boolean][] = [
  ['a circle', [circle(10)], true],
  ['a circle drawn clockwise', [circle(10).toReversed()], true],
  ['a rectangle', [rectangle(-3, 5, 2, 4)], true],
  ['a circle with noise of a tenth of a millimetre', [noisy(circle(10, [0, 0], 60))], true],
  ['a circle on pixels of half a millimetre', [rounded(circle(20))], true],
  ['a horseshoe', [horseshoe], false],
  ['a circle with a hole', [circle(10), circle(5)], false],
  ['a figure of eight', [[[-5, -5], [5, 5], [5, -5], [-5, 5]]], false], // biome-ignore format: one loop
];

for (const [name, loops, is] of RINGS)
  test(`${name} counts as ${is ? 'nearly' : 'not'} convex`, () => {
    assert.equal(ringOf(shapeOf(loops)) !== undefined, is);
  });

test('between two circles the section is a circle of the wanted area, for any position and size', () => {
  const [low, high] = [ring([circle(8, [-2, 1])]), ring([circle(3, [4, -1])])];
  for (const beyond of [undefined, { ring: ring([circle(9, [-8, 3])]), gapMm: 3 }]) {
    const morph = morphOf(low, high, 3, beyond);
    for (const [t, radius] of [
      [0.25, 7.4],
      [0.5, 6.5],
      [0.75, 5],
    ]) {
      const [u, v] = [-2 + 6 * t, 1 - 2 * t];
      for (const [pu, pv] of sectionOf(morph, t, Math.PI * radius ** 2)) {
        // Fitted by weight the centre moves with the size, as on a cone; else along the straight line.
        const [cu, cv] = beyond ? [u, v] : [-2 + (6 * (8 - radius)) / 5, 1 - (2 * (8 - radius)) / 5];
        assert.ok(Math.abs(Math.hypot(pu - cu, pv - cv) - radius) < 0.01, `${pu}, ${pv} at ${t}`);
      }
    }
  }
});

test('between contours of a lying cone the tip stays sharp and follows the line of the cone', () => {
  const section = lyingCone(12, 24);
  const at = (z: number) => ring(section(z));
  const morph = morphOf(at(0), at(4), 4, { ring: at(-4), gapMm: 4 }, { ring: at(8), gapMm: 4 });
  for (const t of [0.25, 0.5, 0.75]) {
    const points = sectionOf(morph, t, areaMm2(section(4 * t)[0]));
    const tip = Math.max(...points.map(([, v]) => v));
    const base = Math.min(...points.map(([, v]) => v));
    assert.ok(Math.abs(tip - (12 - 8 * t)) < 0.05, `tip at ${tip} for ${t}`);
    assert.ok(Math.abs(base + 12) < 1e-9, `base at ${base} for ${t}`);
    for (const [u, v] of points)
      assert.ok(Math.abs(Math.hypot(u, 4 * t) - (12 - v) / 2) < 0.25 || v === base, `${u}, ${v} at ${t}`);
  }
});

test('sides bulge as their neighbours do, and flat ends stay in place', () => {
  const half = (z: number) => Math.sqrt(144 - z * z);
  const at = (z: number) => ring([rectangle(-half(z), half(z), -9, 9)]);
  const morph = morphOf(at(4), at(8), 4, { ring: at(0), gapMm: 4 }, { ring: at(11), gapMm: 3 });
  for (const [u, v] of sectionOf(morph, 0.5, 36 * half(6))) {
    const onSide = Math.abs(Math.abs(u) - half(6)) < 1e-6;
    const onEnd = Math.abs(Math.abs(v) - 9) < 1e-9;
    assert.ok((onSide && Math.abs(v) < 9 + 1e-9) || (onEnd && Math.abs(u) < half(6) + 1e-6), `${u}, ${v}`);
  }
});

test('interpolation starts and ends at the contours themselves, with their pockets', () => {
  const [low, high] = [noisy(circle(10, [0, 0], 60)), noisy(circle(7, [1, 0], 50))];
  const morph = morphOf(ring([low]), ring([high]), 3);
  for (const [t, loop] of [
    [0, low],
    [1, high],
  ] as const) {
    const points = sectionOf(morph, t, areaMm2(loop));
    for (const [u, v] of loop) assert.ok(points.some(([pu, pv]) => Math.hypot(pu - u, pv - v) < 1e-6));
  }
});

test('between coarse contours the border stays within 0.3 mm of both', () => {
  const random = seededRandom(5);
  const drawn = (): FlatLoop => {
    const [a, b] = [9 + 4 * random(), 9 + 4 * random()];
    return circle(1, [0, 0], 16).map(([u, v]) => [a * u + 0.2 * random(), b * v + 0.2 * random()]);
  };
  for (let n = 0; n < 200; n++) {
    const [before, low, high, after] = [drawn(), drawn(), drawn(), drawn()];
    const [under, over] = [before, after].map((loop) => ({ ring: ring([loop]), gapMm: 3 }));
    const morph = morphOf(ring([low]), ring([high]), 3, under, over);
    const reach = (loop: FlatLoop) => Math.max(...loop.map(([u, v]) => Math.hypot(u, v)));
    for (const t of [0.25, 0.5, 0.75]) {
      const wanted = (1 - t) * areaMm2(low) + t * areaMm2(high);
      const beyond = reach(sectionOf(morph, t, wanted)) - Math.max(reach(low), reach(high));
      assert.ok(beyond < 0.3, `${beyond} mm beyond both in pair ${n}`);
    }
  }
});

test('a section has the requested area', () => {
  const morph = morphOf(ring([rectangle(-9, 9, -2, 2)]), ring([circle(4)]), 3);
  for (const wanted of [45, 60, 75, 90]) {
    const points = sectionOf(morph, 0.4, wanted);
    assert.ok(Math.abs(areaMm2(points) / wanted - 1) < 1e-6, `${areaMm2(points)} for ${wanted}`);
  }
});

function shapeOf(loops: FlatLoop[]) {
  return groupLoops(loops.map((loop) => Float64Array.from(loop.flat()))).shapes[0];
}

function ring(loops: FlatLoop[]): Ring {
  const found = ringOf(shapeOf(loops));
  assert.ok(found);
  return found;
}

function sectionOf(morph: Morph, t: number, wantedMm2: number): FlatLoop {
  const room = { points: new Float64Array(0), moves: new Float64Array(0) };
  const points = morphPoints(morph, t, wantedMm2, room);
  return Array.from({ length: points.length / 2 }, (_, n) => [points[2 * n], points[2 * n + 1]]);
}

function areaMm2(loop: FlatLoop): number {
  const twice = loop.reduce((sum, [u, v], n) => {
    const [nextU, nextV] = loop[(n + 1) % loop.length];
    return sum + u * nextV - nextU * v;
  }, 0);
  return Math.abs(twice) / 2;
}

function noisy(loop: FlatLoop): FlatLoop {
  const random = seededRandom(11);
  return loop.map(([u, v]) => [u + 0.1 * gaussian(random), v + 0.1 * gaussian(random)]);
}

function rounded(loop: FlatLoop): FlatLoop {
  return loop.map(([u, v]) => [Math.round(2 * u) / 2, Math.round(2 * v) / 2]);
}
