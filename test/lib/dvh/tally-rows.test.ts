import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DoseSampler, doseAt, doseSampler } from '#lib/dvh/dose-sampler.ts';
import { cumulativeCc, type DoseTally, doseTally } from '#lib/dvh/dose-tally.ts';
import { RowTally, type Slab } from '#lib/dvh/tally-rows.ts';
import { IDENTITY, type Mat3, type Vec3 } from '#lib/math/vec3.ts';
import { seededRandom } from '#lib/random.ts';
import { rotationOf } from '../../fixtures/dvh-phantom.ts';

const AXES = { u: [1, 0, 0] as Vec3, v: [0, 1, 0] as Vec3, normal: [0, 0, 1] as Vec3 };
const RANGE = { minGy: 0, maxGy: 70 };
const DIRECTIONS: Record<string, Mat3> = {
  'an upright grid': IDENTITY,
  'a grid turned about the scan lines': [1, 0, 0, 0, 0.8, -0.6, 0, 0.6, 0.8],
  'a grid turned about all axes': rotationOf(0.5, 0.4),
};

for (const [name, direction] of Object.entries(DIRECTIONS)) {
  const sampler = randomDose(direction);

  test(`a small window on the dose gives the same bits as one on all of it: ${name}`, () => {
    assert.deepEqual(tallied(sampler, slabs(), 1), tallied(sampler, slabs()));
  });

  test(`the histogram of fine scan lines is that of points on them: ${name}`, () => {
    const slab = slabs()[0];
    const tally = tallied(sampler, [{ ...slab, lowMm: slab.w - 1e-6, highMm: slab.w + 1e-6, segmentMm: 0.05 }]);
    const cumulative = cumulativeCc(tally);
    const doses = pointsOf(slab).map(([u, v]) => doseAt(sampler, u, v, slab.w));
    for (let gy = 5; gy < 70; gy += 5) {
      const part = doses.filter((dose) => dose >= gy).length / doses.length;
      const found = cumulative[Math.round(gy / tally.binGy)] / tally.coveredCc;
      assert.ok(Math.abs(found - part) < 0.005, `${found} at ${gy} Gy instead of ${part}`);
    }
  });
}

function randomDose(direction: Mat3): DoseSampler {
  const size: Vec3 = [24, 22, 20];
  const random = seededRandom(5);
  const data = Float64Array.from({ length: 24 * 22 * 20 }, () => 70 * random());
  const centre = size.map((n) => n - 1);
  const originMm = [0, 1, 2].map(
    (r) => -[0, 1, 2].reduce((sum, c) => sum + direction[3 * r + c] * centre[c], 0),
  ) as Vec3;
  return doseSampler({ grid: { size, originMm, spacingMm: [2, 2, 2], direction }, data }, AXES);
}

/** Sections of a disc of 8 mm radius around the middle of the dose, 0.1 mm between scan lines. */
function slabs(): Slab[] {
  const rowMm = 0.1;
  const half = Array.from({ length: 160 }, (_, r) => Math.sqrt(64 - (-7.95 + r * rowMm) ** 2));
  const rows = {
    start: Int32Array.from({ length: 161 }, (_, r) => 2 * r),
    x: Float64Array.from(half.flatMap((mm) => [-mm, mm])),
  };
  const areaMm2 = Math.PI * 64;
  return [-7, -2.5, 0.5, 3, 7.5].map((w) => ({
    ...{ rows, firstV: -7.95, rowMm, w, areaMm2, segmentMm: 1 },
    ...{ lowMm: w - 0.5, highMm: w + 0.5 },
  }));
}

function tallied(sampler: DoseSampler, all: Slab[], windowBytes?: number): DoseTally {
  const tally = doseTally(RANGE);
  const rows = new RowTally(tally, sampler, { low: [-8, -8, -8], high: [8, 8, 8] }, windowBytes);
  for (const slab of all) rows.add(slab);
  rows.finish();
  return tally;
}

function pointsOf({ rows: { start, x }, firstV, rowMm }: Slab): [number, number][] {
  return Array.from(start.subarray(1), (_, r) => r).flatMap((r) => {
    const [low, high] = [x[start[r]], x[start[r] + 1]];
    const count = Math.round((high - low) / 0.05);
    return Array.from({ length: count }, (_, n): [number, number] => [
      low + ((high - low) * (n + 0.5)) / count,
      firstV + r * rowMm,
    ]);
  });
}
