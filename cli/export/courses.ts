import { gridOf, type ImageRecord, readImages } from '#lib/course-store/images.ts';
import { readJson, readJsonIfAny, readJsonLines } from '#lib/course-store/json.ts';
import { type CourseStructures, readMask, type StructureRecord } from '#lib/course-store/structures.ts';
import type { Grid, Mask } from '#lib/image/grid.ts';
import type { Course } from '#lib/rt/course.ts';
import { roiMatches } from '#lib/rt/roi-pattern.ts';
import type { CourseEntry } from '#lib/stages/organize/course-entry.ts';
import { courseKeys, runKeys } from '#lib/store/keys.ts';
import type { ObjectStore } from '#lib/store/store.ts';

/** Which structures are exported. */
export interface Wanted {
  source: string;
  /** Of written or standard names. */
  patterns: string[];
}

/** An image of a course with the structures on it. */
export interface ExportedImage {
  record: ImageRecord;
  grid: Grid;
  /** True when its slices are not even, which NIfTI cannot say. */
  isUneven: boolean;
  /** The voxels, .nii.gz. */
  read(): Promise<Uint8Array>;
  structures: ExportedStructure[];
}

export interface ExportedStructure {
  record: StructureRecord;
  /** The standard name, else as written. */
  name: string;
  /** The mask on the whole grid, .nii.gz. */
  read(): Promise<Uint8Array>;
  mask(): Promise<Mask>;
}

export interface ExportedCourse {
  course: Course;
  images: ExportedImage[];
  /** Doses in Gy as NIfTI, by UID. */
  doses: { uid: string; read(): Promise<Uint8Array> }[];
}

/** The courses of a run one after another, with what other programs can read. */
export async function* exportedCourses(store: ObjectStore, wanted: Wanted): AsyncGenerator<ExportedCourse> {
  for (const { courseId } of await readJsonLines<CourseEntry>(store, runKeys.courses)) {
    const keys = courseKeys(courseId);
    const course = await readJson<Course>(store, keys.course);
    const made = await store.head(keys.images);
    const images = made ? await readImages(store, courseId) : [];
    const found = await readJsonIfAny<CourseStructures>(store, keys.structures);
    const structures = (found?.structures ?? []).filter((record) => isWanted(record, wanted));
    yield {
      course,
      images: images.flatMap((image) => exportedImage(store, image, structures)),
      doses: await dosesIn(store, keys.file('dvh', 'dose-')),
    };
  }
}

function isWanted({ roiName: name, standardName, source, wholeMaskKey }: StructureRecord, wanted: Wanted): boolean {
  if (source !== wanted.source || wholeMaskKey === undefined) return false;
  return wanted.patterns.some((pattern) => roiMatches({ name, standardName }, pattern));
}

function exportedImage(store: ObjectStore, record: ImageRecord, structures: StructureRecord[]): ExportedImage[] {
  const { key, grid: stored } = record;
  if (!key || !stored) return [];
  const { sliceOffsetsMm, ...grid } = gridOf(stored);
  return [
    {
      record,
      grid,
      isUneven: sliceOffsetsMm !== undefined,
      read: () => store.get(key),
      structures: structures
        .filter(({ imageNumber }) => imageNumber === record.number)
        .map((structure) => ({
          record: structure,
          name: structure.standardName ?? structure.roiName,
          read: () => store.get(structure.wholeMaskKey as string),
          mask: () => readMask(store, structure, grid),
        })),
    },
  ];
}

async function dosesIn(store: ObjectStore, prefix: string): Promise<ExportedCourse['doses']> {
  const doses: ExportedCourse['doses'] = [];
  for await (const { key } of store.list(prefix)) {
    const uid = /dose-([\d.]+)\.nii\.gz$/.exec(key)?.[1];
    if (uid !== undefined) doses.push({ uid, read: () => store.get(key) });
  }
  return doses;
}
