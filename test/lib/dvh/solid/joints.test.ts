import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  doseOn,
  dPercent,
  type FlatLoop,
  gridAround,
  linear,
  measure,
  rectangle,
  roiOf,
} from '#test/fixtures/dvh-phantom.ts';

/**
 * Shapes that change at once between two planes: bars of 40 x 10 mm below height 0, and other bars above it, 12 mm high
 * each. Planes lie 3 mm apart, so that ends and joint lie in the middle between planes. Dose is 20 Gy + 1 Gy/mm up.
 */
const PLANES = [-10.5, -7.5, -4.5, -1.5, 1.5, 4.5, 7.5, 10.5];
const HALF_MM = 12;
const bar = (fromMm: number, toMm: number): FlatLoop => rectangle(fromMm, toMm, -5, 5);

const SHAPES: [name: string, below: FlatLoop[], above: FlatLoop[], belowMm2: number, aboveMm2: number][] = [
  ['an L', [bar(-20, 20)], [bar(8, 20)], 400, 120],
  ['a U', [bar(-20, 20)], [bar(-20, -8), bar(8, 20)], 400, 240],
  ['a fork of three', [bar(-20, 20)], [bar(-20, -12), bar(-4, 4), bar(12, 20)], 400, 240],
  ['a bar on two legs', [bar(-20, -8), bar(8, 20)], [bar(-20, 20)], 240, 400],
  ['a hook beside its stem', [bar(-20, -8)], [bar(-10, 20)], 120, 300],
];

for (const [name, below, above, belowMm2, aboveMm2] of SHAPES)
  test(`${name} keeps its volume, mean dose, and coldest and hottest doses`, () => {
    const dose = doseOn(gridAround(30, 3), linear(20, [0, 0, 1]));
    const { fine, volumeCc } = measure(
      roiOf(PLANES, (z) => (z < 0 ? below : above)),
      dose,
      { endCap: 'rounded' },
    );
    const totalMm2 = belowMm2 + aboveMm2;
    const exactCc = (totalMm2 * HALF_MM) / 1000;
    const exactGy = 20 + ((aboveMm2 - belowMm2) * HALF_MM) / 2 / totalMm2;
    assert.ok(Math.abs(volumeCc / exactCc - 1) < 0.005, `${volumeCc} instead of ${exactCc} cc`);
    assert.ok(Math.abs(fine.meanGy - exactGy) < 0.1, `mean ${fine.meanGy} instead of ${exactGy} Gy`);
    assert.ok(Math.abs(fine.minGy - 8) < 0.01 && Math.abs(fine.maxGy - 32) < 0.01);
    // The coldest 5 % lie in the lower bar, the hottest in the upper ones.
    const coldGy = 8 + (0.05 * exactCc * 1000) / belowMm2;
    const hotGy = 32 - (0.05 * exactCc * 1000) / aboveMm2;
    assert.ok(Math.abs(dPercent(fine, 95) - coldGy) < 0.1, `D95% ${dPercent(fine, 95)} instead of ${coldGy} Gy`);
    assert.ok(Math.abs(dPercent(fine, 5) - hotGy) < 0.1, `D5% ${dPercent(fine, 5)} instead of ${hotGy} Gy`);
  });
