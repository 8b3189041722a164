import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contourSolid } from '#lib/dvh/solid/contour-solid.ts';
import { roundedEnd } from '#lib/dvh/solid/end-cap.ts';
import { endPower } from '#lib/dvh/solid/piece-areas.ts';
import { type EndCap, solidVolumeCc } from '#lib/dvh/solid/solid.ts';
import { tipOf } from '#lib/dvh/solid/tip.ts';
import { seededRandom } from '#lib/random.ts';
import { readContourPlanes } from '#lib/rt/contours/contour-planes.ts';
import { groupLoops } from '#lib/rt/contours/group-loops.ts';
import { linkShapes } from '#lib/rt/contours/link-shapes.ts';
import {
  circle,
  doseOn,
  dPercent,
  type FlatLoop,
  gridAround,
  linear,
  measure,
  rectangle,
  roiOf,
} from '#test/fixtures/dvh-phantom.ts';
import { lyingCone } from '#test/fixtures/dvh-shapes.ts';
import { exactConeAcross, exactDoseAtGy, exactSphere } from '#test/fixtures/exact-dvh.ts';

const OFFSETS = 8;

/** Planes a gap apart within -reach ... reach; offset n of 8. */
function planesAt(reachMm: number, gapMm: number, n: number): number[] {
  const first = -Math.ceil(reachMm / gapMm) - 1;
  return Array.from({ length: -2 * first + 1 }, (_, k) => (first + k + (n + 0.5) / OFFSETS) * gapMm).filter(
    (z) => Math.abs(z) < reachMm,
  );
}

const ball = (radius: number) => (z: number) => [circle(Math.sqrt(radius * radius - z * z))];

function volumeCc(zs: number[], section: (z: number) => FlatLoop[], endCap: EndCap) {
  const { contours } = roiOf(zs, section);
  const options = { endCap, interpolation: 'surface' as const, singlePlaneMm: 3, maxGapMm: 10 };
  const made = contourSolid(readContourPlanes(contours, ''), options, '');
  return { cc: solidVolumeCc(made.solid), used: made.endCap, capCc: made.capCc };
}

for (const radius of [10, 15, 20, 30])
  for (const gapMm of [2.5, 3, 4, 5])
    test(`a sphere of ${radius} mm on planes ${gapMm} mm apart keeps its volume at every offset`, () => {
      const exactCc = (4 / 3) * Math.PI * (radius / 10) ** 3;
      for (let n = 0; n < OFFSETS; n++) {
        const { cc, used } = volumeCc(planesAt(radius, gapMm, n), ball(radius), 'rounded');
        assert.ok(Math.abs(cc / exactCc - 1) < 0.001, `offset ${n}: ${100 * (cc / exactCc - 1)} %`);
        assert.equal(used, 'rounded');
      }
    });

/**
 * A pole h beyond the last plane: the cap of half a gap g on the area pi (2 R h - h^2) holds pi g (R h - h^2 / 2), the true
 * one pi (R h^2 - h^3 / 3). Their difference averaged over h in 0 ... g is pi (R g^2 / 6 - g^3 / 12), at either end.
 */
test('flat caps add the volume of the closed form to round ends', () => {
  const [radius, gapMm] = [10, 5];
  const errorsCc = Array.from(
    { length: OFFSETS },
    (_, n) => volumeCc(planesAt(radius, gapMm, n), ball(radius), 'half-gap').cc - (4 / 3) * Math.PI,
  );
  const expectedCc = (2 * Math.PI * ((radius * gapMm ** 2) / 6 - gapMm ** 3 / 12)) / 1000;
  const meanCc = errorsCc.reduce((sum, error) => sum + error, 0) / OFFSETS;
  assert.ok(Math.abs(meanCc / expectedCc - 1) < 0.03, `${meanCc} instead of ${expectedCc} cc`);
});

test('a flat end extends by half a gap, and its row says so', () => {
  const { cc, used, capCc } = volumeCc([0, 3, 6, 9, 12], () => [circle(10)], 'rounded');
  const perMm = volumeCc([0, 3, 6, 9, 12], () => [circle(10)], 'none').cc / 12;
  assert.ok(Math.abs(cc / (15 * perMm) - 1) < 1e-9);
  assert.ok(Math.abs(capCc / (3 * perMm) - 1) < 1e-9);
  assert.equal(used, 'half-gap');
});

