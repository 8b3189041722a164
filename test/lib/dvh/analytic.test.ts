import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { doseAtVolumeGy, volumeAtDoseCc } from '#lib/dvh/curve.ts';
import type { Vec3 } from '#lib/math/vec3.ts';
import {
  circle,
  doseOn,
  dPercent,
  type FlatLoop,
  gridAround,
  linear,
  measure,
  planes,
  roiOf,
} from '../../fixtures/dvh-phantom.ts';
import {
  type ExactDvh,
  exactConeAcross,
  exactConeAlong,
  exactCylinderAcross,
  exactCylinderAlong,
  exactDoseAtGy,
  exactGaussianSphere,
  exactSphere,
} from '../../fixtures/exact-dvh.ts';
import { sharedPath } from '../../fixtures/shared.ts';

const [R, H] = [12, 24];
const UP = { centreGy: 20, gyPerMm: 1 };
const DOWN = { centreGy: 20, gyPerMm: -1 };
/** Radius of the contours that stand for a pole or an apex. */
const POINT_MM = 0.02;

const sphere = (z: number) => [circle(Math.max(Math.sqrt(Math.max(R * R - z * z, 0)), POINT_MM))];
const cylinder = () => [circle(R)];
const cone = (z: number) => [circle(Math.max((R * (H / 2 - z)) / H, POINT_MM))];
const lyingCylinder = (z: number): FlatLoop[] => {
  const x = Math.max(Math.sqrt(R * R - z * z), POINT_MM);
  return [
    [
      [-x, -H / 2],
      [x, -H / 2],
      [x, H / 2],
      [-x, H / 2],
    ],
  ];
};

const SHAPES: [name: string, section: (z: number) => FlatLoop[], gradient: Vec3, exact: ExactDvh][] = [
  ['sphere, gradient along the planes', sphere, [0, 1, 0], exactSphere(R, UP)],
  ['sphere, gradient across the planes', sphere, [0, 0, 1], exactSphere(R, UP)],
  ['sphere, oblique gradient', sphere, [0.48, 0.6, 0.64], exactSphere(R, UP)],
  ['cylinder, gradient along its axis', cylinder, [0, 0, 1], exactCylinderAlong(R, H, UP)],
  ['cylinder, gradient across its axis', cylinder, [0.6, 0.8, 0], exactCylinderAcross(R, H, UP)],
  ['lying cylinder, gradient across the planes', lyingCylinder, [0, 0, 1], exactCylinderAcross(R, H, UP)],
  ['cone, apex hot', cone, [0, 0, 1], exactConeAlong(R, H, UP)],
  ['cone, base hot', cone, [0, 0, -1], exactConeAlong(R, H, DOWN)],
  ['cone, gradient across its axis', cone, [1, 0, 0], exactConeAcross(R, H, UP)],
];

/** What the project promises in a gradient of 1 Gy/mm at 3 mm grids. */
const VOLUME_PART = 0.005;
const DOSE_GY = 0.1;
const DOSE_PART = 0.003;

for (const [name, section, gradient, exact] of SHAPES) {
  for (const [gapMm, doseMm] of [
    [0.5, 3],
    [1, 1],
    [2, 2.5],
    [3, 3],
  ]) {
    test(`${name}: contours every ${gapMm} mm, dose every ${doseMm} mm agree with the closed form`, () => {
      const dose = doseOn(gridAround(16, doseMm), linear(20, gradient));
      const { fine } = measure(roiOf(planes(-H / 2, H / 2, gapMm), section), dose, { endCap: 'none' });
      near('volume', fine.volumeCc * 1000, exact.volumeMm3, VOLUME_PART * exact.volumeMm3);
      for (const statistic of ['minGy', 'meanGy', 'maxGy'] as const)
        near(statistic, fine[statistic], exact[statistic], doseTolerance(exact[statistic]));
      for (const percent of [99, 98, 95, 90, 50, 10, 5, 2, 1]) {
        const truth = exactDoseAtGy(exact, (percent / 100) * exact.volumeMm3);
        near(`D${percent}%`, dPercent(fine, percent), truth, doseTolerance(truth));
      }
      for (const cc of [0.03, 0.1, 1]) {
        const truth = exactDoseAtGy(exact, cc * 1000);
        near(`D${cc}cc`, doseAtVolumeGy(fine.curve, cc), truth, doseTolerance(truth));
      }
      for (const gy of [10, 15, 20, 25, 30]) {
        const truth = exact.volumeAtMm3(gy) / exact.volumeMm3;
        near(`V${gy}Gy`, volumeAtDoseCc(fine.curve, gy) / fine.volumeCc, truth, VOLUME_PART);
      }
    });
  }
}

