import type { Course } from '../../rt/course.ts';

/** A line of `run/courses.jsonl`: what the Map over the courses reads. */
export interface CourseEntry {
  courseId: string;
  displayName: string;
  /** Grows with the work that the course will be; small courses go first. */
  complexity: number;
}

export function entryOf(course: Course): CourseEntry {
  const slices = course.images.reduce((sum, image) => sum + image.instances.length * image.rows * image.columns, 0);
  const structures = course.structureSets.reduce((sum, set) => sum + set.header.rois.length, 0);
  const complexity = Math.round(slices / 2 ** 18) + structures;
  return { courseId: course.courseId, displayName: course.displayName, complexity };
}

/** Order of the work. */
export function smallFirst(a: CourseEntry, b: CourseEntry): number {
  return a.complexity - b.complexity || (a.courseId < b.courseId ? -1 : 1);
}