test('a single plane extends by half a gap at both ends', () => {
  assert.deepEqual(
    volumeCc([0], () => [circle(10)], 'rounded'),
    volumeCc([0], () => [circle(10)], 'half-gap'),
  );
});

test('a sphere cut by two planes keeps its volume and coldest dose, wherever they cut it', () => {
  const radius = 6;
  const exact = exactSphere(radius, { centreGy: 20, gyPerMm: 1 });
  const dose = doseOn(gridAround(18, 3), linear(20, [0, 0, 1]));
  for (const above of [1, 2, 3, 4, 5]) {
    const roi = roiOf([above - 6, above], ball(radius));
    const { fine, volumeCc: cc } = measure(roi, dose, { endCap: 'rounded' });
    assert.ok(Math.abs((1000 * cc) / exact.volumeMm3 - 1) < 0.002, `plane at ${above} mm: ${cc} cc`);
    for (const percent of [98, 95, 50, 5, 2]) {
      const error = dPercent(fine, percent) - exactDoseAtGy(exact, (percent / 100) * exact.volumeMm3);
      assert.ok(Math.abs(error) < 0.05, `plane at ${above} mm, D${percent}%: ${error} Gy`);
    }
  }
});

/** Cylinders and cones are no round bodies: what the two planes leave keeps them from going far off. */
test('pieces on two planes that are not round stay close to the volume of their areas', () => {
  for (const [lower, upper] of [
    [30, 30],
    [1, 1],
    [30, 20],
    [2, 6],
    [0.5, 12],
  ]) {
    const rounded = volumeCc([0, 5], (z) => [circle(z === 0 ? lower : upper)], 'rounded').cc;
    const flat = volumeCc([0, 5], (z) => [circle(z === 0 ? lower : upper)], 'half-gap').cc;
    assert.ok(rounded > 0.8 * flat && rounded < 1.35 * flat, `${lower}, ${upper} mm: ${rounded} beside ${flat} cc`);
  }
});

test('an ellipsoid tilted against the planes keeps its volume and its coldest point', () => {
  const lean = 0.5;
  const [a, c, gapMm] = [12, 15, 3];
  const section = (z: number) => [circle(a * Math.sqrt(1 - (z / c) ** 2), [lean * z, 0])];
  const gradient: [number, number, number] = [0.6, 0, 0.8];
  const dose = doseOn(gridAround(24, 3), linear(30, gradient));
  // Dose along the gradient: sheared ellipsoid, support function by its matrix.
  const reach = Math.hypot(gradient[0] * a, gradient[0] * lean * c + gradient[2] * c);
  for (let n = 0; n < OFFSETS; n += 2) {
    const { fine, volumeCc: cc } = measure(roiOf(planesAt(c, gapMm, n), section), dose, { endCap: 'rounded' });
    assert.ok(Math.abs(cc / ((4 / 3) * Math.PI * a * a * c * 1e-3) - 1) < 0.001, `${cc} cc`);
    assert.ok(Math.abs(fine.minGy - (30 - reach)) < 0.1, `minimum ${fine.minGy} instead of ${30 - reach} Gy`);
    assert.ok(Math.abs(fine.maxGy - (30 + reach)) < 0.1, `maximum ${fine.maxGy} instead of ${30 + reach} Gy`);
  }
});

test('coldest and hottest doses of a sphere are correct across the planes, at any offset', () => {
  const radius = 12;
  const exact = exactSphere(radius, { centreGy: 20, gyPerMm: 1 });
  const dose = doseOn(gridAround(18, 3), linear(20, [0, 0, 1]));
  for (let n = 0; n < OFFSETS; n++) {
    const { fine } = measure(roiOf(planesAt(radius, 3, n), ball(radius)), dose, { endCap: 'rounded' });
    for (const percent of [99, 98, 95, 50, 5, 2, 1]) {
      const error = dPercent(fine, percent) - exactDoseAtGy(exact, (percent / 100) * exact.volumeMm3);
      assert.ok(Math.abs(error) < 0.05, `offset ${n}, D${percent}%: ${error} Gy`);
    }
    assert.ok(Math.abs(fine.minGy - exact.minGy) < 0.05 && Math.abs(fine.maxGy - exact.maxGy) < 0.05);
  }
});

