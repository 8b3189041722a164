import { type Course, imageMiB } from '../../rt/course.ts';
import { type ImageSize, type NetworkDemand, predictedMiB } from '../../segmentation/custom-models/demand.ts';

/** MiB for each MiB of the images of a course, where another program runs a network. */
const PER_IMAGE_MIB = 40;

/**
 * Memory of a job of networks in MiB: what the largest image takes of the hungriest network; where other programs run one, it
 * follows from the images of the course.
 * @param images those that the networks see
 * @param besideImages what other programs take beside the images
 */
export function claimedMiB(
  course: Course,
  images: Course['images'],
  networks: NetworkDemand[],
  besideImages: number,
): number {
  const usual = besideImages + PER_IMAGE_MIB * imageMiB(course);
  const sizes = images.map(({ rows, columns, instances, pixelSpacingMm, sliceIncrementMm }): ImageSize => {
    const [row = 1, column = 1] = pixelSpacingMm;
    return { size: [columns, rows, instances.length], spacingMm: [column, row, sliceIncrementMm || 1] };
  });
  const predicted = networks.flatMap((network) => sizes.map((size) => predictedMiB(network, size) ?? usual));
  return predicted.length === 0 ? usual : Math.max(...predicted);
}
