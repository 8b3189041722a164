import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Vec3 } from '#lib/math/vec3.ts';
import { directions, type FlatAxis } from '#lib/radiomics/matrices/directions.ts';
import { cooccurrence } from '#lib/radiomics/matrices/glcm.ts';
import { dependence } from '#lib/radiomics/matrices/gldm.ts';
import { linedDirections, runLengths } from '#lib/radiomics/matrices/glrlm.ts';
import { toneDifferences } from '#lib/radiomics/matrices/ngtdm.ts';
import type { SizeMatrix } from '#lib/radiomics/matrices/size-matrix.ts';
import { zoneDistanceMatrix, zoneSizeMatrix, zones } from '#lib/radiomics/matrices/zones.ts';
import type { LevelImage } from '#lib/radiomics/region/levels.ts';
import { roiOf } from '#lib/radiomics/region/roi.ts';
import { listVoxels, plainGrid, plus, randomLevels } from './random-region.ts';

/** The definitions, counted voxel by voxel, are the truth for the kernels. */
const IMAGES: [string, LevelImage][] = [
  ['a ragged box', randomLevels([11, 9, 7], 4, 1)],
  ['many levels', randomLevels([9, 12, 5], 200, 2, 3)],
  ['few columns', randomLevels([3, 14, 6], 3, 3)],
  ['long rows', randomLevels([37, 5, 4], 2, 4)],
];
const FLAT: FlatAxis[] = [undefined, 0, 1, 2];

test('distance 1 has 13 directions and distance 2 49 more; in a plane 4 and 8', () => {
  assert.equal(directions([1]).length, 13);
  assert.equal(directions([1, 2]).length, 62);
  assert.equal(directions([1], 2).length, 4);
  assert.equal(directions([1, 2], 0).length, 12);
});

for (const [name, image] of IMAGES) {
  const { voxels, levelAt } = listVoxels(image);

  test(`${name}: co-occurrences count pairs of levels in every direction`, () => {
    for (const offset of directions([1, 2])) {
      const found = listed(image, cooccurrence(image, offset, false).counts, (column) => image.levels[column]);
      const expected = tally(
        voxels
          .map(({ position, level }) => [level, levelAt(plus(position, offset))])
          .filter((pair) => pair[1] !== undefined),
      );
      assert.deepEqual(found, expected);
    }
  });

  test(`${name}: a symmetric matrix adds its transpose`, () => {
    const n = image.levels.length;
    const [plain, symmetric] = [false, true].map((add) => cooccurrence(image, [1, 1, 0], add).counts);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) assert.equal(symmetric[i * n + j], plain[i * n + j] + plain[j * n + i]);
  });

  test(`${name}: runs are counted in every direction`, () => {
    for (const offset of directions([1])) {
      const runs = voxels
        .filter(({ position, level }) => levelAt(plus(position, offset, -1)) !== level)
        .map(({ position, level }) => {
          let length = 1;
          while (levelAt(plus(position, offset, length)) === level) length++;
          return [level, length];
        });
      assert.deepEqual(cellsOf(runLengths(image, offset)), tally(runs));
    }
  });

  for (const flat of FLAT) {
    const plane = flat === undefined ? 'in space' : `in planes across axis ${flat}`;

    test(`${name}: zones are connected voxels of a level, ${plane}`, () => {
      const neighbours = bothWays(directions([1], flat));
      const expected = tally(growZones(image, neighbours).map((zone) => [zone.level, zone.positions.length]));
      assert.deepEqual(cellsOf(zoneSizeMatrix(zones(image, flat))), expected);
    });

    test(`${name}: dependents are neighbours of a close level, ${plane}`, () => {
      for (const alpha of [0, 1, 3]) {
        const neighbours = bothWays(directions([1, 2], flat));
        const expected = voxels.map(({ position, level }) => {
          const close = neighbours
            .map((offset) => levelAt(plus(position, offset)))
            .filter((other) => other !== undefined);
          return [level, 1 + close.filter((other) => Math.abs(other - level) <= alpha).length];
        });
        assert.deepEqual(cellsOf(dependence(image, [1, 2], alpha, flat)), tally(expected));
      }
    });

    test(`${name}: tone differences compare a voxel with the mean around it, ${plane}`, () => {
      for (const distances of [[1], [1, 2], [2], [1, 3]]) {
        if (Math.max(...distances) > image.roi.margin) continue;
        const neighbours = bothWays(directions(distances, flat));
        const matrix = toneDifferences(image, distances, flat);
        for (let row = 0; row < image.levels.length; row++) {
          let [count, isolated, difference] = [0, 0, 0];
          for (const { position, level } of voxels) {
            if (level !== image.levels[row]) continue;
            const around = neighbours
              .map((offset) => levelAt(plus(position, offset)))
              .filter((other) => other !== undefined);
            count++;
            if (around.length === 0) isolated++;
            else difference += Math.abs(level - around.reduce((a, b) => a + b) / around.length);
          }
          assert.equal(matrix.counts[row], count);
          assert.equal(matrix.isolated[row], isolated);
          assert.ok(Math.abs(matrix.differences[row] - difference) <= 1e-9 * difference);
        }
      }
    });
  }

  test(`${name}: the distance of a zone is the smallest over its voxels`, () => {
    const distances = Int32Array.from(image.ranks, (_, p) => 1 + (p % 5));
    const { size } = image.roi;
    const at = ([i, j, k]: number[]) => distances[i + size[0] * (j + size[1] * k)];
    const expected = growZones(image, bothWays(directions([1]))).map((zone) => [
      zone.level,
      Math.min(...zone.positions.map(at)),
    ]);
    assert.deepEqual(cellsOf(zoneDistanceMatrix(zones(image, undefined, distances))), tally(expected));
  });
}

