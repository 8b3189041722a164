import assert from 'node:assert/strict';
import { test } from 'node:test';
import { areaAtMm2, areaCurve, meanArea } from '#lib/dvh/solid/area-curve.ts';
import { blendShapes } from '#lib/dvh/solid/blend-shapes.ts';
import { distanceField, type Lattice } from '#lib/dvh/solid/distance-field.ts';
import { insideLengthMm, scanRows } from '#lib/math/scan-rows.ts';
import { seededRandom } from '#lib/random.ts';
import { groupLoops } from '#lib/rt/contours/group-loops.ts';
import { linkShapes } from '#lib/rt/contours/link-shapes.ts';
import type { Section, Shape } from '#lib/rt/contours/shape.ts';
import { circle, type FlatLoop, rectangle } from '../../../fixtures/dvh-phantom.ts';

const shapesOf = (loops: FlatLoop[]): Shape[] => groupLoops(loops.map((loop) => Float64Array.from(loop.flat()))).shapes;
const sectionOf = (offsetMm: number, loops: FlatLoop[]): Section => ({ offsetMm, shapes: shapesOf(loops) });

test('every scan line crosses a closed loop an even number of times, even through its vertices', () => {
  const random = seededRandom(3);
  for (let n = 0; n < 50; n++) {
    const loop: FlatLoop = Array.from({ length: 12 }, () => [10 * random(), Math.round(10 * random())]);
    const edges = Float64Array.from(loop.flatMap((p, m) => [...p, ...loop[(m + 1) % loop.length]]));
    const { start, x } = scanRows(edges, 0, 0.5, 21);
    for (let r = 0; r < 21; r++) {
      assert.equal((start[r + 1] - start[r]) % 2, 0);
      const row = Array.from(x.subarray(start[r], start[r + 1]));
      assert.deepEqual(
        row,
        row.toSorted((a, b) => a - b),
      );
    }
  }
});

test('scan lines measure a rectangle exactly', () => {
  const [shape] = shapesOf([rectangle(1, 4, 0, 5)]);
  assert.equal(insideLengthMm(scanRows(shape.edges, 0.25, 0.5, 10)) * 0.5, 15);
});

const GROUPS: [name: string, loops: FlatLoop[], areas: number[]][] = [
  ['a loop', [rectangle(0, 4, 0, 4)], [16]],
  ['two islands', [rectangle(0, 4, 0, 4), rectangle(6, 8, 1, 3)], [16, 4]],
  ['a hole', [rectangle(0, 4, 0, 4), rectangle(1, 2, 1, 2)], [15]],
  ['two holes', [rectangle(1, 2, 1, 2), rectangle(0, 9, 0, 4), rectangle(4, 6, 1, 3)], [31]],
  ['an island in a hole', [rectangle(0, 9, 0, 9), rectangle(1, 8, 1, 8), rectangle(4, 5, 4, 5)], [32, 1]],
];

for (const [name, loops, areas] of GROUPS)
  test(`${name}: ${areas.length} shapes with their areas`, () => {
    assert.deepEqual(
      shapesOf(loops)
        .map((shape) => shape.areaMm2)
        .toSorted((a, b) => b - a),
      areas,
    );
  });

test('overlapping shapes of adjacent planes are linked, split or merged; others end', () => {
  const below = sectionOf(0, [rectangle(0, 10, 0, 4), rectangle(20, 24, 0, 4)]);
  const above = sectionOf(3, [rectangle(0, 4, 1, 3), rectangle(6, 10, 1, 3), rectangle(30, 34, 0, 4)]);
  assert.deepEqual(linkShapes(below, above), [{ lower: [0], upper: [0, 1] }]);
});