/** Flat caps cost it 0.9 % of the volume, 1.5 % of D95% and 6 % of D99%. */
test('a cone with its axis parallel to the planes keeps volume and coldest dose', () => {
  const exact = exactConeAcross(12, 24, { centreGy: 20, gyPerMm: 1 });
  const dose = doseOn(gridAround(18, 3), linear(20, [0, 0, 1]));
  const zs = [-10.5, -7.5, -4.5, -1.5, 1.5, 4.5, 7.5, 10.5];
  const { fine, volumeCc: cc } = measure(roiOf(zs, lyingCone(12, 24)), dose, { endCap: 'rounded' });
  assert.ok(Math.abs((1000 * cc) / exact.volumeMm3 - 1) < 0.003, `${cc} cc`);
  for (const percent of [99, 95, 50, 5, 1]) {
    const truth = exactDoseAtGy(exact, (percent / 100) * exact.volumeMm3);
    assert.ok(Math.abs(dPercent(fine, percent) / truth - 1) < 0.005, `D${percent}%: ${dPercent(fine, percent)} Gy`);
  }
});

test('an end with a notch shrinks evenly from its border and keeps its volume', () => {
  const notched = (z: number): FlatLoop[] => {
    const s = Math.sqrt(1 - (z / 12.5) ** 2);
    return [[[-10, -10], [10, -10], [10, 10], [0, -4], [-10, 10]].map(([x, y]): [number, number] => [s * x, s * y])]; // biome-ignore format: a shape
  };
  const zs = [-12, -9, -6, -3, 0, 3, 6, 9, 12];
  const areaMm2 = 20 * 20 - (20 * 14) / 2;
  const exactCc = (areaMm2 * (4 / 3) * 12.5) / 1000;
  const dose = doseOn(gridAround(18, 3), () => 10);
  const { fine } = measure(roiOf(zs, notched), dose, { endCap: 'rounded' });
  assert.ok(Math.abs(fine.volumeCc / exactCc - 1) < 0.005, `${fine.volumeCc} instead of ${exactCc} cc`);
  assert.ok(Math.abs(fine.curve.volumeCc[0] / exactCc - 1) < 0.005);
});

test('a rounded end reaches between half a gap and a whole gap', () => {
  const end = (areas: number[]) =>
    roundedEnd(
      areas.map((areaMm2, n) => ({ offsetMm: -3 * n, areaMm2, perimeterMm: Math.sqrt(areaMm2) })),
      3,
    );
  assert.equal(end([100, 100, 100]), undefined);
  assert.equal(end([110, 105, 100]), undefined);
  const nearly = end([99.99, 100, 100]);
  assert.ok(nearly && nearly.lengthMm > 1.5 && nearly.lengthMm < 1.8, `${nearly?.lengthMm} mm`);
  const line = (vanishMm: number) => end([0, 3, 6].map((mm) => 10 * (mm + vanishMm)));
  assert.ok(Math.abs((line(3)?.lengthMm ?? 0) - 3) < 1e-9);
  assert.ok(Math.abs((line(2)?.lengthMm ?? 0) - 2) < 1e-9);
  assert.ok(Math.abs((line(6)?.lengthMm ?? 0) - 1.5 * (1 + 3 / 6)) < 1e-9);
});

test('an end whose areas turn round before they vanish ends there', () => {
  // The parabola through 14, 20 and 30 mm2 falls to its least 3 mm beyond the end.
  const areas = [14, 20, 30].map((areaMm2, n) => ({ offsetMm: -3 * n, areaMm2, perimeterMm: Math.sqrt(areaMm2) }));
  assert.ok(Math.abs((roundedEnd(areas, 6)?.lengthMm ?? 0) - 3) < 1e-9);
});

test('towards a pole the border shortens as the root of the area, along a ridge it keeps its length', () => {
  const power = (exponent: number) =>
    endPower([100, 150, 180].map((areaMm2, n) => ({ offsetMm: 3 * n, areaMm2, perimeterMm: areaMm2 ** exponent })));
  for (const [exponent, expected] of [
    [0.5, 1],
    [0.8, 1],
    [0.25, 1.5],
    [0, 2],
    [-0.2, 2],
  ])
    assert.ok(Math.abs(power(exponent) - expected) < 1e-9, `${power(exponent)} for ${exponent}`);
});