test('a direction without two voxels on a line is left out, a direction with a gap is kept', () => {
  const [size, data] = [[3, 1, 1] as Vec3, Uint8Array.of(1, 0, 1)];
  const roi = roiOf({ grid: plainGrid(size), box: { start: [0, 0, 0], size }, data }, 1);
  assert.deepEqual(linedDirections(roi), [[1, 0, 0]]);
});

function bothWays(offsets: Vec3[]): number[][] {
  return offsets.flatMap((offset) => [offset, offset.map((x) => -x)]);
}

function growZones(image: LevelImage, neighbours: number[][]): { level: number; positions: number[][] }[] {
  const { voxels, levelAt } = listVoxels(image);
  const seen = new Set<string>();
  return voxels.flatMap(({ position, level }) => {
    if (seen.has(position.join())) return [];
    seen.add(position.join());
    const positions = [position];
    for (let n = 0; n < positions.length; n++) {
      for (const next of neighbours.map((offset) => plus(positions[n], offset))) {
        if (seen.has(next.join()) || levelAt(next) !== level) continue;
        seen.add(next.join());
        positions.push(next);
      }
    }
    return [{ level, positions }];
  });
}

/** How often each pair occurs, as "a,b" -> count. */
function tally(pairs: (number | undefined)[][]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const pair of pairs) counts[pair.join()] = (counts[pair.join()] ?? 0) + 1;
  return counts;
}

function cellsOf(matrix: SizeMatrix): Record<string, number> {
  const image = { levels: matrix.levels } as LevelImage;
  return listed(image, matrix.counts, (column) => matrix.sizes[column]);
}

function listed(image: LevelImage, counts: Float64Array, sizeOf: (column: number) => number): Record<string, number> {
  const width = counts.length / image.levels.length;
  const cells: Record<string, number> = {};
  counts.forEach((count, p) => {
    if (count > 0) cells[[image.levels[Math.floor(p / width)], sizeOf(p % width)].join()] = count;
  });
  return cells;
}