test('a lying cylinder loses its sharp edges between contours 3 mm apart: 0.1 Gy at its ends', () => {
  const exact = exactCylinderAlong(R, H, UP);
  const roi = roiOf(planes(-R, R, 3), lyingCylinder);
  const { fine } = measure(roi, doseOn(gridAround(16, 3), linear(20, [0, 1, 0])), { endCap: 'none' });
  near('volume', fine.volumeCc * 1000, exact.volumeMm3, VOLUME_PART * exact.volumeMm3);
  near('min', fine.minGy, exact.minGy, 1e-9);
  for (const percent of [99, 95, 90, 50, 10, 5, 1])
    near(`D${percent}%`, dPercent(fine, percent), exactDoseAtGy(exact, (percent / 100) * exact.volumeMm3), 0.12);
});

test('a sphere in a Gaussian dose agrees with the closed form as far as the dose grid resolves it', () => {
  const exact = exactGaussianSphere(R, 60, 10);
  const dose = doseOn(gridAround(16, 1), ([x, y, z]) => 60 * Math.exp(-(x * x + y * y + z * z) / 200));
  const { fine } = measure(roiOf(planes(-R, R, 2), sphere), dose, { endCap: 'none' });
  // Trilinear interpolation of this dose on 1 mm lowers it by up to h^2 / 8 * 3 * 60 / 100 = 0.23 Gy at the peak.
  near('mean', fine.meanGy, exact.meanGy, 0.1);
  near('max', fine.maxGy, exact.maxGy, 1e-6);
  near('min', fine.minGy, exact.minGy, 0.15); // 3.5 Gy/mm there
  for (const percent of [98, 95, 50, 5, 2]) {
    const truth = exactDoseAtGy(exact, (percent / 100) * exact.volumeMm3);
    near(`D${percent}%`, dPercent(fine, percent), truth, 0.16);
  }
});

test('the closed forms of these tests are those of the reference table', (t) => {
  const path = sharedPath('reference/dvh-analytic.csv');
  if (!path) return t.skip('../shared/reference/dvh-analytic.csv is not beside the clone');
  const exact: Record<string, ExactDvh> = {
    sphere: exactSphere(R, UP),
    cylinder_axis_parallel: exactCylinderAlong(R, H, UP),
    cylinder_axis_perpendicular: exactCylinderAcross(R, H, UP),
    cone_parallel_apex_hot: exactConeAlong(R, H, UP),
    cone_parallel_base_hot: exactConeAlong(R, H, DOWN),
    cone_axis_perpendicular: exactConeAcross(R, H, UP),
    gaussian: exactGaussianSphere(R, 60, 10),
  };
  const rows = readFileSync(path, 'utf8').trim().split('\n').slice(2);
  assert.equal(rows.length, 180);
  for (const row of rows) {
    const [shape, model, , , metric, text] = row.split(',');
    const closed = exact[model === 'linear' ? shape : 'gaussian'];
    near(
      `${shape} ${model} ${metric}`,
      exactMetric(closed, metric),
      Number(text),
      1e-6 * Math.abs(Number(text)) + 1e-9,
    );
  }
});

function exactMetric(exact: ExactDvh, metric: string): number {
  const [, kind, amount, unit] = /^([DV])([\d.]+)(%|cc|Gy)/.exec(metric) ?? [];
  if (metric === 'volume_cc') return exact.volumeMm3 / 1000;
  if (metric === 'Dmin_Gy') return exact.minGy;
  if (metric === 'Dmax_Gy') return exact.maxGy;
  if (metric === 'Dmean_Gy') return exact.meanGy;
  if (kind === 'D')
    return exactDoseAtGy(exact, unit === '%' ? (Number(amount) / 100) * exact.volumeMm3 : Number(amount) * 1000);
  const volume = exact.volumeAtMm3(Number(amount));
  return metric.endsWith('%') ? (volume / exact.volumeMm3) * 100 : volume / 1000;
}

function doseTolerance(gy: number): number {
  return Math.max(DOSE_GY, DOSE_PART * Math.abs(gy));
}

function near(what: string, actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual} instead of ${expected} +- ${tolerance}`);
}
