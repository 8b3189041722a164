/**
 * What ends of structures cost: real shapes and spheres, cut anew by planes 2, 3 and 5 mm apart at eight offsets in three
 * directions, and measured by every rule for their ends. Prints docs/dvh-ends.md.
 */

import { DEFAULT_MEASURE_OPTIONS } from '../lib/dvh/course.ts';
import { measureRoi } from '../lib/dvh/measure-roi.ts';
import { volumeAtDoseCc } from '../lib/dvh/metrics/curve.ts';
import { contourSolid } from '../lib/dvh/solid/contour-solid.ts';
import { solidVolumeCc } from '../lib/dvh/solid/solid.ts';
import { readContourPlanes } from '../lib/rt/contours/contour-planes.ts';
import { circle, dPercent, roiOf } from '../test/fixtures/dvh-phantom.ts';
import { conformalDose, cut, dOf, GAPS_MM, OFFSETS, truthOf, vOf } from './ends/end-cases.ts';
import { type FineShape, fineShapes, turnedTo } from './ends/fine-shapes.ts';

const RULES = [
  { name: 'rounded', endCap: 'rounded', interpolation: 'surface' },
  { name: 'half-gap', endCap: 'half-gap', interpolation: 'surface' },
  { name: 'half-gap, prisms', endCap: 'half-gap', interpolation: 'prism' },
  { name: 'none', endCap: 'none', interpolation: 'surface' },
] as const;

const METRICS = ['volume %', 'D98 Gy', 'D95 Gy', 'Dmin Gy', 'mean Gy', 'V30 %'];

type Errors = Map<string, number[][]>;

const all: Errors = new Map();
const byShape: [name: string, errors: Errors][] = [];
for (const fine of fineShapes()) {
  const ofShape: Errors = new Map();
  for (const across of [0, 1, 2] as const) addErrors(turnedTo(fine, across), ofShape);
  byShape.push([fine.name, ofShape]);
}

console.log(`# Ends of structures

Made by \`npm run docs:dvh-ends\`; do not edit.

No contour says where a structure ends between two planes. Programs differ by what they put there. \`dvh.end_cap\` chooses a
rule; [dvh.md](dvh.md) describes them. This page is why \`rounded\` is the default.

## Spheres

Volume error in percent, mean and standard deviation over eight offsets of the planes. Prisms are right on the average: they
lose between the planes what they add at the ends. \`rounded\` is right at each offset, and on two planes as well.

${sphereTable().join('\n')}

A rounded end may reach a whole gap. One that may reach half a gap at most loses the part of the poles beyond: on the average
g^2 / (16 R^2) of a sphere of radius R on planes g apart, 1.6 % at 10 and 5 mm. On the targets below it costs 1.1 % of the volume
on planes 2 mm apart and 1.6 % at 3 mm, where a whole gap is off by 0.2 and 0.3 %.

## Real shapes

${byShape.length} structures of public plans, 0.3 to 1400 cc: metastases with their margins, brain stem, optic structures, a low dose
region and a wall of a radiosurgery plan with contours every 1 mm; heart, breast and tumour bed; stomach, bowel, a lung and
a region in the upper abdomen. Each is a smooth field on cubes of 0.75 to 2 mm. Planes 2, 3 and 5 mm apart cut it anew in three
directions at eight offsets. It lies in a dose of 60 Gy that falls off around it. The truth counts points of the field,
without contours. Each cell: bias and standard deviation, of the volume in percent, of D98%, D95%, minimum and mean in
Gy, of V30Gy in percent of the volume.

Prisms are right in volume on the average, flat caps on blended sides too large, and both are cold: their corners reach out
of the high dose. \`none\` keeps to the warm inside and loses the ends, 3 to 11 % of the volume. Of the rules that keep the
volume, \`rounded\` is nearest in D98%, D95%, minimum and V30Gy at every distance of the planes. Where
only two planes cut a structure, no area foretells its height. \`rounded\` then takes a body as high as it is wide. That
is a rule, and these structures bear it out: PTV_1, PTV_3 and PTV_5 on planes 5 mm apart lose 6 to 8 Gy of their error of
D95% and a third or more of the spread of their volume. The rule is wrong for a flat or a tall structure;
\`<metric>_uncertainty\` covers where its ends may lie. A structure on one plane keeps flat ends under each rule.

${table(all).join('\n')}

## Other programs

\`npm run peers:dvh-ends\`, 2026-11-30: eight of the shapes, cut axially at two offsets, as files. dicompyler-core 0.5.6 with its
defaults, plastimatch 1.9.4 on voxels of 1 x 1 mm and the distance of the planes. Both take the dose on the planes of the
contours alone and never at the ends: their minimum is too high. On planes 3 mm apart and more their D95% is nearer than ours,
which is too low. Of these shapes four are off by 0.2 Gy or less on planes 3 mm apart, GTV_4, PTV_1, PTV_3 and PTV_4, and four by
0.6 to 1.3 Gy, BRAIN STEM, PTV_5, OPTIC STRUCTURES and the Low Dose Region (table below, all directions). A wall whose hole
plastimatch fills is left out (20 % of its volume, 28 Gy of its D95%). Each cell: bias and standard deviation.

| planes | program | volume % | D95 Gy | Dmin Gy |
|---|---|---|---|---|
| 2 mm | rtpipeline, \`rounded\` | 1.13 ± 1.61 | -0.38 ± 0.40 | -2.31 ± 2.19 |
| 2 mm | rtpipeline, \`half-gap\` | 2.46 ± 2.02 | -0.90 ± 0.41 | -4.43 ± 1.82 |
| 2 mm | dicompyler-core | 1.74 ± 2.22 | 0.17 ± 0.33 | 1.58 ± 1.04 |
| 2 mm | plastimatch | 0.84 ± 1.86 | 0.11 ± 0.23 | 1.20 ± 0.73 |
| 3 mm | rtpipeline, \`rounded\` | 1.52 ± 4.24 | -0.80 ± 1.53 | -3.17 ± 3.15 |
| 3 mm | rtpipeline, \`half-gap\` | 3.56 ± 4.27 | -2.17 ± 1.38 | -6.87 ± 2.47 |
| 3 mm | dicompyler-core | 1.56 ± 3.69 | 0.17 ± 0.35 | 2.06 ± 0.86 |
| 3 mm | plastimatch | 1.31 ± 3.23 | -0.09 ± 0.32 | 1.27 ± 0.82 |
| 5 mm | rtpipeline, \`rounded\` | -3.08 ± 6.83 | -1.12 ± 0.98 | -4.14 ± 3.95 |
| 5 mm | rtpipeline, \`half-gap\` | 1.24 ± 9.70 | -4.76 ± 2.72 | -9.83 ± 3.47 |
| 5 mm | dicompyler-core | 1.12 ± 5.26 | 0.50 ± 0.66 | 3.10 ± 1.27 |
| 5 mm | plastimatch | -0.18 ± 10.22 | 0.33 ± 0.50 | 2.52 ± 1.40 |

## By structure
${byShape.map(([name, errors]) => `\n**${name}**\n\n${table(errors).join('\n')}`).join('\n')}`);

