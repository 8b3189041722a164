import { BadInput } from '#lib/errors.ts';
import { voxelCount } from '#lib/image/grid.ts';
import { writeNifti } from '#lib/nifti/write-nifti.ts';
import { roiMatches } from '#lib/rt/roi-pattern.ts';
import type { ExportedCourse, ExportedImage } from './courses.ts';
import { type ExportFolder, type ExportResult, fileName, ownName } from './folder.ts';
import { someVoxel } from './seg-nrrd.ts';

/**
 * A raw dataset of nnU-Net v2: the planning image and a label map of every course that has all labels. A course that
 * lacks one is left out, since nnU-Net would learn that organ as background. Where structures overlap the later label
 * wins, and the number of such voxels is reported.
 */
export async function exportNnunet(
  courses: AsyncIterable<ExportedCourse>,
  folder: ExportFolder,
  { labels, dataset }: { labels: string[]; dataset: string },
): Promise<ExportResult> {
  if (!/^\d{1,3}_\w+$/.test(dataset)) throw new BadInput('--dataset must be a number and a name, such as 501_prostate');
  const root = `Dataset${dataset.replace(/^\d+/, (id) => id.padStart(3, '0'))}`;
  const leftOut: string[] = [];
  const lines: string[] = [];
  const taken = new Set<string>();
  const channels = new Set<string>();
  for await (const { course, images } of courses) {
    const image = images.find(({ record }) => record.role === 'planning');
    const problem = image ? problemOf(image, labels) : 'it has no readable planning image';
    if (!image || problem) {
      leftOut.push(`course ${course.courseId}: ${problem}`);
      continue;
    }
    const name = ownName(fileName(course.patient.id), taken);
    const { data, overwritten } = await labelMap(image, labels);
    if (overwritten > 0) lines.push(`${name}: ${overwritten} voxels belong to two structures and get the later label`);
    channels.add(image.record.modality);
    await folder.write(`${root}/imagesTr/${name}_0000.nii.gz`, await image.read());
    await folder.write(`${root}/labelsTr/${name}.nii.gz`, writeNifti({ grid: image.grid, data }, true));
  }
  if (channels.size > 1)
    throw new BadInput(`the courses have planning images of several kinds: ${[...channels].join(', ')}`);
  await folder.writeJson(`${root}/dataset.json`, {
    channel_names: { 0: [...channels][0] ?? 'CT' },
    labels: { background: 0, ...Object.fromEntries(labels.map((label, n) => [label, n + 1])) },
    numTraining: taken.size,
    file_ending: '.nii.gz',
  });
  return { lines: [...lines, `${taken.size} cases in ${root}`], leftOut };
}

function structureOf({ structures }: ExportedImage, label: string) {
  return structures.filter(({ record }) =>
    roiMatches({ name: record.roiName, standardName: record.standardName }, label),
  );
}

function problemOf(image: ExportedImage, labels: string[]): string | undefined {
  if (image.isUneven) return 'its slices are uneven, which NIfTI cannot hold';
  const missing = labels.filter((label) => structureOf(image, label).length === 0);
  if (missing.length > 0) return `it has no ${missing.join(', ')}`;
  const several = labels.filter((label) => structureOf(image, label).length > 1);
  return several.length > 0 ? `several structures are named ${several.join(', ')}` : undefined;
}

async function labelMap(image: ExportedImage, labels: string[]): Promise<{ data: Uint8Array; overwritten: number }> {
  const data = new Uint8Array(voxelCount(image.grid));
  let overwritten = 0;
  for (const [n, label] of labels.entries()) {
    const [structure] = structureOf(image, label);
    someVoxel(await structure.mask(), (at) => {
      if (data[at] !== 0) overwritten++;
      data[at] = n + 1;
      return false;
    });
  }
  return { data, overwritten };
}
