import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '#lib/random.ts';
import { joinHoles } from '#lib/structures/keyholes.ts';
import { traceEdges } from '#lib/structures/trace-edges.ts';

/** Layers and how many loops they have with their holes joined: one for each part of pixels that share a side. */
const LAYERS: [string, string[], number][] = [
  ['no hole', ['##', '##'], 1],
  ['a hole', ['###', '#.#', '###'], 1],
  ['two holes in a row', ['#####', '#.#.#', '#####'], 1],
  ['holes above each other, on one edge', ['###', '#.#', '###', '#.#', '###'], 1],
  ['holes on an edge that goes up', ['.####', '##.##', '#####', '##.##', '.####'], 1],
  ['a hole at the end of an edge', ['####', '.#.#', '####'], 1],
  ['an island in a hole', ['#####', '#...#', '#.#.#', '#...#', '#####'], 2],
  ['a hole in an island in a hole', ['#######', '#.....#', '#.###.#', '#.#.#.#', '#.###.#', '#.....#', '#######'], 2],
  ['holes that touch by a corner', ['####', '#.##', '##.#', '####'], 1],
  ['a hole that touches the outside by a corner', ['.##', '#.#', '###'], 1],
  ['parts that touch by a corner', ['##..', '##..', '..##', '..##'], 2],
  ['a hole with a step', ['#####', '##..#', '#..##', '#####'], 1],
  ['a hole behind a bay', ['#.####', '##.#.#', '######'], 1],
];

for (const [name, rows, count] of LAYERS) {
  test(`joining holes gives one loop for each connected part: ${name}`, () => {
    const layer = Uint8Array.from(rows.join(''), (pixel) => (pixel === '#' ? 1 : 0));
    assert.equal(check(layer, rows[0].length, rows.length), count);
  });
}

test('joining holes of random pixels covers exactly those pixels', () => {
  const random = seededRandom(11);
  for (let n = 0; n < 60; n++) {
    const [width, height] = [3 + Math.floor(20 * random()), 3 + Math.floor(20 * random())];
    const part = 0.3 + 0.65 * random();
    check(
      Uint8Array.from({ length: width * height }, () => (random() < part ? 1 : 0)),
      width,
      height,
    );
  }
});

/** The united loops cover the pixels and nothing else, by even-odd and by winding; none goes nowhere. */
function check(layer: Uint8Array, width: number, height: number): number {
  const loops = joinHoles(traceEdges(layer, width, height));
  for (const inside of [(winding: number) => winding % 2 !== 0, (winding: number) => winding !== 0]) {
    const covered = new Uint8Array(layer.length);
    for (const loop of loops)
      for (let v = 0; v < layer.length; v++)
        if (inside(windingAround(loop, (v % width) + 0.5, Math.floor(v / width) + 0.5))) covered[v]++;
    assert.deepEqual(covered, layer, 'covered once where set');
  }
  for (const loop of loops)
    for (let c = 0; c < loop.length; c += 2) {
      const [x, y] = [loop[(c + 2) % loop.length], loop[(c + 3) % loop.length]];
      assert.ok((x === loop[c]) !== (y === loop[c + 1]), 'steps along a row or a column');
    }
  return loops.length;
}

function windingAround(loop: number[], x: number, y: number): number {
  let winding = 0;
  for (let c = 0; c < loop.length; c += 2) {
    const [x0, y0, y1] = [loop[c], loop[c + 1], loop[(c + 3) % loop.length]];
    if (x0 > x && y0 > y !== y1 > y) winding += y1 > y0 ? 1 : -1;
  }
  return winding;
}
