import { namedDose } from '#lib/course-store/dose.ts';
import { gridOf, type ImageRecord, readImages, readUploadedImage, storedGrid } from '#lib/course-store/images.ts';
import { readMask, readStructures } from '#lib/course-store/structures.ts';
import { moveGrid } from '#lib/dvh/move-region.ts';
import { BadInput, StoreMissing } from '#lib/errors.ts';
import type { Grid, Volume } from '#lib/image/grid.ts';
import { writeNifti } from '#lib/nifti/write-nifti.ts';
import type { Course } from '#lib/rt/course.ts';
import { courseKeys } from '#lib/store/keys.ts';
import type { VolumeHead } from '#lib/viewer/scene.ts';
import type { Answer } from './server.ts';
import { spaceOf } from './space.ts';
import { readCourse, type ViewedRun } from './viewed-run.ts';

/** A volume that was read from the upload: asked for twice, for its head and for its voxels. */
interface ReadVolume {
  head: VolumeHead;
  volume: Volume;
}

const MOST_KEPT = 3;

/** Images, doses and masks of a run as the page fetches them: where they lie as JSON, voxels as NIfTI. */
export interface Volumes {
  imageHead(courseId: string, number: number): Promise<VolumeHead>;
  imageVoxels(courseId: string, number: number): Promise<Answer>;
  doseHead(courseId: string, doseUid: string): Promise<VolumeHead>;
  doseVoxels(courseId: string, doseUid: string): Promise<Answer>;
  maskVoxels(courseId: string, number: number): Promise<Answer>;
}

export function volumesOf(run: ViewedRun): Volumes {
  const kept = new Map<string, Promise<ReadVolume>>();
  const once = (key: string, read: () => Promise<ReadVolume>) => {
    const found = kept.get(key) ?? read();
    kept.delete(key);
    kept.set(key, found);
    found.catch(() => kept.delete(key));
    if (kept.size > MOST_KEPT) kept.delete([...kept.keys()][0]);
    return found;
  };
  const uploaded = (courseId: string, number: number) =>
    once(`${courseId} image ${number}`, () => uploadedImage(run, courseId, number));
  const dose = (courseId: string, uid: string) => once(`${courseId} dose ${uid}`, () => readDose(run, courseId, uid));
  return {
    async imageHead(courseId, number) {
      const course = await readCourse(run, courseId);
      const record = await storedImage(run, courseId, number);
      if (!record) return (await uploaded(courseId, number)).head;
      const { grid, quantity } = record;
      return headOf(course, gridOf(grid!), grid!.frameOfReferenceUid ?? '', quantity);
    },
    async imageVoxels(courseId, number) {
      const record = await storedImage(run, courseId, number);
      if (!record) return niftiAnswer((await uploaded(courseId, number)).volume);
      // Packed as it lies there: the browser unpacks it while it comes.
      return { ...BYTES, body: await run.store.get(record.key!), headers: { 'Content-Encoding': 'gzip' } };
    },
    doseHead: async (courseId, uid) => (await dose(courseId, uid)).head,
    doseVoxels: async (courseId, uid) => niftiAnswer((await dose(courseId, uid)).volume),
    async maskVoxels(courseId, number) {
      const { structures } = await readStructures(run.store, courseId);
      const record = structures.find((one) => one.number === number);
      const image = (await readImages(run.store, courseId)).find((one) => one.number === record?.imageNumber);
      if (!record?.maskKey || !image?.grid) throw new BadInput('the structure has no mask');
      const { box, data } = await readMask(run.store, record, gridOf(image.grid));
      return { ...BYTES, body: data, headers: { 'X-Box': [...box.start, ...box.size].join(' ') } };
    },
  };
}

const BYTES = { type: 'application/octet-stream' };

/** The file cannot express uneven slices; the page has the exact grid from the head. */
function niftiAnswer({ grid: { sliceOffsetsMm: _, ...even }, data }: Volume): Answer {
  return { ...BYTES, body: writeNifti({ grid: even, data }, false) };
}

/** The image that a stage has read; undefined when none has, which is not analysed. */
async function storedImage({ store }: ViewedRun, courseId: string, number: number): Promise<ImageRecord | undefined> {
  if (!(await store.head(courseKeys(courseId).images))) return undefined;
  const record = (await readImages(store, courseId)).find((image) => image.number === number);
  return record?.grid && record.key ? record : undefined;
}

async function uploadedImage(run: ViewedRun, courseId: string, number: number): Promise<ReadVolume> {
  const course = await readCourse(run, courseId);
  const image = course.images[number];
  if (!image) throw new BadInput('the course does not have this image');
  const series = await fromUpload(run, courseId, (upload) => readUploadedImage(image, upload));
  const { volume, frameOfReferenceUid, quantity } = series;
  return { volume, head: headOf(course, volume.grid, frameOfReferenceUid, quantity) };
}

async function readDose(run: ViewedRun, courseId: string, doseUid: string): Promise<ReadVolume> {
  const course = await readCourse(run, courseId);
  const { volume, frameOfReferenceUid, relative } = await fromUpload(run, courseId, (upload) =>
    namedDose(course, doseUid, upload),
  );
  const head = headOf(course, volume.grid, frameOfReferenceUid, relative ? 'relative' : 'Gy');
  return { volume, head };
}

async function fromUpload<T>(
  run: ViewedRun,
  courseId: string,
  read: (upload: Awaited<ReturnType<ViewedRun['uploadOf']>>) => Promise<T>,
): Promise<T> {
  const upload = await run.uploadOf(courseId);
  try {
    return await read(upload);
  } catch (cause) {
    if (!(cause instanceof StoreMissing)) throw cause;
    const message = 'the DICOM files have moved since the run: start the viewer with --input <folder>';
    throw new BadInput(message, { cause });
  }
}

/** Where a volume lies among the others of its course. */
function headOf(course: Course, grid: Grid, frame: string, quantity: string): VolumeHead {
  const { name: space, matrix, notes } = spaceOf(course, frame);
  const uneven = grid.sliceOffsetsMm ? ['The slices are uneven: between two slices the nearest one is shown.'] : [];
  return { grid: storedGrid(matrix ? moveGrid(grid, matrix) : grid), space, quantity, notes: [...uneven, ...notes] };
}
