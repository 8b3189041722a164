import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { DataSet } from '#lib/dicom/data-set.ts';
import { readDataSet } from '#lib/dicom/read.ts';
import { boundingBox } from '#lib/image/box.ts';
import { type Grid, indexToPatient } from '#lib/image/grid.ts';
import { countVoxels, fullMaskData, isInside } from '#lib/image/mask.ts';
import { addScaled, cross, dot, IDENTITY, normalize, type Vec3 } from '#lib/math/vec3.ts';
import { readNifti } from '#lib/nifti/read-nifti.ts';
import { readImageSeries } from '#lib/rt/image-series.ts';
import { readStructureSet } from '#lib/rt/read-structure-set.ts';
import type { Contour } from '#lib/rt/structure-set.ts';
import { maskOfRoi } from '#lib/structures/rasterize.ts';
import { ODD_GRIDS } from '#test/fixtures/masks.ts';
import { circle, contour, rectangle, roiOf } from '#test/fixtures/rois.ts';
import { absent, sharedPath } from '#test/fixtures/shared.ts';

/** Voxel (i, j, k) has its centre at (i, j, 3 k) mm. */
const GRID: Grid = { size: [20, 16, 12], originMm: [0, 0, 0], spacingMm: [1, 1, 3], direction: IDENTITY };

/** Folder of the images and of the structure set, mask, number of its voxels. */
const PUBLIC_MASKS = [
  ['ibsi-ct-phantom/dicom', 'DCM_RS_00060.dcm', 'ibsi-ct-phantom/nifti/mask/mask.nii.gz', 125256],
  ['sts-002/dicom/CT', 'RS.dcm', 'sts-002/nifti/CT_mask.nii.gz', 17090],
  ['sts-002/dicom/PET', 'RS.dcm', 'sts-002/nifti/PET_mask.nii.gz', 555],
  ['sts-002/dicom/MR_T1', 'RS.dcm', 'sts-002/nifti/MR_T1_mask.nii.gz', 17090],
] as const;

for (const [folder, file, nifti, voxels] of PUBLIC_MASKS) {
  test(`contours on the DICOM images give the published IBSI mask voxel by voxel: ${nifti}`, async (context) => {
    const [dicom, nii] = [sharedPath(`data/${folder}`), sharedPath(`data/${nifti}`)];
    if (!dicom || !nii) return context.skip(String(absent(`data/${folder}`)));
    const truth = readNifti(readFileSync(nii));
    const { rois } = readStructureSet(readDataSet(readFileSync(`${dicom}/mask/${file}`)));
    const { grid } = (await readImageSeries(readFolder(`${dicom}/image`))).volume;
    for (const image of [grid, truth.grid]) {
      const { mask, status, findings } = maskOfRoi(rois[0], image);
      assert.equal(status, 'ok');
      assert.deepEqual(findings, []);
      assert.equal(countVoxels(mask), voxels);
      assert.deepEqual(
        fullMaskData(mask),
        Uint8Array.from(truth.data as ArrayLike<number>, (value) => (value === 0 ? 0 : 1)),
      );
    }
  });
}

const LOOPS: [string, Contour[], number][] = [
  ['a loop', [rectangle(0.5, 0.5, 10.5, 10.5, 3)], 100],
  ['a hole', [rectangle(0.5, 0.5, 10.5, 10.5, 3), rectangle(2.5, 2.5, 8.5, 8.5, 3)], 64],
  ['an island in a hole', [10, 8, 4].map((w) => rectangle(0.5, 0.5, w + 0.5, w + 0.5, 3)), 100 - 64 + 16],
  ['two parts', [rectangle(0.5, 0.5, 3.5, 3.5, 3), rectangle(5.5, 5.5, 9.5, 9.5, 3)], 9 + 16],
  ['planes that differ by rounding', [rectangle(0.5, 0.5, 10.5, 10.5, 3), rectangle(2.5, 2.5, 8.5, 8.5, 3.04)], 64],
  ['a keyhole', [keyhole(3)], 64],
  [
    'a figure of eight',
    [
      contour([
        [0.5, 0.5, 3],
        [10.5, 0.5, 3],
        [0.5, 10.5, 3],
        [10.5, 10.5, 3],
      ]),
    ],
    50,
  ],
  ['XOR loops that cross', [xor(0.5, 8.5), xor(4.5, 12.5)], 64 + 64 - 2 * 16],
];

