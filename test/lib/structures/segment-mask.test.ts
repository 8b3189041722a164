import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { readDataSet } from '#lib/dicom/read.ts';
import { writeDicom } from '#lib/dicom/write.ts';
import { type Grid, indexToPatient } from '#lib/image/grid.ts';
import { countVoxels, fullMaskData } from '#lib/image/mask.ts';
import { IDENTITY, type Vec3 } from '#lib/math/vec3.ts';
import { readSegmentation } from '#lib/rt/read-segmentation.ts';
import { maskOfSegment } from '#lib/structures/segment-mask.ts';
import { segmentationOf } from '#lib/structures/write-segmentation.ts';
import { ODD_GRIDS } from '#test/fixtures/masks.ts';
import {
  IDENTITY_OF_OBJECT,
  PATIENT_AND_STUDY,
  sourceImage,
  threeStructures,
} from '#test/fixtures/written-structures.ts';
import peers from '../../reference/segmentation-peers.json' with { type: 'json' };

/** The CT that highdicom segmented. */
const CT: Grid = {
  size: peers.grid.size as Vec3,
  originMm: peers.grid.originMm as Vec3,
  spacingMm: peers.grid.spacingMm as Vec3,
  direction: IDENTITY,
};

/** Voxel p as the reference says. */
const PAINTED: Record<string, (p: number) => boolean> = {
  GTV: (p) => (p * 7) % 11 < 3 && p > 70 && p < 300,
  Node: (p) => (p * 5) % 13 < 4 && p < 150 && !PAINTED.GTV(p),
};
const isLikely = (p: number) => p > 60 && Math.round(200 * (((p * 3) % 10) / 9)) >= 100;

const segmentsOf = (file: string) => readSegmentation(readDataSet(gunzipSync(Buffer.from(file, 'base64'))));

for (const peer of peers.files) {
  test(`a highdicom segmentation gives the painted voxels: ${peer.name}`, async () => {
    const { segments, imageSeriesUid, frameOfReferenceUid } = await segmentsOf(peer.file);
    assert.deepEqual([imageSeriesUid, frameOfReferenceUid], ['1.2.3.1', '1.2.3.9']);
    const isFractional = peer.name === 'FRACTIONAL';
    assert.deepEqual(
      segments.map(({ number, name, propertyType }) => [number, name, propertyType]),
      [
        [1, 'GTV', 'Neoplasm'],
        [2, 'Node', 'Lymph Node'],
      ].slice(0, isFractional ? 1 : 2),
    );
    for (const segment of segments) {
      const { mask, status, findings } = maskOfSegment(segment, CT);
      assert.deepEqual([status, findings], ['ok', []]);
      const isIn = isFractional ? isLikely : PAINTED[segment.name];
      assert.deepEqual(
        fullMaskData(mask),
        Uint8Array.from({ length: 378 }, (_, p) => (isIn(p) ? 1 : 0)),
      );
      assert.equal(countVoxels(mask), peers.voxels[isFractional ? 'fraction' : (segment.name as 'GTV')]);
    }
  });
}

for (const [name, grid] of Object.entries(ODD_GRIDS)) {
  test(`a written segmentation is restored voxel for voxel: ${name}`, async () => {
    const structures = threeStructures(grid);
    const { segments } = await readSegmentation(readDataSet(write(grid, structures)));
    assert.deepEqual(
      segments.map((segment) => fullMaskData(maskOfSegment(segment, grid).mask)),
      structures.map(({ mask }) => fullMaskData(mask)),
    );
  });
}

test('an image with turned axes has the same voxels at other indices', async () => {
  const [gtv] = (await segmentsOf(peers.files[0].file)).segments;
  const turned: Grid = {
    size: [7, 6, 9],
    spacingMm: [1.5, 3, 1.25],
    originMm: indexToPatient(CT, [8, 0, 5]),
    direction: [0, 0, -1, 1, 0, 0, 0, -1, 0],
  };
  const { mask, findings } = maskOfSegment(gtv, turned);
  assert.deepEqual(findings, []);
  const data = fullMaskData(mask);
  for (let p = 0; p < 378; p++) {
    const [i, j, k] = [p % 9, Math.floor(p / 9) % 7, Math.floor(p / 63)];
    assert.equal(data[j + 7 * (5 - k + 6 * (8 - i))], PAINTED.GTV(p) ? 1 : 0);
  }
});

test('on an image of other voxels the nearest pixels are used, with a finding', async () => {
  const [gtv] = (await segmentsOf(peers.files[0].file)).segments;
  const finer: Grid = { ...CT, size: [18, 7, 6], spacingMm: [0.625, 1.5, 3], originMm: [-10.3125, 5, 20] };
  const { mask, findings } = maskOfSegment(gtv, finer);
  assert.equal(countVoxels(mask), 2 * peers.voxels.GTV);
  assert.deepEqual(
    findings.map(({ code }) => code),
    ['SEGMENT_RESAMPLED'],
  );
});

test('a segment beyond the image reports the lost part, or that it lies elsewhere', async () => {
  const [gtv] = (await segmentsOf(peers.files[0].file)).segments;
  const part = maskOfSegment(gtv, { ...CT, size: [9, 7, 3] });
  const inside = Array.from({ length: 189 }, (_, p) => PAINTED.GTV(p)).filter(Boolean).length;
  assert.equal(countVoxels(part.mask), inside);
  assert.match(part.findings[0].message, new RegExp(`^${peers.voxels.GTV - inside} of its ${peers.voxels.GTV} voxels`));
  assert.equal(maskOfSegment(gtv, { ...CT, originMm: [500, 5, 20] }).status, 'outside_image');
});

function write(grid: Grid, structures: ReturnType<typeof threeStructures>): Uint8Array {
  return writeDicom(
    segmentationOf(structures, {
      label: 'MODEL',
      identity: IDENTITY_OF_OBJECT,
      patientAndStudy: PATIENT_AND_STUDY,
      image: sourceImage(grid),
    }),
  );
}
