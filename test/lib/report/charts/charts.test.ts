import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Point, pathOf, simplify } from '#lib/report/charts/polyline.ts';

test('a simplified line keeps its ends and stays within the tolerance', () => {
  const line: Point[] = Array.from({ length: 700 }, (_, i) => [i, 250 / (1 + Math.exp((i - 300) / 25))]);
  const short = simplify(line, 0.25);
  assert.ok(short.length < 60, `${short.length} points`);
  assert.deepEqual([short[0], short.at(-1)], [line[0], line.at(-1)]);
  for (const [x, y] of line) {
    const next = short.findIndex(([sx]) => sx >= x);
    const [[x0, y0], [x1, y1]] = next === 0 ? [short[0], short[1]] : [short[next - 1], short[next]];
    // The vertical distance is at most the distance to the segment over the cosine of its slope.
    const steepness = Math.hypot(x1 - x0, y1 - y0) / (x1 - x0);
    assert.ok(Math.abs(y0 + ((y1 - y0) * (x - x0)) / (x1 - x0) - y) <= 0.25 * steepness + 1e-9);
  }
});

test('simplifying keeps a corner and drops points on a straight line', () => {
  const line: Point[] = [
    [0, 0],
    [1, 0],
    [2, 0],
    [2, 5],
    [2, 9],
  ];
  assert.equal(pathOf(simplify(line, 0.1)), 'M0 0L2 0L2 9');
});