for (const [name, contours, voxels] of LOOPS) {
  test(`loops in a plane follow the even-odd rule: ${name}`, () => {
    const { mask, status } = maskOfRoi(roiOf(contours), GRID);
    assert.equal(status, 'ok');
    assert.equal(countVoxels(mask), voxels);
    assert.deepEqual([boundingBox(mask).start[2], boundingBox(mask).size[2]], [1, 1]);
  });
}

test('a repeated loop does not cancel itself, from any corner and in any direction', () => {
  const square = rectangle(0.5, 0.5, 10.5, 10.5, 3);
  const points = [...square.pointsMm];
  const turned = { ...square, pointsMm: Float64Array.from([...points.slice(3), ...points.slice(0, 3)]) };
  const reversed = contour([
    [0.5, 10.5, 3],
    [10.5, 10.5, 3],
    [10.5, 0.5, 3],
    [0.5, 0.5, 3],
  ]);
  for (const copy of [square, turned, reversed]) {
    const { mask, findings } = maskOfRoi(roiOf([square, copy]), GRID);
    assert.equal(countVoxels(mask), 100);
    assert.deepEqual(codes(findings), ['CONTOUR_REPEATED', 'CONTOURS_ON_ONE_PLANE']);
  }
});

test('a voxel centre on an edge counts when the region lies on the side of higher index', () => {
  const { mask } = maskOfRoi(roiOf([rectangle(2, 3, 6, 8, 3)]), GRID);
  assert.deepEqual(boundingBox(mask), { start: [2, 3, 1], size: [4, 5, 1] });
  const shared = [rectangle(2, 3, 6, 8, 3), rectangle(6, 3, 9, 8, 3)].map(
    (part) => maskOfRoi(roiOf([part]), GRID).mask,
  );
  const whole = maskOfRoi(roiOf([rectangle(2, 3, 9, 8, 3)]), GRID).mask;
  assert.equal(countVoxels(shared[0]) + countVoxels(shared[1]), countVoxels(whole));
});

const STACKS: [string, number[], Grid, number[], string[]][] = [
  ['a plane on each slice', [3, 6, 9], GRID, [1, 2, 3], []],
  ['planes 0.04 mm off', [3.04, 6.04, 9.04], GRID, [1, 2, 3], []],
  ['planes half a slice off', [4.5, 7.5, 10.5], GRID, [1, 2, 3], ['CONTOURS_OFF_SLICES']],
  ['a plane every mm', [2, 3, 4, 5, 6, 7], GRID, [1, 2], ['CONTOURS_OFF_SLICES']],
  ['a single plane near a slice', [7.4], GRID, [2], ['CONTOURS_ON_ONE_PLANE', 'CONTOURS_OFF_SLICES']],
  ['two pieces far apart', [3, 6, 24, 27], GRID, [1, 2, 8, 9], ['CONTOURS_IN_PIECES']],
  ['a contour missing on one slice', [3, 6, 12, 15], GRID, [1, 2, 3, 4, 5], ['CONTOUR_GAP_FILLED']],
  ['contours missing on two slices', [0, 3, 6, 15, 18], GRID, [0, 1, 2, 5, 6], ['CONTOUR_GAP_KEPT']],
  ['every second slice', [3, 9, 15], GRID, [0, 1, 2, 3, 4, 5], ['CONTOURS_SKIP_SLICES']],
  ['every fifth slice', [3, 18, 33], GRID, [1, 6, 11], ['CONTOURS_IN_PIECES']],
  [
    'uneven slices',
    [3, 6, 11, 14],
    { ...GRID, sliceOffsetsMm: Float64Array.of(0, 3, 6, 11, 14, 17, 20, 23, 26, 29, 32, 35) },
    [1, 2, 3, 4],
    [],
  ],
];

for (const [name, levels, grid, slices, expected] of STACKS) {
  test(`contour planes fill the slices of their slabs: ${name}`, () => {
    const { mask, findings } = maskOfRoi(roiOf(levels.map((z) => rectangle(0.5, 0.5, 4.5, 4.5, z))), grid);
    const filled = Array.from({ length: 12 }, (_, k) => k).filter((k) => isInside(mask, 2, 2, k));
    assert.deepEqual(filled, slices);
    assert.equal(countVoxels(mask), 16 * slices.length);
    assert.deepEqual(codes(findings), expected);
  });
}

