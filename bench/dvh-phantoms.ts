import { doseAtVolumeGy } from '../lib/dvh/curve.ts';
import type { Vec3 } from '../lib/math/vec3.ts';
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
} from '../test/fixtures/dvh-phantom.ts';
import {
  type ExactDvh,
  exactConeAcross,
  exactConeAlong,
  exactCylinderAcross,
  exactCylinderAlong,
  exactDoseAtGy,
  exactSphere,
} from '../test/fixtures/exact-dvh.ts';

const [R, H] = [12, 24];
const UP = { centreGy: 20, gyPerMm: 1 };
const POINT_MM = 0.02;
const DOSES = [99, 98, 95, 50, 5, 2, 1];

const sphere = (z: number) => [circle(Math.max(Math.sqrt(Math.max(R * R - z * z, 0)), POINT_MM))];
const cylinder = () => [circle(R)];
const cone = (z: number) => [circle(Math.max((R * (H / 2 - z)) / H, POINT_MM))];
const lyingCylinder = (z: number): FlatLoop[] => {
  const x = Math.max(Math.sqrt(Math.max(R * R - z * z, 0)), POINT_MM);
  return [[[-x, -R], [x, -R], [x, R], [-x, R]]]; // biome-ignore format: one rectangle
};

const SHAPES: [name: string, section: (z: number) => FlatLoop[], gradient: Vec3, exact: ExactDvh][] = [
  ['sphere, gradient along the planes', sphere, [0, 1, 0], exactSphere(R, UP)],
  ['sphere, gradient across the planes', sphere, [0, 0, 1], exactSphere(R, UP)],
  ['sphere, oblique gradient', sphere, [0.48, 0.6, 0.64], exactSphere(R, UP)],
  ['cylinder, gradient along its axis', cylinder, [0, 0, 1], exactCylinderAlong(R, H, UP)],
  ['cylinder, gradient across its axis', cylinder, [0, 1, 0], exactCylinderAcross(R, H, UP)],
  ['cone, apex hot', cone, [0, 0, 1], exactConeAlong(R, H, UP)],
  ['cone, gradient across its axis', cone, [0, 1, 0], exactConeAcross(R, H, UP)],
  ['lying cylinder, gradient along its axis', lyingCylinder, [0, 1, 0], exactCylinderAlong(R, H, UP)],
  ['lying cylinder, gradient across the planes', lyingCylinder, [0, 0, 1], exactCylinderAcross(R, H, UP)],
];

/** Greatest errors on shapes of 12 mm radius in 1 Gy/mm on dose grids of 3 mm, by the distance of the contours. */
export function phantomTable(gapsMm: number[]): string[] {
  return [
    `| shape | ${gapsMm.map((gap) => `${gap} mm`).join(' | ')} |`,
    `|---|${gapsMm.map(() => '---').join('|')}|`,
    ...SHAPES.map(([name, ...shape]) => `| ${name} | ${gapsMm.map((gap) => worst(gap, ...shape)).join(' | ')} |`),
  ];
}

function worst(gapMm: number, section: (z: number) => FlatLoop[], gradient: Vec3, exact: ExactDvh): string {
  const dose = doseOn(gridAround(16, 3), linear(20, gradient));
  const { fine } = measure(roiOf(planes(-R, R, gapMm), section), dose, { endCap: 'none' });
  const volume = (fine.volumeCc * 1000) / exact.volumeMm3 - 1;
  const errors = [
    fine.minGy - exact.minGy,
    fine.maxGy - exact.maxGy,
    fine.meanGy - exact.meanGy,
    doseAtVolumeGy(fine.curve, 0.03) - exactDoseAtGy(exact, 30),
    ...DOSES.map((percent) => dPercent(fine, percent) - exactDoseAtGy(exact, (percent / 100) * exact.volumeMm3)),
  ];
  return `${(volume * 100).toFixed(2)} %, ${Math.max(...errors.map(Math.abs)).toFixed(3)} Gy`;
}
