import type { StageContext } from '../course-store/context.ts';
import { joinOf } from '../course-store/dose.ts';
import { gridOf, type ImageRecord, readImage, readImages } from '../course-store/images.ts';
import { writeJson } from '../course-store/json.ts';
import { readMask, readStructures, roiIdentity, type StructureRecord } from '../course-store/structures.ts';
import { describeError } from '../errors.ts';
import { type Finding, finding } from '../findings.ts';
import { indexToPatient, type Mask } from '../image/grid.ts';
import { resampleMask } from '../image/resample.ts';
import { column, fromColumns, type Vec3 } from '../math/vec3.ts';
import { drawPictures } from '../report/pictures/draw.ts';
import { centreMm, centroidMm } from '../report/pictures/extent.ts';
import type {
  CoursePictures,
  ImagePictures,
  PicturedRoi,
  Scene,
  SceneDose,
  Wanted,
} from '../report/pictures/picture.ts';
import type { Course } from '../rt/course.ts';
import type { Dose } from '../rt/dose.ts';
import { movePoint } from '../rt/matrix4.ts';
import { type TargetKind, targetKind } from '../rt/target.ts';
import { courseKeys } from '../store/keys.ts';
import type { Row } from '../tables/table.ts';

type PicturedCourse = Pick<Course, 'courseId' | 'images' | 'structureSets' | 'registrations'>;

/** A dose that rows were computed for. */
export interface PicturedDose {
  dose: Dose;
  prescriptionGy?: number;
}

/** What was computed of the course: where to look follows from it. */
export interface DvhRows {
  metrics: Row[];
  goals: Row[];
}

/** So many doses are drawn of a course of which several stand side by side. */
const MOST_DOSES = 4;
/** Structures that miss a goal get a picture each, up to so many. */
const MOST_GOALS = 6;
/** Which target pictures are centred on, when there are several kinds. */
const TARGET_ORDER: TargetKind[] = ['PTV', 'CTV', 'ITV', 'GTV', 'TREATED_VOLUME'];

/**
 * Draws the planes that a reader looks at first: three through the target, its upper and lower part, the hottest point, and
 * where structures miss their goals. A fault here is a finding: no number follows from a picture.
 */
export async function writePictures(
  course: PicturedCourse,
  doses: PicturedDose[],
  rows: DvhRows,
  context: StageContext,
): Promise<Finding[]> {
  const images: ImagePictures[] = [];
  const findings: Finding[] = [];
  const { structures } = await readStructures(context.store, course.courseId);
  for (const image of await readImages(context.store, course.courseId)) {
    const drawn = structures.filter(({ imageNumber, status }) => imageNumber === image.number && status === 'ok');
    if (!image.grid || (image.role !== 'planning' && drawn.length === 0)) continue;
    try {
      images.push(await picturesOf(course, image, drawn, { doses, rows, context }));
    } catch (error) {
      if (context.signal.aborted) throw error;
      findings.push(finding('PICTURES_FAILED', image.seriesInstanceUid, describeError(error)));
    }
  }
  await writeJson(context.store, courseKeys(course.courseId).pictures, { images } satisfies CoursePictures);
  return findings;
}

interface Drawing {
  doses: PicturedDose[];
  rows: DvhRows;
  context: StageContext;
}

interface DrawnStructure {
  record: StructureRecord;
  roi: PicturedRoi;
  mask: Mask;
}

