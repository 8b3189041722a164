import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Box } from '#lib/image/grid.ts';
import type { Vec3 } from '#lib/math/vec3.ts';
import { type Boundary, gather, grow } from '#lib/radiomics/ibsi/filters/block.ts';

/** a b c d continued by five on each side; the rules are SciPy's constant, nearest, wrap and reflect. */
const CONTINUATIONS: [Boundary, string][] = [
  ['zero', '.....abcd.....'],
  ['nearest', 'aaaaaabcdddddd'],
  ['periodic', 'dabcdabcdabcda'],
  ['mirror', 'ddcbaabcddcbaa'],
];

for (const [boundary, expected] of CONTINUATIONS) {
  test(`boundary ${boundary} continues abcd as ${expected}`, () => {
    for (const axis of [0, 1, 2]) {
      const size = along(axis, 4, 1);
      const image = { imageSize: size, box: { start: [0, 0, 0] as Vec3, size }, data: [97, 98, 99, 100] };
      const data = gather(image, { start: along(axis, -5, 0), size: along(axis, 14, 1) }, boundary);
      assert.equal(String.fromCharCode(...Array.from(data, (code) => code || 46)), expected);
    }
  });
}

const NEEDS: [string, Box, Boundary, Box][] = [
  ['inside, only the reach', box(10, 5), 'mirror', box(7, 11)],
  ['at the edge, the image ends it', box(1, 5), 'mirror', box(0, 9)],
  ['at the edge of a periodic image, all of it', box(1, 5), 'periodic', box(0, 40)],
];

for (const [name, wanted, boundary, expected] of NEEDS) {
  test(`a kernel of half-width 3 needs, ${name}`, () => {
    assert.deepEqual(grow(wanted, [3, 0, 0], [40, 1, 1], boundary), expected);
  });
}

function along(axis: number, value: number, other: number): Vec3 {
  return [0, 1, 2].map((a) => (a === axis ? value : other)) as Vec3;
}

function box(start: number, size: number): Box {
  return { start: [start, 0, 0], size: [size, 1, 1] };
}
