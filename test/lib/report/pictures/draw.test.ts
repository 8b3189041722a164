import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode } from 'fast-png';
import type { Mat3, Vec3 } from '#lib/math/vec3.ts';
import { drawPictures } from '#lib/report/pictures/draw.ts';
import { greyOfHu } from '#lib/report/pictures/grey.ts';
import type { Picture, Scene, Wanted } from '#lib/report/pictures/picture.ts';
import { VIEWS } from '#lib/report/pictures/plane.ts';
import { RADIUS_MM, sphereScene } from '#test/fixtures/sphere-scene.ts';

const PLANES = ['axial', 'coronal', 'sagittal'] as const;

/** How voxels can lie in the patient: axial head first, the same from foot to head turned over, and coronal slices. */
const FRAMES: [name: string, direction: Mat3][] = [
  ['axial', [1, 0, 0, 0, 1, 0, 0, 0, 1]],
  ['axial, patient prone', [-1, 0, 0, 0, -1, 0, 0, 0, 1]],
  ['coronal slices', [1, 0, 0, 0, 0, 1, 0, -1, 0]],
];

function pictureThrough(scene: Scene, plane: Wanted['plane'], pointMm: Vec3): Picture {
  return drawPictures(scene, [{ plane, pointMm, reason: 'test' }], []).pictures[0];
}

/** Area and middle of the closed lines of a path, by the shoelace formula, in pixels. */
function shapeOf(path: string): { area: number; x: number; y: number } {
  const sums = { area: 0, x: 0, y: 0 };
  for (const ring of path.split('Z').filter(Boolean)) {
    const points = ring
      .slice(1)
      .split('L')
      .map((pair) => pair.split(' ').map(Number));
    points.forEach(([x0, y0], n) => {
      const [x1, y1] = points[(n + 1) % points.length];
      const cross = x0 * y1 - x1 * y0;
      sums.area += cross / 2;
      sums.x += ((x0 + x1) * cross) / 6;
      sums.y += ((y0 + y1) * cross) / 6;
    });
  }
  return { area: Math.abs(sums.area), x: sums.x / sums.area, y: sums.y / sums.area };
}

for (const [name, direction] of FRAMES) {
  test(`${name}: a sphere appears as a centred circle of its own radius in every plane`, () => {
    const scene = sphereScene(direction, [100, -40, 7]);
    for (const plane of PLANES) {
      const { outlines, width, height, pixelMm } = pictureThrough(scene, plane, [100, -40, 7]);
      const { area, x, y } = shapeOf(outlines[0].path);
      // The area of a circle, pi r^2. A mask of 1 mm voxels and lines simplified to 0.2 pixels are within 3 %.
      const expected = (Math.PI * RADIUS_MM ** 2) / pixelMm ** 2;
      assert.ok(Math.abs(area / expected - 1) < 0.03, `${plane}: ${area} for ${expected}`);
      assert.ok(Math.abs(x - width / 2) < 1 && Math.abs(y - height / 2) < 1, `${plane}: middle at ${x}, ${y}`);
    }
  });

  test(`${name}: left, anterior and superior parts appear on the sides that the letters name`, () => {
    const scene = sphereScene(direction, [0, 0, 0]);
    for (const plane of PLANES) {
      const point: Vec3 = [18, -18, 18];
      const { image, width, height } = pictureThrough(scene, plane, point);
      const { data } = decode(Buffer.from(image, 'base64'));
      const bright = [...data].flatMap((grey, at) => (grey > greyOfHu(1000) ? [at] : []));
      assert.ok(bright.length > 8, `${plane}: the cube is there`);
      const middle = bright.reduce((sum, at) => [sum[0] + (at % width), sum[1] + Math.floor(at / width)], [0, 0]);
      const [x, y] = middle.map((sum) => sum / bright.length);
      const [left, right, top, bottom] = VIEWS[plane].sides;
      assert.ok('LAS'.includes(x < width / 2 ? left : right), `${plane}: at the side of L or A`);
      assert.ok('LAS'.includes(y < height / 2 ? top : bottom), `${plane}: at the side of A or S`);
    }
  });
}

test('an isodose is the circle where the dose falls to its level', () => {
  const { doses, pixelMm } = pictureThrough(sphereScene(FRAMES[0][1], [0, 0, 0]), 'coronal', [0, 0, 0]);
  for (const { doseGy, path } of doses[0].isodoses) {
    // The dose falls by 2 Gy a mm from 60 Gy in the middle: it is `doseGy` at 30 - doseGy / 2 mm. Circles that leave the picture are cut.
    const radiusMm = 30 - doseGy / 2;
    if (radiusMm > 22) continue;
    const { area } = shapeOf(path);
    assert.ok(Math.abs(Math.sqrt(area / Math.PI) * pixelMm - radiusMm) < 0.3, `${doseGy} Gy`);
  }
  assert.deepEqual(
    doses[0].isodoses.map(({ doseGy }) => doseGy),
    [42.8, 40, 38, 32, 20, 8],
  );
});

test('an axial plane lies on a slice, and two reasons for one plane give one picture', () => {
  const scene = sphereScene(FRAMES[0][1], [0, 0, 0]);
  const wanted: Wanted[] = [
    { plane: 'axial', pointMm: [0, 0, 1.4], reason: 'hottest' },
    { plane: 'axial', pointMm: [0, 0, 1.6], reason: 'centre' },
  ];
  const { pictures } = drawPictures(scene, wanted, []);
  assert.deepEqual(
    pictures.map(({ positionMm, reasons }) => [positionMm, reasons]),
    [[1.5, ['hottest', 'centre']]],
  );
});
