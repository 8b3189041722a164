import type { StageContext } from '../../course-store/context.ts';
import { type ImageRecord, readImages } from '../../course-store/images.ts';
import { writeJson } from '../../course-store/json.ts';
import { readStructures } from '../../course-store/structures.ts';
import { describeError } from '../../errors.ts';
import { type Finding, finding } from '../../findings.ts';
import { drawPictures } from '../../report/pictures/draw.ts';
import type { CoursePictures, ImagePictures } from '../../report/pictures/picture.ts';
import { courseKeys } from '../../store/keys.ts';
import { type PictureSource, type PlaneChoice, readScene, type StageScene } from './scene.ts';

/** The planes that a stage wants to show on an image; none, and the image is not even read. */
export interface PlaneChooser {
  wants(image: ImageRecord, hasStructures: boolean): boolean;
  choose(scene: StageScene): PlaneChoice;
}

/**
 * Draws what a stage wants to show of the images of a course. A fault of drawing is a finding: no number follows from a
 * picture. What the store does not give, or gives otherwise than it was written, ends the stage, and another attempt may
 * read it.
 */
export async function writePictures(
  stage: 'dvh' | 'qc',
  source: PictureSource,
  chooser: PlaneChooser,
  context: StageContext,
): Promise<Finding[]> {
  const { courseId } = source.course;
  const images: ImagePictures[] = [];
  const findings: Finding[] = [];
  const { structures } = await readStructures(context.store, courseId);
  for (const image of await readImages(context.store, courseId)) {
    const drawn = structures.filter(({ imageNumber, status }) => imageNumber === image.number && status === 'ok');
    if (!image.grid || !chooser.wants(image, drawn.length > 0)) continue;
    const scene = await readScene(source, image, drawn, context);
    try {
      const { planes, notes } = chooser.choose(scene);
      images.push(drawPictures(scene, planes, [...scene.notes, ...notes]));
    } catch (error) {
      findings.push(finding('PICTURES_FAILED', image.seriesInstanceUid, describeError(error)));
    }
  }
  await writeJson(context.store, courseKeys(courseId).pictures(stage), { images } satisfies CoursePictures);
  return findings;
}
