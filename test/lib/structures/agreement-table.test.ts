import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Grid, Mask } from '#lib/image/grid.ts';
import { emptyMask } from '#lib/image/mask.ts';
import { IDENTITY } from '#lib/math/vec3.ts';
import { AGREEMENT_COLUMNS, agreementTable } from '#lib/structures/agreement-table.ts';
import { ball } from '#test/fixtures/masks.ts';

const GRID: Grid = { size: [40, 40, 40], originMm: [-20, -20, -20], spacingMm: [1, 1, 1], direction: IDENTITY };
const OPTIONS = { patientId: 'P1', courseId: 'c1', toleranceMm: 2 };

test('manual structures stand beside those of other sources that bear the same standard name, and no others', () => {
  const big = ball(GRID, [0, 0, 0], 12);
  const small = ball(GRID, [0, 0, 0], 10);
  const structures = [
    structure('Pecherz', 'manual', small),
    structure('odbytnica', 'manual', small),
    structure('my organ', 'manual', small),
    structure('urinary_bladder', 'totalsegmentator', big),
    structure('bladder', 'custom:pelvis', emptyMask(GRID)),
    structure('heart', 'totalsegmentator', big),
    structure('my organ', 'custom:pelvis', big),
  ];
  const { rows } = agreementTable(structures, OPTIONS);
  assert.deepEqual(
    rows.map((row) => [row.standard_name, row.roi_name, row.other_roi_name, row.other_source, row.status]),
    [
      ['Bladder', 'Pecherz', 'urinary_bladder', 'totalsegmentator', 'ok'],
      ['Bladder', 'Pecherz', 'bladder', 'custom:pelvis', 'empty'],
    ],
  );
  assert.ok(Math.abs(Number(rows[0].volume_ratio) - (12 / 10) ** 3) < 0.05);
  assert.ok(Number(rows[0].hausdorff95_mm) >= 2 && Number(rows[0].hausdorff95_mm) < 3);
  for (const row of rows)
    assert.deepEqual(
      Object.keys(row),
      AGREEMENT_COLUMNS.map(({ name }) => name),
    );
});

test('own names of the configuration count', () => {
  const both = [ball(GRID, [0, 0, 0], 5), ball(GRID, [0, 0, 0], 5)];
  const structures = [structure('OAR 7', 'manual', both[0]), structure('liver', 'totalsegmentator', both[1])];
  assert.equal(agreementTable(structures, OPTIONS).rows.length, 0);
  const { rows } = agreementTable(structures, { ...OPTIONS, nameOverrides: { 'OAR 7': 'Liver' } });
  assert.deepEqual(
    rows.map((row) => row.dice),
    [1],
  );
});

function structure(roiName: string, source: string, mask: Mask) {
  return { roiName, roiNumber: 1, source, mask };
}