async function picturesOf(
  course: PicturedCourse,
  image: ImageRecord,
  records: StructureRecord[],
  { doses, rows, context }: Drawing,
): Promise<ImagePictures> {
  const volume = await readImage(context.store, image);
  const structures: DrawnStructure[] = [];
  for (const record of records) {
    const { structureSetUid, roiNumber, roiName, source } = roiIdentity(course, record);
    const mask = await readMask(context.store, record, gridOf(image.grid!));
    structures.push({ record, roi: { structureSetUid, roiNumber, roiName, source }, mask });
  }
  const frame = volume.grid.frameOfReferenceUid ?? '';
  const there = doses.flatMap((dose) => sceneDose(course, dose, frame) ?? []);
  const { seriesInstanceUid: seriesUid, modality } = image;
  const scene: Scene = { seriesUid, modality, volume, structures, doses: there.slice(0, MOST_DOSES) };
  return drawPictures(scene, wantedPlanes(scene, structures, rows), [
    ...(there.length < doses.length ? ['A dose lies in another frame of reference and is not drawn.'] : []),
    ...(there.length > MOST_DOSES ? [`${there.length - MOST_DOSES} more doses of the course are not drawn.`] : []),
  ]);
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

function wantedPlanes(scene: Scene, structures: DrawnStructure[], { metrics, goals }: DvhRows): Wanted[] {
  const target = chosenTarget(structures, metrics);
  const at = target ? centroidMm(target.mask) : centreMm(scene.volume.grid);
  const reason = target ? `centre of ${target.roi.roiName}` : 'centre of the image';
  const threePlanes = (['axial', 'coronal', 'sagittal'] as const).map((plane) => ({ plane, pointMm: at, reason }));
  return [
    ...threePlanes,
    ...(target ? endsOf(target) : []),
    ...scene.doses.map(hottestPlane),
    ...goals
      .filter(({ result }) => result === 'fail')
      .slice(0, MOST_GOALS)
      .flatMap((goal) => goalPlane(scene, structures, goal) ?? []),
  ];
}

/** PTV before CTV before GTV; of one kind those drawn by hand, then that of the highest mean dose, then the largest. */
function chosenTarget(structures: DrawnStructure[], metrics: Row[]): DrawnStructure | undefined {
  const ranked = structures.flatMap((structure) => {
    const { roiName: name, interpretedType, source, volumeCc, roiNumber } = structure.record;
    const kind = targetKind({ name, interpretedType });
    const rank = kind === undefined ? -1 : TARGET_ORDER.indexOf(kind);
    return rank < 0
      ? []
      : [
          {
            structure,
            order: [rank, source === 'manual' ? 0 : 1, -meanDoseGy(structure, metrics), -volumeCc, roiNumber],
          },
        ];
  });
  ranked.sort((a, b) => a.order.map((value, n) => value - b.order[n]).find((difference) => difference !== 0) ?? 0);
  return ranked[0]?.structure;
}

function meanDoseGy({ roi }: DrawnStructure, metrics: Row[]): number {
  return Number(metrics.find((row) => isRowOf(row, roi))?.['Mean[Gy]'] ?? 0);
}

function isRowOf(row: Row, { roiNumber, source, structureSetUid }: PicturedRoi): boolean {
  return row.roi_number === roiNumber && row.source === source && row.structure_set_uid === structureSetUid;
}

/** A quarter of its height from the top and from the bottom of a target. */
function endsOf({ roi, mask }: DrawnStructure): Wanted[] {
  const [i, j] = mask.box.start.map((start, axis) => start + mask.box.size[axis] / 2);
  const [first, size] = [mask.box.start[2], mask.box.size[2]];
  const points = [0.25, 0.75].map((part) => indexToPatient(mask.grid, [i, j, first + part * (size - 1)]));
  points.sort((a, b) => b[2] - a[2]);
  return points.map((pointMm, n) => ({
    plane: 'axial',
    pointMm,
    reason: `${n === 0 ? 'upper' : 'lower'} part of ${roi.roiName}`,
  }));
}

function hottestPlane({ volume }: SceneDose): Wanted {
  const { index, doseGy } = extreme(volume.data, () => true, 1);
  const pointMm = pointOf(volume.grid, index);
  return { plane: 'axial', pointMm, reason: `hottest point, ${doseGy.toFixed(2)} Gy` };
}

/** Where the structure gets most, when its goal is an upper limit; where it gets least, when it is a lower one. */
function goalPlane({ doses }: Scene, structures: DrawnStructure[], goal: Row): Wanted | undefined {
  const structure = structures.find(({ roi }) => isRowOf(goal, roi));
  const dose = doses.find(({ doseUid }) => doseUid === goal.dose_uid);
  if (!structure || !dose) return undefined;
  const { grid, data } = dose.volume;
  const mask = resampleMask(structure.mask, grid);
  const inside = new Uint8Array(data.length);
  forEachInside(mask, (at) => {
    inside[at] = 1;
  });
  if (!inside.includes(1)) return undefined;
  const isUpper = String(goal.comparison).startsWith('<');
  const { index, doseGy } = extreme(data, (at) => inside[at] === 1, isUpper ? 1 : -1);
  const most = isUpper ? 'most' : 'least';
  return {
    plane: 'axial',
    pointMm: pointOf(grid, index),
    reason: `${goal.goal} fails: ${most} dose, ${doseGy.toFixed(2)} Gy`,
  };
}

function forEachInside({ grid, box, data }: Mask, visit: (at: number) => void): void {
  const [nx, ny] = grid.size;
  let from = 0;
  for (let k = box.start[2]; k < box.start[2] + box.size[2]; k++)
    for (let j = box.start[1]; j < box.start[1] + box.size[1]; j++)
      for (let i = box.start[0]; i < box.start[0] + box.size[0]; i++, from++)
        if (data[from] !== 0) visit(i + nx * (j + ny * k));
}

/** The first voxel of the greatest (`sign` 1) or least (-1) dose among those that count. */
function extreme(data: Float64Array, counts: (at: number) => boolean, sign: 1 | -1): { index: number; doseGy: number } {
  let index = -1;
  for (let at = 0; at < data.length; at++)
    if (counts(at) && (index < 0 || sign * data[at] > sign * data[index])) index = at;
  return { index, doseGy: data[index] };
}

function pointOf(grid: Dose['volume']['grid'], index: number): Vec3 {
  const [nx, ny] = grid.size;
  return indexToPatient(grid, [index % nx, Math.floor(index / nx) % ny, Math.floor(index / (nx * ny))]);
}
