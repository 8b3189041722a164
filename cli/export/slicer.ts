import type { ExportedCourse, ExportedImage } from './courses.ts';
import { type ExportFolder, type ExportResult, fileName, ownName } from './folder.ts';
import { segNrrd } from './seg-nrrd.ts';

/**
 * A folder for each course: images and doses as NIfTI, the structures of each image as one `.seg.nrrd` with names and colours
 * for 3D Slicer, and one NIfTI for each structure for ITK-SNAP and others.
 */
export async function exportSlicer(
  courses: AsyncIterable<ExportedCourse>,
  folder: ExportFolder,
): Promise<ExportResult> {
  const leftOut: string[] = [];
  const taken = new Set<string>();
  let [images, structures, doses, count] = [0, 0, 0, 0];
  for await (const one of courses) {
    count++;
    const { course } = one;
    const root = ownName(`${fileName(course.patient.id)}_${course.courseId}`, taken);
    for (const image of one.images) {
      const name =
        image.record.role === 'planning' ? image.record.modality : `${image.record.modality}_${image.record.number}`;
      await folder.write(`${root}/${name}.nii.gz`, await image.read());
      images++;
      if (image.isUneven)
        leftOut.push(`${root}/${name}: true positions of uneven slices; NIfTI can hold even positions only`);
      structures += await writeStructures(image, `${root}/${name}`, folder);
    }
    for (const { uid, read } of one.doses) await folder.write(`${root}/dose_${uid}.nii.gz`, await read());
    doses += one.doses.length;
  }
  return { lines: [`${count} courses: ${images} images, ${structures} structures, ${doses} doses`], leftOut };
}

async function writeStructures(image: ExportedImage, path: string, folder: ExportFolder): Promise<number> {
  if (image.structures.length === 0) return 0;
  const taken = new Set<string>();
  for (const structure of image.structures)
    await folder.write(`${path}_structures/${ownName(fileName(structure.name), taken)}.nii.gz`, await structure.read());
  await folder.write(`${path}.seg.nrrd`, await segNrrd(image));
  return image.structures.length;
}