test('distances are to the nearest edge, positive inside, as far as the band reaches', () => {
  const [shape] = shapesOf([circle(5, [0, 0], 200), circle(2, [1, 0], 100)]);
  const lattice: Lattice = { originU: -7, originV: -7, step: 0.4 };
  const section = {
    rows: scanRows(shape.edges, -7 + 0.4 * Math.ceil((shape.minV + 7) / 0.4), 0.4, 26),
    firstV: -7 + 0.4 * Math.ceil((shape.minV + 7) / 0.4),
    rowMm: 0.4,
  };
  const field = distanceField(shape, lattice, 4, section);
  for (let j = 0; j < field.rows; j++) {
    for (let i = 0; i < field.columns; i++) {
      const u = lattice.originU + (field.firstI + i) * lattice.step;
      const v = lattice.originV + (field.firstJ + j) * lattice.step;
      const exact = Math.min(5 - Math.hypot(u, v), Math.hypot(u - 1, v) - 2);
      const limited = Math.max(Math.min(exact, field.limitMm), -field.limitMm);
      assert.ok(Math.abs(field.data[i + field.columns * j] - limited) < 0.05, `${u}, ${v}`);
    }
  }
});

test('distances to straight sides with many points are exact, and corners between them stay', () => {
  const corners: FlatLoop = [...rectangle(-5, 5, -4, 4), [-7, 0]];
  const many: FlatLoop = corners.flatMap(([u, v], n) => {
    const [nextU, nextV] = corners[(n + 1) % corners.length];
    return Array.from({ length: 40 }, (_, k): [number, number] => [
      u + (k / 40) * (nextU - u),
      v + (k / 40) * (nextV - v),
    ]);
  });
  const lattice: Lattice = { originU: -9, originV: -7, step: 0.4 };
  const fields = [corners, many].map((loop) => {
    const [shape] = shapesOf([loop]);
    const firstV = -7 + 0.4 * Math.ceil((shape.minV + 7) / 0.4);
    const section = { rows: scanRows(shape.edges, firstV, 0.4, 24), firstV, rowMm: 0.4 };
    return distanceField(shape, lattice, 4, section);
  });
  for (let n = 0; n < fields[0].data.length; n++)
    assert.ok(Math.abs(fields[0].data[n] - fields[1].data[n]) < 0.002, `cell ${n}`);
});

test('blending two forked shapes that lie apart gives the requested area in the middle between them', () => {
  const lattice: Lattice = { originU: -14, originV: -14, step: 0.25 };
  const fork = (v: number): FlatLoop => [
    [-6, v - 3],
    [6, v - 3],
    [6, v + 3],
    [2, v + 3],
    [2, v - 1],
    [-2, v - 1],
    [-2, v + 3],
    [-6, v + 3],
  ];
  const ends = [-5, 5].map((v) => {
    const [shape] = shapesOf([fork(v)]);
    const firstV = -14 + 0.25 * Math.ceil((shape.minV + 14) / 0.25);
    const section = { rows: scanRows(shape.edges, firstV, 0.25, 80), firstV, rowMm: 0.25 };
    return { ...shape, field: distanceField(shape, lattice, 60, section) };
  });
  for (const [from, to] of [ends, ends.toReversed()]) {
    const rows = blendShapes(from, to, 0.5, from.areaMm2, lattice, { data: new Float32Array(0) });
    const areaMm2 = insideLengthMm(rows) * 0.25;
    // The area is counted in cells of 0.25 mm.
    assert.ok(Math.abs(areaMm2 / from.areaMm2 - 1) < 0.02, `${areaMm2} mm2 for ${from.areaMm2}`);
    let [sum, length] = [0, 0];
    for (let r = 0; r + 1 < rows.start.length; r++)
      for (let x = rows.start[r]; x + 1 < rows.start[r + 1]; x += 2) {
        const inside = rows.x[x + 1] - rows.x[x];
        sum += inside * (lattice.originV + (rows.firstJ + r) * lattice.step);
        length += inside;
      }
    assert.ok(Math.abs(sum / length) < 1.2, `its middle is at ${sum / length} mm`);
  }
});