test('a plane halfway between slices fills the lower one, despite noise of 1/1000 of a slice', () => {
  const slices = (z: number) => {
    const { mask } = maskOfRoi(roiOf([rectangle(0.5, 0.5, 4.5, 4.5, z)]), GRID);
    return [0, 1, 2, 3].filter((k) => isInside(mask, 2, 2, k));
  };
  assert.deepEqual([slices(4.5), slices(4.5025), slices(4.4975)], [[1], [1], [1]]);
  assert.deepEqual([slices(4.51), slices(4.49)], [[2], [1]]);
});

test('a stated slab thickness sets how far a plane reaches', () => {
  const stated = (z: number) => ({ ...rectangle(0.5, 0.5, 4.5, 4.5, z), slabThicknessMm: 3 });
  const { mask } = maskOfRoi(roiOf([3, 9, 15].map(stated)), GRID);
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5, 6].filter((k) => isInside(mask, 2, 2, k)),
    [1, 3, 5],
  );
  const thick = maskOfRoi(roiOf([{ ...stated(9), slabThicknessMm: 9 }]), GRID).mask;
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5, 6].filter((k) => isInside(thick, 2, 2, k)),
    [2, 3, 4],
  );
});

const TILTED = normalize([1, 0.2, 0.15]);
const NORMALS: Record<string, Vec3> = { sagittal: [1, 0, 0], coronal: [0, 1, 0], tilted: TILTED };

test('a stated thickness that matches no voxel is ignored', () => {
  const thin = { ...rectangle(0.5, 0.5, 4.5, 4.5, 9.4), slabThicknessMm: 0.1 };
  assert.equal(countVoxels(maskOfRoi(roiOf([thin]), GRID).mask), 16);
});

for (const [gridName, grid] of Object.entries(ODD_GRIDS)) {
  for (const [name, normal] of Object.entries(NORMALS)) {
    test(`a ball drawn in ${name} planes fills the voxels with centres inside: ${gridName}`, () => {
      const { planes, contours } = ballInPlanes(indexToPatient(grid, [8.1, 6.2, 4.15]), 5.03, normal, 1.7);
      const { mask, findings } = maskOfRoi(roiOf(contours), grid);
      let voxels = 0;
      for (let k = 0; k < grid.size[2]; k++)
        for (let j = 0; j < grid.size[1]; j++)
          for (let i = 0; i < grid.size[0]; i++) {
            const inside = planes.isInside(indexToPatient(grid, [i, j, k]));
            if (inside) voxels++;
            assert.equal(isInside(mask, i, j, k), inside, `voxel ${i}, ${j}, ${k}`);
          }
      assert.ok(voxels > 20);
      const expected = ['CONTOURS_NOT_PARALLEL_TO_SLICES', 'CONTOURS_OFF_SLICES'];
      assert.ok(findings.every(({ code }) => expected.includes(code)));
    });
  }
}

test('of contours in two orientations those with the larger area are used, and the others reported', () => {
  const axial = rectangle(0.5, 0.5, 4.5, 4.5, 3);
  const sagittal = contour([
    [10, 0.5, 1.5],
    [10, 8.5, 1.5],
    [10, 8.5, 19.5],
    [10, 0.5, 19.5],
  ]);
  const { mask, findings } = maskOfRoi(roiOf([axial, sagittal]), GRID);
  assert.equal(countVoxels(mask), 8 * 6);
  assert.deepEqual(codes(findings), [
    'CONTOURS_IN_SEVERAL_ORIENTATIONS',
    'CONTOURS_ON_ONE_PLANE',
    'CONTOURS_NOT_PARALLEL_TO_SLICES',
  ]);
});

