import type { Course, CourseImage } from '#lib/rt/course.ts';

const USE: Record<CourseImage['role'], string> = {
  planning: 'planning image',
  structure_set: 'drawn on',
  related: 'the one taken of its series',
  other_volume: 'not analysed',
};

/** A line for each volume of the series that hold several: what tells it from the others, and what becomes of it. */
export function volumesText(course: Course, name: string): string[] {
  return course.images
    .filter(({ volume }) => volume !== '')
    .map((image) => {
      const { modality, seriesInstanceUid, volume, role } = image;
      const series = `${modality} series ${seriesInstanceUid}`;
      return `  ${name}: ${series}: ${volume}, ${countSlices(image)} slices: ${USE[role]}`;
    });
}

export function countSlices({ instances }: CourseImage): number {
  return instances.reduce((sum, { frames }) => sum + (frames?.length ?? 1), 0);
}
