import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Grid, indexToPatient, type Volume, voxelCount } from '#lib/image/grid.ts';
import { IDENTITY, type Mat3 } from '#lib/math/vec3.ts';
import { turnTo } from '#lib/segmentation/orientation.ts';

const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
const DIRECTIONS: Record<string, Mat3> = {
  axial: IDENTITY,
  sagittal: [0, 0, -1, 1, 0, 0, 0, -1, 0],
  oblique: [c, -s, 0, s, c, 0, 0, 0, 1],
  'left-handed': [1, 0, 0, 0, 1, 0, 0, 0, -1],
};

function numbered(direction: Mat3): Volume<Uint16Array> {
  const grid: Grid = { size: [3, 4, 5], originMm: [5, -7, 11], spacingMm: [1, 2, 3], direction };
  return { grid, data: Uint16Array.from({ length: voxelCount(grid) }, (_, v) => v + 1) };
}

test('reorienting an image keeps each value at its place in the patient', () => {
  for (const [name, direction] of Object.entries(DIRECTIONS)) {
    for (const codes of ['LPS', 'LAS', 'RAS', 'SPL', 'AIR']) {
      const image = numbered(direction);
      const { volume } = turnTo(codes, image);
      assert.deepEqual(places(volume), places(image), `${name} ${codes}`);
      const signs: Record<string, [number, number]> = {
        L: [0, 1],
        R: [0, -1],
        P: [1, 1],
        A: [1, -1],
        S: [2, 1],
        I: [2, -1],
      };
      [...codes].forEach((letter, axis) => {
        const [row, sign] = signs[letter];
        assert.ok(sign * volume.grid.direction[3 * row + axis] > 0.5, `${name} ${codes} ${letter}`);
      });
    }
  }
});

test('labels return to the voxels of the image', () => {
  for (const direction of Object.values(DIRECTIONS)) {
    const image = numbered(direction);
    const { volume, restore } = turnTo('SAR', image);
    const back = restore({ volume: volume as Volume<Uint16Array>, labels: [] });
    assert.deepEqual(back.volume, image);
  }
});

test('an unknown orientation is refused', () => {
  for (const codes of ['LLS', 'XYZ', 'LP'])
    assert.throws(() => turnTo(codes, numbered(IDENTITY)), /is not an orientation/);
});

function places({ grid, data }: Volume): Record<number, string> {
  const found: Record<number, string> = {};
  for (let k = 0, v = 0; k < grid.size[2]; k++) {
    for (let j = 0; j < grid.size[1]; j++) {
      for (let i = 0; i < grid.size[0]; i++, v++) {
        found[data[v]] = indexToPatient(grid, [i, j, k])
          .map((mm) => (mm + 0).toFixed(6).replace('-0.000000', '0.000000'))
          .join(' ');
      }
    }
  }
  return found;
}