test('blending two circles gives a circle of the requested area', () => {
  const lattice: Lattice = { originU: -13, originV: -13, step: 0.25 };
  const ends = [4, 9].map((radius) => {
    const [shape] = shapesOf([circle(radius, [0, 0], 300)]);
    const firstV = -13 + 0.25 * Math.ceil((shape.minV + 13) / 0.25);
    const section = { rows: scanRows(shape.edges, firstV, 0.25, 80), firstV, rowMm: 0.25 };
    return { ...shape, field: distanceField(shape, lattice, 22, section) };
  });
  const scratch = { data: new Float32Array(0) };
  for (const radius of [5, 6.5, 8.5]) {
    const rows = blendShapes(ends[0], ends[1], 0.5, Math.PI * radius ** 2, lattice, scratch);
    for (let r = 0; r + 1 < rows.start.length; r++) {
      const v = lattice.originV + (rows.firstJ + r) * lattice.step;
      for (let x = rows.start[r]; x < rows.start[r + 1]; x++)
        assert.ok(Math.abs(Math.hypot(rows.x[x], v) - radius) < 0.03, `${rows.x[x]}, ${v} for ${radius}`);
    }
  }
});

/** Areas that a parabola or its root passes through: the curve between planes is exact. */
const AREAS: [name: string, area: (z: number) => number, tolerance: number][] = [
  ['a sphere', (z) => Math.PI * (144 - z * z), 1e-3],
  ['a cone', (z) => Math.PI * ((12 - z) / 2) ** 2, 1e-3],
  ['a lying cylinder', (z) => 48 * Math.sqrt(144 - z * z), 0.02],
  ['a box on its edge, which a contour plane meets', (z) => 48 * (12 - Math.abs(z)), 0.015],
];

for (const [name, area, tolerance] of AREAS)
  test(`the area of ${name} between planes equals the area of the solid`, () => {
    const planes = [-11.99, -9, -6, -3, 0, 3, 6, 9, 11.99];
    const sections = planes.map((z): Section => {
      const half = Math.sqrt(area(z)) / 2;
      return { offsetMm: z, shapes: shapesOf([rectangle(-half, half, -half, half)]) };
    });
    const links = planes.slice(1).map((_, k) => linkShapes(sections[k], sections[k + 1]));
    for (let k = 0; k + 1 < planes.length; k++) {
      const curve = areaCurve(sections, links, k, links[k][0]);
      for (const t of [0.25, 0.5, 0.75]) {
        const exact = area(planes[k] + t * (planes[k + 1] - planes[k]));
        assert.ok(
          Math.abs(areaAtMm2(curve, t) / exact - 1) < tolerance,
          `${areaAtMm2(curve, t)} for ${exact} in gap ${k}`,
        );
      }
    }
  });

for (const areasMm2 of [
  [10, 12, 60],
  [12, 10, 60],
])
  test(`at its end the area of a piece does not turn round: ${areasMm2.join(', ')} mm2`, () => {
    for (const areas of [areasMm2, areasMm2.toReversed()]) {
      const sections = areas.map((area, n): Section => {
        const half = Math.sqrt(area) / 2;
        return { offsetMm: 3 * n, shapes: shapesOf([rectangle(-half, half, -half, half)]) };
      });
      const links = [0, 1].map((k) => linkShapes(sections[k], sections[k + 1]));
      const k = areas === areasMm2 ? 0 : 1;
      const [, c1, c2, c3] = areaCurve(sections, links, k, links[k][0]).coefficients;
      const slopeAtEnd = k === 0 ? c1 : c1 + 2 * c2 + 3 * c3;
      const secant = areas[k + 1] - areas[k];
      assert.ok(slopeAtEnd * secant >= -1e-9, `${slopeAtEnd} against ${secant}`);
      assert.ok(Math.abs(slopeAtEnd) <= 3 * Math.abs(secant) + 1e-9);
      if (areasMm2[1] > areasMm2[0])
        assert.ok(Math.abs(slopeAtEnd) < 1e-9, 'the parabola through all three falls here');
    }
  });

test('mean area and centre of a cubic are exact', () => {
  const curve = { coefficients: [1, 2, 3, 4] as [number, number, number, number], power: 1 };
  const { areaMm2, centre } = meanArea(curve, 0, 1);
  assert.ok(Math.abs(areaMm2 - 4) < 1e-12);
  assert.ok(Math.abs(centre - (1 / 2 + 2 / 3 + 3 / 4 + 4 / 5) / 4) < 1e-12);
});
