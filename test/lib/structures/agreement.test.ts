import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Grid } from '#lib/image/grid.ts';
import { emptyMask } from '#lib/image/mask.ts';
import { IDENTITY, type Vec3 } from '#lib/math/vec3.ts';
import { type Agreement, agreementOf } from '#lib/structures/agreement.ts';
import { ball, ODD_GRIDS } from '#test/fixtures/masks.ts';
import peers from '../../reference/agreement-peers.json' with { type: 'json' };

const TOLERANCES: Agreement = {
  dice: 1e-9,
  volumeRatio: 1e-9,
  centroidDistanceMm: 1e-6,
  addedPathLengthMm: 1e-9,
  hausdorff95Mm: 0.01,
  surfaceDice: 1e-6,
  meanSurfaceDistanceMm: 1e-3,
};

for (const peer of peers.cases) {
  const { centre, radius } = peer.first;
  test(`agreement of two balls matches surface-distance, ITK and SciPy: radius ${radius} around ${centre}, within ${peer.toleranceMm} mm`, () => {
    const grid = { ...peer, direction: IDENTITY } as unknown as Grid;
    const [a, b] = [peer.first, peer.second].map((one) => ball(grid, one.centre as Vec3, one.radius));
    const agreement = agreementOf(a, b, peer.toleranceMm);
    for (const [name, tolerance] of Object.entries(TOLERANCES) as [keyof Agreement, number][]) {
      const difference = Math.abs(agreement[name] - peer[name]);
      assert.ok(difference <= tolerance, `${name}: ${agreement[name]} is not ${peer[name]}`);
    }
  });
}

test('a mask agrees with itself on every grid', () => {
  for (const grid of Object.values(ODD_GRIDS)) {
    const mask = ball(grid, grid.originMm, 9);
    assert.deepEqual(agreementOf(mask, mask, 1), {
      dice: 1,
      volumeRatio: 1,
      surfaceDice: 1,
      hausdorff95Mm: 0,
      meanSurfaceDistanceMm: 0,
      centroidDistanceMm: 0,
      addedPathLengthMm: 0,
    });
  }
});

test('the distance of slabs on uneven slices is the distance of their faces', () => {
  const grid: Grid = { ...ODD_GRIDS['axial, uneven'] };
  const [a, b] = [1, 4].map((k) => ({
    grid,
    box: { start: [0, 0, k] as Vec3, size: [17, 13, 1] as Vec3 },
    data: new Uint8Array(221).fill(1),
  }));
  const offsets = grid.sliceOffsetsMm as Float64Array;
  const faces = [0, 1, 3, 4].map((k) => (offsets[k] + offsets[k + 1]) / 2);
  const { hausdorff95Mm, dice } = agreementOf(a, b, 1);
  assert.equal(dice, 0);
  assert.ok(Math.abs(hausdorff95Mm - Math.max(faces[2] - faces[0], faces[3] - faces[1])) < 1e-5);
});

test('measures with an empty mask are not numbers, and the overlap is zero', () => {
  const grid = ODD_GRIDS.axial;
  const [some, none] = [ball(grid, grid.originMm, 9), emptyMask(grid)];
  const one = agreementOf(some, none, 1);
  assert.deepEqual([one.dice, one.surfaceDice], [0, 0]);
  assert.deepEqual([one.volumeRatio, one.hausdorff95Mm, one.centroidDistanceMm], [Number.NaN, Number.NaN, Number.NaN]);
  const both = agreementOf(none, none, 1);
  assert.ok(Object.values(both).every(Number.isNaN));
});
