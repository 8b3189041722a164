import { archiveTarget } from './archive-target.ts';
import { aslTarget } from './asl-target.ts';
import { configTarget } from './config-target.ts';
import { dicomTarget } from './dicom-target.ts';
import { imageTarget } from './image-target.ts';
import type { Target } from './target.ts';

/** By the name that the command takes; each is made once for many mutants. */
export const TARGETS: Record<string, () => Target | Promise<Target>> = {
  dicom: dicomTarget,
  image: imageTarget,
  archive: archiveTarget,
  config: configTarget,
  asl: aslTarget,
};
