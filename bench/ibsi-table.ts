/** Prints docs/ibsi.md: every published IBSI value beside ours. Needs the CT phantom: npm run test:data. */

import { absent } from '#test/fixtures/shared.ts';
import { type Comparison, compareIbsi1, compareIbsi2 } from '../test/lib/radiomics/ibsi/compliance.ts';
import { IBSI1 } from '../test/lib/radiomics/ibsi/configurations.ts';
import { DIGITAL_PHANTOM } from '../test/lib/radiomics/ibsi/digital-phantom.ts';
import { compareResponseMap, RESPONSE_MAPS } from '../test/lib/radiomics/ibsi/filters/response-maps.ts';
import { ctPhantom } from '../test/lib/radiomics/reference-images.ts';

const ct = ctPhantom();
if (!ct) throw new Error(String(absent('data/ibsi-ct-phantom')));

const chapter1 = Object.keys(IBSI1).flatMap((config) =>
  compareIbsi1(config, config === 'digital_phantom' ? DIGITAL_PHANTOM : ct),
);
const chapter2 = [...compareIbsi2('A', ct), ...compareIbsi2('B', ct)];
console.log(
  [
    ...introduction(),
    ...summary(chapter1, chapter2),
    ...responseMaps(),
    ...values('Chapter 1, all values', chapter1),
    ...values('Chapter 2 phase 2, all values', chapter2),
  ].join('\n'),
);

function introduction(): string[] {
  return [
    '# IBSI compliance',
    '',
    'Made by `npm run docs:ibsi`; do not edit. Reference values: Zwanenburg et al., Radiology 2020;295:328',
    '(doi:10.1148/radiol.2020191145) for chapter 1, Whybra et al., Radiology 2024 (doi:10.1148/radiol.231319) for chapter 2.',
    'Phantoms: IBSI digital phantoms (CC BY 4.0, design by Alex Zwanenburg); IBSI CT phantom (CC BY-NC 3.0, Lambin et al.,',
    'doi:10.17195/candat.2016.08.1), which is not part of this repository.',
    '',
    'A value of chapter 1 is `ok` when, rounded to the digits of the reference (at least three), it differs by no more than the',
    'published tolerance; a value of chapter 2 when it differs by no more than the tolerance, unrounded. Values without consensus',
    'are listed with ours. Settings of every configuration: `test/lib/radiomics/ibsi/configurations.ts`.',
    '',
    'What the numbers mean where the manual leaves room, or where its definition surprises:',
    '',
    '- Principal axes come from the covariance divided by N - 1.',
    "- The area of an ellipsoid (RDD2, BRI8) is the manual's series, which is the true area for a sphere only: the digital phantom's",
    '  area density is 1.36 by it, and 1.31 by the true area.',
    '- The oriented minimum bounding box has one side on a face of the convex hull; the minimum volume enclosing ellipsoid is',
    '  found to 1e-7 and scaled to hold every vertex. Neither has a reference value.',
    "- Moran's I and Geary's C are over all pairs of voxels, by Fourier transform, not over a sample.",
    '- A direction or slice without a pair of neighbours is left out of an average.',
    '- A Riesz transform is not steered; no steered filter has a reference value.',
    '',
  ];
}

function summary(first: Comparison[], second: Comparison[]): string[] {
  const lines = [...grouped([...first, ...second], ({ config }) => config)].map(([config, rows]) => {
    const count = (verdict: string) => rows.filter((row) => row.verdict === verdict).length;
    return `| ${config} | ${count('ok')} | ${count('outside')} | ${count('no consensus')} |`;
  });
  return ['## Summary', '', '| configuration | ok | outside | no consensus |', '|---|---|---|---|', ...lines, ''];
}

function responseMaps(): string[] {
  const lines = Object.entries(RESPONSE_MAPS).map(([id, { phantom, filter }]) => {
    const { share } = compareResponseMap(id);
    return `| ${id} | ${phantom} | ${filter.type} | ${share.toExponential(1)} | ${share <= 0.01 ? 'ok' : 'outside'} |`;
  });
  return [
    '## Chapter 2 phase 1: response maps',
    '',
    'Largest difference over the range of the reference map at the sampled voxels; 0.01 is allowed.',
    '',
    '| map | phantom | filter | difference | verdict |',
    '|---|---|---|---|---|',
    ...lines,
    '',
  ];
}

function values(title: string, rows: Comparison[]): string[] {
  const tables = [...grouped(rows, ({ config, family }) => `${config}: ${family.replaceAll('_', ' ')}`)].flatMap(
    ([heading, group]) => [
      `### ${heading}`,
      '',
      '| feature | code | aggregation | reference | tolerance | ours | verdict |',
      '|---|---|---|---|---|---|---|',
      ...group.map(valueLine),
      '',
    ],
  );
  return [`## ${title}`, '', ...tables];
}

function valueLine({ tag, code, aggregation, reference, tolerance, ours, verdict }: Comparison): string {
  return `| ${[tag, code, aggregation, reference, tolerance, Number(ours?.toPrecision(6)), verdict].join(' | ')} |`;
}

function grouped(rows: Comparison[], keyOf: (row: Comparison) => string): Map<string, Comparison[]> {
  const groups = new Map<string, Comparison[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return groups;
}