const STATUSES: [string, Contour[], string, string[]][] = [
  ['no contour', [], 'empty', ['ROI_EMPTY']],
  [
    'only a point and an open line',
    [contour([[1, 1, 3]], 'POINT'), { ...rectangle(1, 1, 5, 5, 3), type: 'OPEN_PLANAR' }],
    'empty',
    ['CONTOUR_IS_POINT', 'CONTOUR_OPEN', 'ROI_EMPTY'],
  ],
  [
    'a loop between voxel centres',
    [rectangle(1.1, 1.1, 1.9, 1.9, 3)],
    'too_small',
    ['CONTOURS_ON_ONE_PLANE', 'ROI_TOO_SMALL'],
  ],
  [
    'all beside the image',
    [rectangle(100, 1, 110, 5, 3)],
    'outside_image',
    ['CONTOURS_ON_ONE_PLANE', 'ROI_OUTSIDE_IMAGE'],
  ],
  ['above the image', [rectangle(1, 1, 10, 5, 300)], 'outside_image', ['CONTOURS_ON_ONE_PLANE', 'ROI_OUTSIDE_IMAGE']],
  ['part beside the image', [rectangle(15.5, 1.5, 30, 5.5, 3)], 'ok', ['CONTOURS_ON_ONE_PLANE', 'CUT_BY_IMAGE_BORDER']],
  [
    'left of the image and over it',
    [rectangle(-30, 1.5, 4.5, 5.5, 3)],
    'ok',
    ['CONTOURS_ON_ONE_PLANE', 'CUT_BY_IMAGE_BORDER'],
  ],
];

for (const [name, contours, status, expected] of STATUSES) {
  test(`an ROI ends with a status and a reason: ${name}`, () => {
    const result = maskOfRoi(roiOf(contours), GRID);
    assert.equal(result.status, status);
    assert.deepEqual(codes(result.findings), expected);
    assert.equal(countVoxels(result.mask) > 0, status === 'ok');
  });
}

test('a region cut by the image keeps the voxels inside', () => {
  assert.equal(countVoxels(maskOfRoi(roiOf([rectangle(15.5, 1.5, 30, 5.5, 3)]), GRID).mask), 4 * 4);
  assert.equal(countVoxels(maskOfRoi(roiOf([rectangle(-30, 1.5, 4.5, 5.5, 3)]), GRID).mask), 5 * 4);
});

function readFolder(folder: string): DataSet[] {
  return readdirSync(folder).map((file) => readDataSet(readFileSync(`${folder}/${file}`)));
}

function codes(findings: { code: string }[]): string[] {
  return findings.map((finding) => finding.code);
}

function keyhole(z: number): Contour {
  const outer: Vec3[] = [
    [0.5, 0.5, z],
    [10.5, 0.5, z],
    [10.5, 10.5, z],
    [0.5, 10.5, z],
    [0.5, 0.5, z],
  ];
  const inner: Vec3[] = [
    [2.5, 2.5, z],
    [2.5, 8.5, z],
    [8.5, 8.5, z],
    [8.5, 2.5, z],
    [2.5, 2.5, z],
  ];
  return contour([...outer, ...inner]);
}

function xor(low: number, high: number): Contour {
  return { ...rectangle(low, low, high, high, 3), type: 'CLOSEDPLANAR_XOR' };
}

/** A ball as circles in planes of a normal, and the rule by which a point lies in it: nearest plane, then the circle. */
function ballInPlanes(centre: Vec3, radius: number, normal: Vec3, spacing: number) {
  const u = normalize(cross(normal, Math.abs(normal[2]) < 0.9 ? [0, 0, 1] : [1, 0, 0]));
  const v = cross(normal, u);
  const levels = [-2, -1, 0, 1, 2].map((n) => n * spacing);
  const radii = levels.map((level) => Math.sqrt(radius ** 2 - level ** 2));
  const contours = levels.map((level, n) => circle(addScaled(centre, level, normal), radii[n], u, v));
  const isInside = (point: Vec3) => {
    const from: Vec3 = [point[0] - centre[0], point[1] - centre[1], point[2] - centre[2]];
    const plane = Math.floor(dot(from, normal) / spacing + 0.5) + 2;
    if (plane < 0 || plane > 4) return false;
    return isInPolygon(dot(from, u), dot(from, v), radii[plane]);
  };
  return { planes: { isInside }, contours };
}

/** The regular polygon of 90 corners that `circle` draws: inside when before the chord of its sector. */
function isInPolygon(x: number, y: number, radius: number): boolean {
  const sector = (2 * Math.PI) / 90;
  const angle = Math.atan2(y, x) / sector - 0.5;
  const fromChord = (angle - Math.floor(angle) - 0.5) * sector;
  return Math.hypot(x, y) * Math.cos(fromChord) < radius * Math.cos(sector / 2);
}
