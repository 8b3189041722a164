import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { StageContext } from '#lib/course-store/context.ts';
import { readJson, writeJson } from '#lib/course-store/json.ts';
import { readStructures, type StructureRecord } from '#lib/course-store/structures.ts';
import { readDataSet } from '#lib/dicom/read.ts';
import { SopClass } from '#lib/dicom/uid.ts';
import { type DicomJson, writeDicom } from '#lib/dicom/write.ts';
import { indexToPatient } from '#lib/image/grid.ts';
import { addScaled, column, cross, type Vec3 } from '#lib/math/vec3.ts';
import { readNifti } from '#lib/nifti/read-nifti.ts';
import { readStructureSetHeader } from '#lib/rt/structure-set-header.ts';
import { courseStage } from '#lib/stages/course-stage.ts';
import { segmentation } from '#lib/stages/segmentation/segmentation.ts';
import { structures } from '#lib/stages/structures/structures.ts';
import { courseKeys } from '#lib/store/keys.ts';
import { frame } from '../../../fixtures/masks.ts';
import { COURSE_ID, segmentedCourse } from '../../../fixtures/segmented-course.ts';

const COMMAND = fileURLToPath(new URL('../../../fixtures/programs/segmenter.mjs', import.meta.url));
const CONFIG = {
  segmentation: { command: COMMAND, device: 'cpu' },
  custom_structures: [
    { name: 'both', operation: 'intersection', source_structures: ['Block', 'brighter'] },
    { name: 'either', source_structures: ['Block', 'brighter'] },
  ],
};
const [COLUMNS, ROWS, SLICES, PIXEL_MM, GAP_MM] = [24, 20, 14, 4, 5];
/** Columns, rows and slices of the block, first and last: it lies in a corner, and all of its sides differ. */
const BLOCK = { i: [2, 8], j: [11, 14], k: [1, 5] };
const CORNER: Vec3 = [-37, 21.5, -104];

/** Directions of a row and of a column of pixels (PS3.3 C.7.6.2.1.1). */
const ORIENTATIONS: Record<string, [Vec3, Vec3]> = {
  'head first, supine': [
    [1, 0, 0],
    [0, 1, 0],
  ],
  'head first, prone': [
    [-1, 0, 0],
    [0, -1, 0],
  ],
  'feet first, supine': [
    [-1, 0, 0],
    [0, 1, 0],
  ],
  'feet first, prone': [
    [1, 0, 0],
    [0, -1, 0],
  ],
  sagittal: [
    [0, 1, 0],
    [0, 0, -1],
  ],
  coronal: [
    [1, 0, 0],
    [0, 0, -1],
  ],
  oblique: axes(frame([0.9, 0.3, -0.2], [-0.25, 0.95, 0.3])),
};

for (const [name, [row, col]] of Object.entries(ORIENTATIONS)) {
  test(`a mask of every source lies where the image shows the structure: ${name}`, async () => {
    const place = (i: number, j: number, k: number) =>
      addScaled(addScaled(addScaled(CORNER, PIXEL_MM * i, row), PIXEL_MM * j, col), GAP_MM * k, cross(row, col));
    const { context } = await segmentedCourse(CONFIG, (slices) =>
      slices.map((slice, k) => slicesAt(slice, k, [row, col], place)).reverse(),
    );
    await addStructureSet(context, place);
    await courseStage(segmentation).run({ courseId: COURSE_ID, force: false }, context);
    await courseStage(structures).run({ courseId: COURSE_ID, force: false }, context);

    const expected: string[] = [];
    for (let k = BLOCK.k[0]; k <= BLOCK.k[1]; k++)
      for (let j = BLOCK.j[0]; j <= BLOCK.j[1]; j++)
        for (let i = BLOCK.i[0]; i <= BLOCK.i[1]; i++) expected.push(rounded(place(i, j, k)));
    const found = (await readStructures(context.store, COURSE_ID)).structures.filter(
      ({ imageNumber, status }) => imageNumber === 0 && status === 'ok',
    );
    assert.deepEqual(found.map(({ source, roiName }) => `${source} ${roiName}`).sort(), [
      'derived both',
      'derived either',
      'manual Block',
      'totalsegmentator brighter',
    ]);
    for (const record of found) assert.deepEqual(await placesOf(context, record), expected.toSorted(), record.roiName);
  });
}

/** A slice of air with the block in it. */
function slicesAt(slice: DicomJson, k: number, axes: Vec3[], place: (i: number, j: number, k: number) => Vec3) {
  const pixels = new Int16Array(COLUMNS * ROWS);
  for (let j = BLOCK.j[0]; j <= BLOCK.j[1]; j++)
    if (k >= BLOCK.k[0] && k <= BLOCK.k[1])
      pixels.fill(1024 + 150, BLOCK.i[0] + COLUMNS * j, BLOCK.i[1] + 1 + COLUMNS * j);
  return { ...slice, ImageOrientationPatient: axes.flat(), ImagePositionPatient: place(0, 0, k), PixelData: pixels };
}

/** A set that draws the block along the sides of its voxels, slice by slice. */
async function addStructureSet(context: StageContext, place: (i: number, j: number, k: number) => Vec3): Promise<void> {
  const key = courseKeys(COURSE_ID).course;
  const course = await readJson<{ images: { seriesInstanceUid: string }[] }>(context.store, key);
  const [i0, i1, j0, j1] = [BLOCK.i[0] - 0.5, BLOCK.i[1] + 0.5, BLOCK.j[0] - 0.5, BLOCK.j[1] + 0.5];
  const levels = Array.from({ length: SLICES }, (_, k) => k).filter((k) => k >= BLOCK.k[0] && k <= BLOCK.k[1]);
  const file = writeDicom({
    SOPClassUID: SopClass.rtStructureSet,
    SOPInstanceUID: '1.2.3.4',
    StructureSetROISequence: [{ ROINumber: 1, ROIName: 'Block' }],
    ROIContourSequence: [
      {
        ReferencedROINumber: 1,
        ContourSequence: levels.map((k) => ({
          ContourGeometricType: 'CLOSED_PLANAR',
          NumberOfContourPoints: 4,
          ContourData: [place(i0, j0, k), place(i1, j0, k), place(i1, j1, k), place(i0, j1, k)].flat(),
        })),
      },
    ],
  });
  await context.input.put('set', file);
  const header = readStructureSetHeader(readDataSet(file));
  const [{ seriesInstanceUid: imageSeriesUid }] = course.images;
  const set = {
    sopInstanceUid: '1.2.3.4',
    key: 'set',
    version: '1',
    role: 'primary',
    header,
    imageSeriesUid,
    imageNumber: 0,
    roiImages: [],
  };
  await writeJson(context.store, key, { ...course, structureSets: [set] });
}

/** Where the voxels of a mask lie in the patient, by the header of its file alone. */
async function placesOf({ store }: StageContext, { maskKey }: StructureRecord): Promise<string[]> {
  const { grid, data } = readNifti(await store.get(maskKey!));
  const [nx, ny] = grid.size;
  const places: string[] = [];
  data.forEach((inside: number, v: number) => {
    if (inside) places.push(rounded(indexToPatient(grid, [v % nx, Math.floor(v / nx) % ny, Math.floor(v / nx / ny)])));
  });
  return places.sort();
}

function rounded(point: Vec3): string {
  return point.map((mm) => (Math.round(100 * mm) / 100 + 0).toFixed(2)).join(' ');
}

function axes(direction: Parameters<typeof column>[0]): [Vec3, Vec3] {
  return [column(direction, 0), column(direction, 1)];
}
