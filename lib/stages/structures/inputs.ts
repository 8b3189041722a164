import type { Config } from '../../config.ts';
import type { Identifiers } from '../../course-store/allowed-fields.ts';
import type { StageContext } from '../../course-store/context.ts';
import type { ImageRecord } from '../../course-store/images.ts';
import type { Course } from '../../rt/course.ts';

/** The fields of a course that its structures follow from. */
export const STRUCTURES_READ = [
  'courseId',
  'patient',
  'images',
  'planningStatus',
  'structureSets',
  'registrations',
  'segmentations',
] as const satisfies (keyof Course)[];
export type StructuresCourse = Pick<Course, (typeof STRUCTURES_READ)[number]>;

/** The part of the configuration that structures follow from; what is done with cropped ones later is no part of it. */
export interface StructuresConfig extends Pick<Config, 'structures' | 'custom_structures'>, Identifiers {
  ct_cropping: Pick<Config['ct_cropping'], 'enabled' | 'region' | 'superior_margin_cm' | 'inferior_margin_cm'>;
}

/** What the structures of a course are made of, whatever their source. */
export interface StructuresWork {
  course: StructuresCourse;
  images: ImageRecord[];
  config: StructuresConfig;
  context: StageContext;
}
