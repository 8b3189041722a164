import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Connectivity, connectedComponents } from '#lib/image/components.ts';
import type { Mask } from '#lib/image/grid.ts';
import type { Vec3 } from '#lib/math/vec3.ts';
import { ODD_GRIDS, speckle } from '#test/fixtures/masks.ts';

const SIZES: Vec3[] = [
  [1, 1, 1],
  [9, 1, 4],
  [1, 8, 5],
  [7, 6, 5],
];

for (const connectivity of [6, 18, 26] as const) {
  test(`components over ${connectivity} neighbours are those that a walk from voxel to voxel finds`, () => {
    for (const size of SIZES) {
      for (const part of [0, 0.1, 0.3, 0.6, 0.9, 1]) {
        const mask = speckle({ ...ODD_GRIDS.axial, size }, part, connectivity);
        assert.deepEqual(connectedComponents(mask, connectivity), walked(mask, connectivity));
      }
    }
  });
}

/** Flood fill from each voxel that has no label yet. */
function walked({ box: { size }, data }: Mask, connectivity: Connectivity) {
  const most = { 6: 1, 18: 2, 26: 3 }[connectivity];
  const [nx, ny, nz] = size;
  const label = new Int32Array(data.length);
  const found: number[] = [];
  const isNeighbour = (a: number, b: number) => {
    const apart = [
      Math.abs((a % nx) - (b % nx)),
      Math.abs((Math.floor(a / nx) % ny) - (Math.floor(b / nx) % ny)),
      Math.abs(Math.floor(a / (nx * ny)) - Math.floor(b / (nx * ny))),
    ];
    return Math.max(...apart) === 1 && apart[0] + apart[1] + apart[2] <= most;
  };
  for (let first = 0; first < nx * ny * nz; first++) {
    if (data[first] === 0 || label[first] !== 0) continue;
    const members = [first];
    label[first] = found.length + 1;
    for (const at of members) {
      for (let other = 0; other < data.length; other++) {
        if (data[other] === 0 || label[other] !== 0 || !isNeighbour(at, other)) continue;
        label[other] = found.length + 1;
        members.push(other);
      }
    }
    found.push(members.length);
  }
  const ranked = found.map((voxels, n) => ({ voxels, n })).sort((a, b) => b.voxels - a.voxels || a.n - b.n);
  const rank = new Map(ranked.map(({ n }, r) => [n + 1, r + 1]));
  return { labels: label.map((one) => rank.get(one) ?? 0), sizes: ranked.map(({ voxels }) => voxels) };
}
