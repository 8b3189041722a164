import { readImages } from '#lib/course-store/images.ts';
import { readSentSet } from '#lib/course-store/sent-objects.ts';
import { readStructures } from '#lib/course-store/structures.ts';
import { openUpload } from '#lib/course-store/upload.ts';
import { type ContourRegion, moveContours } from '#lib/dvh/move-region.ts';
import { BadInput } from '#lib/errors.ts';
import { readContourPlanes } from '#lib/rt/contours/contour-planes.ts';
import { placeRoi } from '#lib/stages/structures/place-roi.ts';
import type { SceneContours } from '#lib/viewer/scene.ts';
import { spaceOf } from './space.ts';
import { readCourse, type ViewedRun } from './viewed-run.ts';

/**
 * The closed contours of a structure as its structure set has them, where the image of the structure is shown.
 * @throws BadInput when it has none, or the upload is gone
 */
export async function drawnContours(run: ViewedRun, courseId: string, number: number): Promise<SceneContours> {
  const course = await readCourse(run, courseId);
  const { structures } = await readStructures(run.store, courseId);
  const record = structures.find((one) => one.number === number);
  const set = course.structureSets.find(({ sopInstanceUid }) => sopInstanceUid === record?.structureSetUid);
  if (!record || !set || record.source !== 'manual') throw new BadInput('the structure was not drawn');
  const { rois } = await readSentSet(set, openUpload(await run.uploadOf(courseId)));
  const place = rois.findIndex((roi) => roi.number === record.roiNumber && roi.name === record.roiName);
  if (place < 0) throw new BadInput('the structure set has changed since the run');
  const { roi, grid, reason } = placeRoi(course, set, place, rois[place], await readImages(run.store, courseId));
  if (!grid) throw new BadInput(reason);
  const { matrix } = spaceOf(course, grid.frameOfReferenceUid ?? '');
  const region: ContourRegion = { kind: 'contours', contours: roi.contours };
  const { planes } = readContourPlanes((matrix ? moveContours(region, matrix) : region).contours, '');
  return { loops: planes.flatMap(({ loops }) => loops.map((loop) => Array.from(loop, hundredths))) };
}

/** Finer than any screen. */
function hundredths(mm: number): number {
  return Math.round(100 * mm) / 100;
}