/** D99% lies near the tip, where the areas are extrapolated over half a gap: noise of 0.1 mm may move it by some 0.1 Gy. */
for (const points of [24, 60, 360])
  test(`noise of 0.1 mm on contours of ${points} points barely moves the end of a cone on three planes`, () => {
    const [radius, height] = [12, 24];
    const random = seededRandom(5);
    const noise = () => 0.1 * (2 * random() - 1);
    const dose = doseOn(gridAround(24, 3), linear(40, [0, 0, -1]));
    for (const offset of [0.2, 0.5, 0.8]) {
      const zs = [0, 1, 2].map((n) => (n + offset) * 8 - height / 2);
      const drawn = (z: number) => circle((radius * (height / 2 - z)) / height, [0, 0], points);
      const noisy = (z: number) => [drawn(z).map(([x, y]): [number, number] => [x + noise(), y + noise()])];
      const d99Gy = (section: (z: number) => FlatLoop[]) =>
        dPercent(measure(roiOf(zs, section), dose, { endCap: 'rounded', samples: 20_000 }).fine, 99);
      const exactGy = d99Gy((z) => [drawn(z)]);
      const movedGy = Array.from({ length: 4 }, () => Math.abs(d99Gy(noisy) - exactGy));
      assert.ok(Math.max(...movedGy) < (points === 24 ? 0.35 : 0.2), `offset ${offset}: ${movedGy} Gy`);
    }
  });

test('a tip of two planes ends the same with noise on densely drawn vertices', () => {
  const random = seededRandom(6);
  const noise = () => 0.1 * (2 * random() - 1);
  const drawn = (z: number) => circle(z === 0 ? 5 : 4);
  const noisy = (z: number) => [drawn(z).map(([x, y]): [number, number] => [x + noise(), y + noise()])];
  const smoothCc = volumeCc([0, 3], (z) => [drawn(z)], 'rounded').cc;
  const noisyCc = volumeCc([0, 3], noisy, 'rounded').cc;
  assert.ok(Math.abs(noisyCc / smoothCc - 1) < 0.01, `${noisyCc} and ${smoothCc} cc`);
});

test('the tip of a leaning piece on two planes goes on as it leaned', () => {
  const sections = [0, 3].map((z, n) => ({ offsetMm: z, shapes: [circleAt(n * 2, n * -1)] }));
  const links = [linkShapes(sections[0], sections[1])];
  const upper = tipOf(sections, links, { plane: 1, place: 0, outward: 1, gapMm: 3 }).shrink;
  const lower = tipOf(sections, links, { plane: 0, place: 0, outward: -1, gapMm: 3 }).shrink;
  for (const [axis, perMm] of [2 / 3, -1 / 3].entries()) {
    assert.ok(Math.abs((upper?.drift[axis] ?? 0) - perMm) < 1e-6);
    assert.ok(Math.abs((lower?.drift[axis] ?? 0) + perMm) < 1e-6);
  }
});

function circleAt(u: number, v: number) {
  const loop = Float64Array.from(circle(8, [u, v]).flat());
  return groupLoops([loop]).shapes[0];
}

test('rectangles narrow like other convex shapes, and both ends of a piece may differ', () => {
  const wedge = (z: number) => [rectangle(-10, 10, -(14 - z) / 2, (14 - z) / 2)];
  const { cc, used } = volumeCc([0, 3, 6, 9, 12], wedge, 'rounded');
  const exactCc = ((20 * 14 * 14) / 2 + 1.5 * 20 * 14 + (1.5 * 1.5 * 20) / 2) / 1000;
  assert.equal(used, 'rounded');
  assert.ok(Math.abs(cc / exactCc - 1) < 0.02, `${cc} instead of ${exactCc} cc`);
});

/** Four planes tell no root from a parabola: the borders, which keep their length, do. The cylinder's shorten by its ends. */
test('a ring and a cylinder lying across four planes keep their volume', () => {
  const zs = [-6, -2, 2, 6];
  const half = (z: number) => Math.sqrt(9 * 9 - z * z);
  const ring = volumeCc(zs, (z) => [circle(55 + half(z)), circle(55 - half(z))], 'rounded').cc;
  const ringCc = (2 * Math.PI ** 2 * 55 * 9 * 9) / 1000;
  assert.ok(Math.abs(ring / ringCc - 1) < 0.01, `${ring} instead of ${ringCc} cc`);
  const cylinder = volumeCc(zs, (z) => [rectangle(-100, 100, -half(z), half(z))], 'rounded').cc;
  const cylinderCc = (Math.PI * 9 * 9 * 200) / 1000;
  assert.ok(Math.abs(cylinder / cylinderCc - 1) < 0.015, `${cylinder} instead of ${cylinderCc} cc`);
});
