import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evenPerimeterMm } from '#lib/dvh/solid/even-perimeter.ts';
import { seededRandom } from '#lib/random.ts';
import { groupLoops } from '#lib/rt/contours/group-loops.ts';
import { circle, type FlatLoop, rectangle } from '#test/fixtures/dvh-phantom.ts';

const perimeterMm = (...loops: FlatLoop[]) =>
  evenPerimeterMm(groupLoops(loops.map((loop) => Float64Array.from(loop.flat()))).shapes[0]);
const isClose = (actual: number, expected: number, part: number) =>
  assert.ok(Math.abs(actual / expected - 1) < part, `${actual} instead of ${expected}`);

test('a circle has its own perimeter, whichever way it is drawn', () => {
  isClose(perimeterMm(circle(10, [30, -20])), 20 * Math.PI, 1e-3);
  isClose(perimeterMm(circle(10, [30, -20]).toReversed()), 20 * Math.PI, 1e-3);
});

test('an ellipse at an angle has its own perimeter', () => {
  const turned = circle(1).map(([x, y]): [number, number] => [6 * 0.8 * x - 2 * 0.6 * y, 6 * 0.6 * x + 2 * 0.8 * y]);
  // Complete elliptic integral of the second kind: 4 a E(1 - b2 / a2) with a = 6 and b = 2.
  isClose(perimeterMm(turned), 26.72979, 1e-3);
});

test('noise on dense vertices and stairs of pixels do not lengthen it', () => {
  const random = seededRandom(1);
  const noisy = circle(3).map(([x, y]): [number, number] => [x + 0.2 * (random() - 0.5), y + 0.2 * (random() - 0.5)]);
  isClose(perimeterMm(noisy), 6 * Math.PI, 0.01);
  const stairs = circle(10).flatMap(([x, y], n, all): FlatLoop => {
    const [nextX] = all[(n + 1) % all.length];
    return [
      [Math.round(x), Math.round(y)],
      [Math.round(nextX), Math.round(y)],
    ];
  });
  isClose(perimeterMm(stairs), 20 * Math.PI, 0.02);
});

/** Moments of a ring: (R1^2 + R2^2) / 4 along both axes, so that the ellipse is a circle of radius sqrt(R1^2 + R2^2). */
test('a hole counts as one, whichever way it is drawn', () => {
  const expected = 2 * Math.PI * Math.hypot(10, 6);
  isClose(perimeterMm(circle(10), circle(6)), expected, 1e-3);
  isClose(perimeterMm(circle(10), circle(6).toReversed()), expected, 1e-3);
});

/** Moments a2 / 3 of half a side a. */
test('a rectangle has the perimeter of the ellipse with its moments', () => {
  isClose(perimeterMm(rectangle(-3, 3, -3, 3)), (2 * Math.PI * 2 * 3) / Math.sqrt(3), 1e-6);
});
