import type { StageContext } from '../../course-store/context.ts';
import { joinOf } from '../../course-store/dose.ts';
import { gridOf, type ImageRecord, readImage } from '../../course-store/images.ts';
import { readMask, roiIdentity, type StructureRecord } from '../../course-store/structures.ts';
import type { Mask } from '../../image/grid.ts';
import { column, fromColumns } from '../../math/vec3.ts';
import type { PicturedRoi, Scene, SceneDose, Wanted } from '../../report/pictures/picture.ts';
import type { Course } from '../../rt/course.ts';
import type { Dose } from '../../rt/dose.ts';
import { movePoint } from '../../rt/matrix4.ts';

export type PicturedCourse = Pick<Course, 'courseId' | 'images' | 'structureSets' | 'registrations'>;

/** A dose that rows were computed for. */
export interface PicturedDose {
  dose: Dose;
  prescriptionGy?: number;
}

/** What of a course pictures are drawn from, beside its images and masks. */
export interface PictureSource {
  course: PicturedCourse;
  doses: PicturedDose[];
}

export interface DrawnStructure {
  record: StructureRecord;
  roi: PicturedRoi;
  mask: Mask;
}

/** A scene with what the course knows of its structures. */
export interface StageScene extends Scene {
  structures: DrawnStructure[];
  /** What of the course it leaves out, in words. */
  notes: string[];
}

export interface PlaneChoice {
  planes: Wanted[];
  /** What is missing from the pictures, in words. */
  notes: string[];
}

/** So many doses are drawn of a course of which several stand side by side. */
const MOST_DOSES = 4;

/** An image of the course with the structures on it, and the doses that can be placed there. */
export async function readScene(
  { course, doses }: PictureSource,
  image: ImageRecord,
  records: StructureRecord[],
  { store }: StageContext,
): Promise<StageScene> {
  const volume = await readImage(store, image);
  const structures: DrawnStructure[] = [];
  for (const record of records) {
    const { structureSetUid, roiNumber, roiName, source } = roiIdentity(course, record);
    const mask = await readMask(store, record, gridOf(image.grid!));
    structures.push({ record, roi: { structureSetUid, roiNumber, roiName, source }, mask });
  }
  const frame = volume.grid.frameOfReferenceUid ?? '';
  const there = doses.flatMap((dose) => sceneDose(course, dose, frame) ?? []);
  const { seriesInstanceUid: seriesUid, modality } = image;
  return {
    seriesUid,
    modality,
    volume,
    structures,
    doses: there.slice(0, MOST_DOSES),
    notes: [
      ...(there.length < doses.length ? ['A dose has another frame of reference and is not drawn.'] : []),
      ...(there.length > MOST_DOSES ? [`${there.length - MOST_DOSES} more doses of the course are not drawn.`] : []),
    ],
  };
}

/** A dose in the frame of reference of the image; undefined where no rigid registration takes it there. */
function sceneDose(
  course: PicturedCourse,
  { dose, prescriptionGy }: PicturedDose,
  imageFrame: string,
): SceneDose | undefined {
  const { frameOfReferenceUid, volume, sopInstanceUid, relative } = dose;
  if (relative) return undefined;
  const referenceGy = prescriptionGy ?? volume.data.reduce((most, gy) => Math.max(most, gy), 0);
  if (!(referenceGy > 0)) return undefined;
  const base = { doseUid: sopInstanceUid, referenceGy };
  if (frameOfReferenceUid === imageFrame) return { ...base, volume };
  const { matrix } = joinOf(course, frameOfReferenceUid, imageFrame);
  if (!matrix) return undefined;
  const turned = (axis: 0 | 1 | 2) => movePoint(column(volume.grid.direction, axis), matrix, 0);
  const direction = fromColumns(turned(0), turned(1), turned(2));
  const grid = { ...volume.grid, direction, originMm: movePoint(volume.grid.originMm, matrix, 1) };
  return { ...base, volume: { ...volume, grid } };
}
