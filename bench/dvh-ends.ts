/**
 * What ends of structures cost: real shapes and spheres, cut anew by planes 2, 3 and 5 mm apart at eight offsets in three
 * directions, and measured by every rule for their ends: `node bench/dvh-ends.ts`. Prints tables in Markdown.
 */

import { DEFAULT_MEASURE_OPTIONS } from '../lib/dvh/course.ts';
import { measureRoi } from '../lib/dvh/measure-roi.ts';
import { volumeAtDoseCc } from '../lib/dvh/metrics/curve.ts';
import { dPercent } from '../test/fixtures/dvh-phantom.ts';
import { conformalDose, cut, dOf, GAPS_MM, OFFSETS, truthOf, vOf } from './ends/end-cases.ts';
import { fineShapes, turnedTo } from './ends/fine-shapes.ts';

const RULES = [
  { name: 'rounded', endCap: 'rounded', interpolation: 'surface' },
  { name: 'half-gap', endCap: 'half-gap', interpolation: 'surface' },
  { name: 'half-gap, prisms', endCap: 'half-gap', interpolation: 'prism' },
  { name: 'none', endCap: 'none', interpolation: 'surface' },
] as const;

const METRICS = ['volume %', 'D98 Gy', 'D95 Gy', 'Dmin Gy', 'mean Gy', 'V30 %'];

const only = process.argv[2];
const all = new Map<string, number[][]>();
for (const fine of fineShapes().filter(({ name }) => !only || name.includes(only))) {
  const ofShape = new Map<string, number[][]>();
  for (const across of [0, 1, 2] as const) {
    const shape = turnedTo(fine, across);
    const dose = conformalDose(shape);
    const truth = truthOf(shape, dose);
    const exact = [
      truth.volumeCc,
      dOf(truth, 98),
      dOf(truth, 95),
      truth.dosesGy[0],
      mean(truth.dosesGy),
      vOf(truth, 30),
    ];
    for (const gapMm of GAPS_MM)
      for (let n = 0; n < OFFSETS; n++) {
        const { roi } = cut(shape, gapMm, (n + 0.5) / OFFSETS);
        for (const { name, ...rule } of RULES) {
          const options = { ...DEFAULT_MEASURE_OPTIONS, ...rule, singlePlaneMm: gapMm, samples: 30_000 };
          const { fine: dvh, volumeCc } = measureRoi({ region: { kind: 'contours', roi }, dose, options, where: '' });
          if (!dvh) continue;
          const ours = [
            volumeCc,
            dPercent(dvh, 98),
            dPercent(dvh, 95),
            dvh.minGy,
            dvh.meanGy,
            (100 * volumeAtDoseCc(dvh.curve, 30)) / dvh.curve.volumeCc[0],
          ];
          const errors = ours.map((value, m) => (m === 0 ? (value / exact[0] - 1) * 100 : value - exact[m]));
          for (const table of [all, ofShape]) {
            const key = `${gapMm} mm | ${name}`;
            table.set(key, [...(table.get(key) ?? []), errors]);
          }
        }
      }
  }
  show(fine.name, ofShape);
}
show('all', all);

function show(title: string, table: Map<string, number[][]>): void {
  console.log(`\n${title}\n| planes | rule | ${METRICS.join(' | ')} |`);
  for (const [key, rows] of [...table].sort(([a], [b]) => a.localeCompare(b)))
    console.log(`| ${key} | ${METRICS.map((_, m) => spread(rows.map((row) => row[m]))).join(' | ')} |`);
}

function spread(values: number[]): string {
  const bias = mean(values);
  const sd = Math.sqrt(mean(values.map((value) => (value - bias) ** 2)));
  return `${bias.toFixed(2)} ± ${sd.toFixed(2)}`;
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let n = 0; n < values.length; n++) sum += values[n];
  return sum / values.length;
}
