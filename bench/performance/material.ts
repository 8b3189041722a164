import { mkdirSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readUploadedImage } from '#lib/course-store/images.ts';
import { readJson, readJsonLines, writeJson } from '#lib/course-store/json.ts';
import { readSentObject, readSentSet } from '#lib/course-store/sent-objects.ts';
import type { DataSet } from '#lib/dicom/data-set.ts';
import type { Mask, Volume } from '#lib/image/grid.ts';
import { fullMaskData } from '#lib/image/mask.ts';
import { silentLog } from '#lib/log.ts';
import { generatedCohort } from '#lib/phantom/generated-cohort.ts';
import { inlinePool } from '#lib/pool/inline-pool.ts';
import { seededRandom } from '#lib/random.ts';
import type { Course } from '#lib/rt/course.ts';
import type { StructureSet } from '#lib/rt/structure-set.ts';
import { catalog } from '#lib/stages/catalog/catalog.ts';
import type { CourseEntry } from '#lib/stages/organize/course-entry.ts';
import { organize } from '#lib/stages/organize/organize.ts';
import { fileStore } from '#lib/store/file.ts';
import { courseKeys, runKeys } from '#lib/store/keys.ts';
import { memoryStore } from '#lib/store/memory.ts';
import { column, type Row, type Table } from '#lib/tables/table.ts';
import { ballCase } from '../radiomics-cases.ts';
import { writeNrrd } from '../write-nrrd.ts';

/** What all works of the bench are done on: the same for every run and for every peer. */
export interface Material {
  folder: string;
  /** Folder of 504 small files of eight courses, and how many. */
  headers: { folder: string; files: number; bytes: number };
  /** Folder of one course: CT 256 x 256 x 60, seven ROIs, plan, dose. */
  course: { folder: string; structureSet: string; dose: string; slices: string[] };
  image: Volume;
  set: StructureSet;
  slice: DataSet;
  /** A textured image and a ball of 60 cc in it. */
  ball: { image: Volume; mask: Mask; imageFile: string; maskFile: string };
  table: Table;
}

const SEED = 1;
const TABLE = { rows: 4000, columns: 400 };

export async function makeMaterial(): Promise<Material> {
  const folder = mkdtempSync(join(tmpdir(), 'rtpipeline-performance-'));
  const headers = join(folder, 'headers');
  const files = write(headers, { courses: 8, slices: 60, rows: 64, columns: 64, seed: SEED });
  const course = join(folder, 'course');
  const written = write(course, { courses: 1, slices: 60, rows: 256, columns: 256, seed: SEED });
  const [structureSet, , dose] = written.slice(-3);
  const { image, mask } = ballCase(60);
  const ball = { image, mask, imageFile: join(folder, 'image.nrrd'), maskFile: join(folder, 'mask.nrrd') };
  writeFileSync(ball.imageFile, writeNrrd(image));
  writeFileSync(ball.maskFile, writeNrrd({ grid: mask.grid, data: fullMaskData(mask) }));
  return {
    folder,
    headers: { folder: headers, files: files.length, bytes: files.reduce((sum, file) => sum + statSync(file).size, 0) },
    course: { folder: course, structureSet, dose, slices: written.slice(0, -3) },
    ...(await readCourse(course)),
    ball,
    table: randomTable(),
  };
}

function write(folder: string, options: Parameters<typeof generatedCohort>[0]): string[] {
  return [...generatedCohort(options)].map(({ path, bytes }) => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    return file;
  });
}

/** Catalog and organize of a folder in memory, as `validate` does it. */
export async function organized(folder: string) {
  const store = memoryStore();
  await writeJson(store, runKeys.config, {});
  const input = fileStore(folder);
  const signal = new AbortController().signal;
  const context = { input, store, pool: inlinePool(), log: silentLog, signal, now: () => new Date(0) };
  const scan = () => catalog.run({ force: true }, context);
  const sort = () => organize.run({ force: true }, context);
  return { input, store, scan, sort };
}

async function readCourse(folder: string): Promise<Pick<Material, 'image' | 'set' | 'slice'>> {
  const { input, store, scan, sort } = await organized(folder);
  await scan();
  await sort();
  const [{ courseId }] = await readJsonLines<CourseEntry>(store, runKeys.courses);
  const course = await readJson<Course>(store, courseKeys(courseId).course);
  const { volume } = await readUploadedImage(course.images[0], { input, store });
  const set = await readSentSet(course.structureSets[0], input);
  const slice = await readSentObject(input, course.images[0].instances[0].key);
  return { image: volume, set, slice };
}

function randomTable(): Table {
  const random = seededRandom(SEED);
  const names = Array.from({ length: TABLE.columns }, (_, n) => `feature_${n}`);
  const rows = Array.from({ length: TABLE.rows }, (_, n): Row => {
    const values = names.map((name) => [name, random()] as const);
    return { course_id: `course-${Math.floor(n / 40)}`, roi_number: n % 40, ...Object.fromEntries(values) };
  });
  const columns = [
    column('course_id', 'string', 'Course.'),
    column('roi_number', 'int', 'ROI.'),
    ...names.map((name) => column(name, 'double', 'Any number.')),
  ];
  return { name: 'features', key: ['course_id', 'roi_number'], columns, rows };
}
