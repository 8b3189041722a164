import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cropVolume } from '#lib/image/crop-volume.ts';
import { indexToPatient, voxelCount } from '#lib/image/grid.ts';
import { ODD_GRIDS } from '#test/fixtures/masks.ts';

for (const [name, grid] of Object.entries(ODD_GRIDS)) {
  test(`cropping keeps value and position of every voxel: ${name}`, () => {
    const whole = { grid, data: Int16Array.from({ length: voxelCount(grid) }, (_, v) => v) };
    const part = cropVolume(whole, { start: [3, 2, 4], size: [5, 7, 3] });
    assert.ok(part.data instanceof Int16Array);
    for (let k = 0, v = 0; k < 3; k++)
      for (let j = 0; j < 7; j++)
        for (let i = 0; i < 5; i++, v++) {
          assert.equal(part.data[v], 3 + i + grid.size[0] * (2 + j + grid.size[1] * (4 + k)));
          const [here, there] = [indexToPatient(part.grid, [i, j, k]), indexToPatient(grid, [3 + i, 2 + j, 4 + k])];
          assert.ok(here.every((mm, axis) => Math.abs(mm - there[axis]) < 1e-9));
        }
  });
}
