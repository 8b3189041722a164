/**
 * Times margins and distance transforms on an image of 512 x 512 x 300 on one thread: `node bench/distance-transform.ts`.
 * `npm run peers:margins` times SciPy and ITK on the same shapes after it.
 */

import { boxOf } from '../lib/image/box.ts';
import { distanceToMask } from '../lib/image/distance.ts';
import type { Grid, Mask } from '../lib/image/grid.ts';
import { countVoxels, cropMask } from '../lib/image/mask.ts';
import { IDENTITY, type Vec3 } from '../lib/math/vec3.ts';
import { applyMargins, type PatientMargins } from '../lib/structures/derived/margins.ts';

const GRID: Grid = { size: [512, 512, 300], originMm: [0, 0, 0], spacingMm: [0.977, 0.977, 3], direction: IDENTITY };
/** Ellipsoids in the middle of the image, half axes in mm. */
const SHAPES: [string, Vec3][] = [
  ['body', [170, 120, 400]],
  ['liver', [90, 70, 80]],
  ['bladder', [40, 35, 40]],
];
const REPEATS = 3;

for (const [name, halfAxesMm] of SHAPES) {
  const mask = ellipsoid(halfAxesMm);
  console.log(`${name}: ${countVoxels(mask)} voxels in a box of ${mask.box.size.join(' x ')}`);
  report('margin 5 mm', () => applyMargins(mask, even(5)));
  report('margin 20 mm', () => applyMargins(mask, even(20)));
  report('margin -5 mm', () => applyMargins(mask, even(-5)));
  report('margin of six sizes', () => applyMargins(mask, { ...even(7), posterior: 4, inferior: 10, left: 0 }));
  report('distance, whole image', () => distanceToMask(mask, boxOf(GRID)));
}
console.log(`peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`);

function ellipsoid(halfAxesMm: Vec3): Mask {
  const [nx, ny, nz] = GRID.size;
  const data = new Uint8Array(nx * ny * nz);
  const parts = GRID.size.map((count, axis) =>
    Float64Array.from({ length: count }, (_, v) => (((v - count / 2) * GRID.spacingMm[axis]) / halfAxesMm[axis]) ** 2),
  );
  for (let k = 0, v = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, v++) if (parts[0][i] + parts[1][j] + parts[2][k] <= 1) data[v] = 1;
  return cropMask({ grid: GRID, box: boxOf(GRID), data });
}

function even(mm: number): PatientMargins {
  return { anterior: mm, posterior: mm, left: mm, right: mm, superior: mm, inferior: mm };
}

/** The best CPU time of a few runs. */
function report(what: string, run: () => unknown): void {
  const times = Array.from({ length: REPEATS }, () => {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6;
  });
  console.log(`  ${what.padEnd(22)} ${Math.min(...times).toFixed(2)} s`);
}
