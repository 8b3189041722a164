import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Grid, Mask } from '#lib/image/grid.ts';
import { emptyMask } from '#lib/image/mask.ts';
import { IDENTITY } from '#lib/math/vec3.ts';
import { COURSE_KEY } from '#lib/rt/row-identity.ts';
import { AGREEMENT_COLUMNS, agreementRows } from '#lib/structures/agreement-table.ts';
import { ball } from '#test/fixtures/masks.ts';

const GRID: Grid = { size: [40, 40, 40], originMm: [-20, -20, -20], spacingMm: [1, 1, 1], direction: IDENTITY };
const TOLERANCE_MM = 2;

test('manual structures are compared only with other sources of the same standard name', () => {
  const big = ball(GRID, [0, 0, 0], 12);
  const small = ball(GRID, [0, 0, 0], 10);
  const structures = [
    structure('Pecherz', 'Bladder', 'manual', small),
    structure('odbytnica', 'Rectum', 'manual', small),
    structure('my organ', null, 'manual', small),
    structure('urinary_bladder', 'Bladder', 'totalsegmentator', big),
    structure('bladder', 'Bladder', 'custom:pelvis', emptyMask(GRID)),
    structure('heart', 'Heart', 'totalsegmentator', big),
    structure('Leber', 'Liver', 'manual', emptyMask(GRID)),
    structure('liver', 'Liver', 'totalsegmentator', big),
    structure('my organ', null, 'custom:pelvis', big),
  ];
  const rows = agreementRows(structures, TOLERANCE_MM);
  assert.deepEqual(
    rows.map((row) => [row.standard_name, row.roi_name, row.other_roi_name, row.other_source, row.status]),
    [
      ['Bladder', 'Pecherz', 'urinary_bladder', 'totalsegmentator', 'ok'],
      ['Bladder', 'Pecherz', 'bladder', 'custom:pelvis', 'empty'],
      ['Liver', 'Leber', 'liver', 'totalsegmentator', 'empty'],
    ],
  );
  assert.ok(Math.abs(Number(rows[0].volume_ratio) - (12 / 10) ** 3) < 0.05);
  assert.ok(Number(rows[0].hausdorff95_mm) >= 2 && Number(rows[0].hausdorff95_mm) < 3);
  for (const row of rows)
    assert.deepEqual(Object.keys(row), AGREEMENT_COLUMNS.map(({ name }) => name).slice(COURSE_KEY.length));
});

function structure(roiName: string, standardName: string | null, source: string, mask: Mask) {
  return { identity: { structureSetUid: source, roiNumber: 1, roiName, standardName, source }, mask };
}
