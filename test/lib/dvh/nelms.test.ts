import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readDataSet } from '#lib/dicom/read.ts';
import { doseField } from '#lib/dvh/dose-field.ts';
import { doseAtVolumeGy, volumeAtDoseCc } from '#lib/dvh/metrics/curve.ts';
import { readDose } from '#lib/rt/read-dose.ts';
import { readStructureSet } from '#lib/rt/read-structure-set.ts';
import { dPercent, measure } from '../../fixtures/dvh-phantom.ts';
import { absent, referencePath, sharedPath } from '../../fixtures/shared.ts';

// Nelms et al. 2015, Med Phys 42:4435, doi:10.1118/1.4923175: spheres and cylinders with their exact DVHs. The authors'
// truth includes half-slice end caps and is rounded to 0.5 cGy.

const folder = sharedPath('data/dvh-analytic');
const skip = absent('data/dvh-analytic');

/** Allowed error, % of the truth (the best published free program reaches 14 % for D99 and 4 % for volumes). */
const TOLERANCES: [metric: string, percent: number][] = [
  ['volume', 0.5],
  ['Dmin', 1],
  ['Dmax', 1],
  ['Dmean', 0.5],
  ['D99', 1],
  ['D95', 0.5],
  ['D5', 0.5],
  ['D1', 0.5],
  ['D0.03cc', 1],
];

const cases = folder ? nelmsCases() : [];

test('the files of Nelms 2015 give 24 cases', { skip }, () => {
  assert.equal(cases.length, 24);
});

for (const { structure, gradient, grid, truth } of cases) {
  test(`${structure}, gradient ${gradient}, ${grid} mm: every metric matches Nelms 2015`, async () => {
    const { fine } = measure(readRoi(structure), await readField(gradient, grid), { endCap: 'half-gap' });
    const values = [
      fine.volumeCc,
      fine.minGy * 100,
      fine.maxGy * 100,
      fine.meanGy * 100,
      ...[99, 95, 5, 1].map((percent) => dPercent(fine, percent) * 100),
      doseAtVolumeGy(fine.curve, 0.03) * 100,
    ];
    TOLERANCES.forEach(([metric, percent], n) => {
      const error = (values[n] / truth[n] - 1) * 100;
      assert.ok(Math.abs(error) <= percent, `${metric}: ${values[n]} instead of ${truth[n]}, ${error.toFixed(2)} %`);
    });
  });
}

test('whole curves are within 0.5 % of the volume of the exact ones at every 10 cGy', { skip }, async () => {
  for (const shape of ['Sphere', 'Cylinder']) {
    const table = readFileSync(referencePath(`nelms2015/${shape}_cumulative_dvh.csv`), 'utf8')
      .trim()
      .split(/\r?\n/);
    const header = table[0].split(',');
    const rows = table.slice(1).map((line) => line.split(',').map(Number));
    for (const { structure, gradient, grid } of cases.filter((one) => one.structure.startsWith(shape))) {
      const { fine } = measure(readRoi(structure), await readField(gradient, grid), { endCap: 'half-gap' });
      const column = header.indexOf(`${gradient} ${grid} mm`);
      assert.ok(column > 0, `no column for ${gradient} ${grid} mm`);
      for (const row of rows.filter(([cGy]) => cGy % 10 === 0)) {
        const error = ((volumeAtDoseCc(fine.curve, row[0] / 100) - row[column]) / rows[0][column]) * 100;
        assert.ok(Math.abs(error) <= 0.5, `${structure} ${gradient} at ${row[0]} cGy: ${error.toFixed(2)} %`);
      }
    }
  }
});

interface NelmsCase {
  structure: string;
  gradient: 'AP' | 'SI';
  grid: number;
  truth: number[];
}

/** Rows of the authors' table whose files are here. */
function nelmsCases(): NelmsCase[] {
  const lines = readFileSync(referencePath('nelms2015/points.csv'), 'utf8').trim().split(/\r?\n/).slice(1);
  return lines
    .map((line) => Array.from(line.matchAll(/"([^"]*)"|([^,]+)/g), (m) => m[1] ?? m[2]))
    .filter(([structure]) => !structure.includes('_02_'))
    .map(([structure, , , grid, gradient, ...truth]) => ({
      structure,
      gradient: gradient.includes('AP') ? 'AP' : 'SI',
      grid: Number(grid),
      truth: truth.map(Number),
    }));
}

function readRoi(structure: string) {
  const bytes = readFileSync(`${folder}/structures/${structure}.dcm`);
  const roi = readStructureSet(readDataSet(bytes)).rois.find(({ contours }) => contours.length > 1);
  assert.ok(roi);
  return roi;
}

async function readField(gradient: 'AP' | 'SI', grid: number) {
  const name = `Linear_${gradient === 'AP' ? 'AntPost' : 'SupInf'}_${grid}mm_Aligned.dcm`;
  return doseField((await readDose(readDataSet(readFileSync(`${folder}/dose/${name}`)))).volume);
}
