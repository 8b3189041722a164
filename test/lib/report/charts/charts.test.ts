import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ticks } from '#lib/report/charts/axis.ts';
import { dvhChart } from '#lib/report/charts/dvh-chart.ts';
import { type Point, pathOf, simplify } from '#lib/report/charts/polyline.ts';

const axes: [number, number, number[]][] = [
  [75, 8, [0, 10, 20, 30, 40, 50, 60, 70, 80]],
  [1, 5, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  [0.07, 4, [0, 0.02, 0.04, 0.06, 0.08]],
  [2000, 4, [0, 500, 1000, 1500, 2000]],
  [0, 2, [0, 0.5, 1]],
];
for (const [largest, wanted, expected] of axes) {
  test(`an axis up to ${largest} has round ticks`, () => assert.deepEqual(ticks(largest, wanted), expected));
}

test('a simplified line keeps its ends and is never off by more than the tolerance', () => {
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

test('simplifying leaves a corner and drops what lies on a straight line', () => {
  const line: Point[] = [
    [0, 0],
    [1, 0],
    [2, 0],
    [2, 5],
    [2, 9],
  ];
  assert.equal(pathOf(simplify(line, 0.1)), 'M0 0L2 0L2 9');
});

test('a curve is drawn to scale: 50 % at 40 of 80 Gy lies in the middle', () => {
  const rows = [
    { 'dose[Gy]': 80, 'volume[%]': 0 },
    { 'dose[Gy]': 0, 'volume[%]': 100 },
    { 'dose[Gy]': 40, 'volume[%]': 50 },
    { 'dose[Gy]': 77.5, 'volume[%]': 3.125 },
  ];
  const { text } = dvhChart([{ name: 'Heart', rows }], [], 'x');
  const [, path] = /<path id="x-0" d="([^"]+)"/.exec(text) ?? [];
  const ends = path
    .slice(1)
    .split('L')
    .map((pair) => pair.split(' ').map(Number));
  const gridY = [...text.matchAll(/<path d="M44 ([\d.]+)H/g)].map((match) => Number(match[1]));
  assert.equal(ends.length, 2, 'a straight line needs two points');
  assert.deepEqual(
    [ends[0][1], ends[1][1]],
    [Math.max(...gridY.slice(-1)), Math.max(...gridY)].sort((a, b) => a - b),
  );
  const labels = new Map(
    [...text.matchAll(/<text x="([\d.]+)" y="[\d.]+" text-anchor="middle">(\d+)</g)].map((m) => [m[2], Number(m[1])]),
  );
  assert.ok(Math.abs(Number(labels.get('80')) - ends[1][0]) < 0.11);
  assert.ok(Math.abs(Number(labels.get('0')) - ends[0][0]) < 0.11);
});

test('a chart shows no more curves than can be told apart', () => {
  const rows = [
    { 'dose[Gy]': 0, 'volume[%]': 100 },
    { 'dose[Gy]': 10, 'volume[%]': 0 },
  ];
  const curves = Array.from({ length: 30 }, (_, n) => ({ name: `roi ${n}`, rows }));
  assert.equal([...dvhChart(curves, [], 'x').text.matchAll(/<path id=/g)].length, 14);
});