function addErrors(shape: FineShape, ofShape: Errors): void {
  const dose = conformalDose(shape);
  const truth = truthOf(shape, dose);
  const exact = [truth.volumeCc, dOf(truth, 98), dOf(truth, 95), truth.dosesGy[0], mean(truth.dosesGy), vOf(truth, 30)];
  for (const gapMm of GAPS_MM)
    for (let n = 0; n < OFFSETS; n++) {
      const { roi } = cut(shape, gapMm, (n + 0.5) / OFFSETS);
      for (const { name, ...rule } of RULES) {
        const options = { ...DEFAULT_MEASURE_OPTIONS, ...rule, singlePlaneMm: gapMm, samples: 30_000 };
        const { fine, volumeCc } = measureRoi({ region: { kind: 'contours', roi }, dose, options, where: '' });
        if (!fine) continue;
        const v30 = (100 * volumeAtDoseCc(fine.curve, 30)) / fine.curve.volumeCc[0];
        const ours = [volumeCc, dPercent(fine, 98), dPercent(fine, 95), fine.minGy, fine.meanGy, v30];
        const errors = ours.map((value, m) => (m === 0 ? (value / exact[0] - 1) * 100 : value - exact[m]));
        const key = `${gapMm} mm | ${name}`;
        for (const found of [all, ofShape]) found.set(key, [...(found.get(key) ?? []), errors]);
      }
    }
}

function table(errors: Errors): string[] {
  const rows = [...errors].sort(([a], [b]) => a.localeCompare(b));
  return [
    `| planes | rule | ${METRICS.join(' | ')} |`,
    `|---|---|${METRICS.map(() => '---').join('|')}|`,
    ...rows.map(
      ([key, cases]) => `| ${key} | ${METRICS.map((_, m) => spread(cases.map((row) => row[m]))).join(' | ')} |`,
    ),
  ];
}

function sphereTable(): string[] {
  const cell = (radius: number, gapMm: number, { name: _, ...rule }: (typeof RULES)[number]) => {
    const errors = Array.from({ length: OFFSETS }, (_, n) => {
      const first = -Math.ceil(radius / gapMm) - 1;
      const zs = Array.from({ length: 1 - 2 * first }, (_, k) => (first + k + (n + 0.5) / OFFSETS) * gapMm);
      const { contours } = roiOf(
        zs.filter((z) => Math.abs(z) < radius),
        (z) => [circle(Math.sqrt(radius ** 2 - z ** 2))],
      );
      const { solid } = contourSolid(
        readContourPlanes(contours, ''),
        { ...rule, singlePlaneMm: gapMm, maxGapMm: 10 },
        '',
      );
      return (solidVolumeCc(solid) / ((4 / 3) * Math.PI * (radius / 10) ** 3) - 1) * 100;
    });
    return spread(errors);
  };
  return [
    `| radius, planes | ${RULES.map(({ name }) => name).join(' | ')} |`,
    `|---|${RULES.map(() => '---').join('|')}|`,
    ...[5, 10, 15, 20, 30].flatMap((radius) =>
      [2.5, 3, 4, 5].map(
        (gap) => `| ${radius} mm, ${gap} mm | ${RULES.map((rule) => cell(radius, gap, rule)).join(' | ')} |`,
      ),
    ),
  ];
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
