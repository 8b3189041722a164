import assert from 'node:assert/strict';
import { test } from 'node:test';
import { greyOfHu, WINDOWS, windowTable } from '#lib/report/pictures/grey.ts';

test('level and width of every window decide where black, grey and white lie', () => {
  for (const window of WINDOWS) {
    const table = windowTable(window);
    const { levelHu, widthHu } = window;
    const at = (hu: number) => table[greyOfHu(hu)];
    // Greys are 3 to 34 HU apart: a brightness is exact to half a step of the part that it lies in.
    const step = (hu: number) => (hu < -200 ? 14 : hu < 250 ? 3 : 39) / widthHu;
    for (const part of [0, 0.25, 0.5, 0.75, 1]) {
      const hu = levelHu + (part - 0.5) * widthHu;
      if (hu < -1024) continue;
      assert.ok(Math.abs(at(hu) - part) <= step(hu), `${window.name}: ${hu} HU is ${at(hu)}, not ${part}`);
    }
  }
});

test('HU beyond the scale are black or white', () => {
  assert.deepEqual([-3000, -1024, 2000, 30000].map(greyOfHu), [0, 0, 255, 255]);
});
