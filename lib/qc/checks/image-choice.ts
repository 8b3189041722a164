import type { FindingCode } from '../../findings.ts';
import type { Check } from '../check.ts';

/** What organize finds about which image belongs to what. */
export const IMAGE_CHOICE_CODES: readonly FindingCode[] = [
  'STRUCTURE_SET_IMAGES_BY_FRAME',
  'STRUCTURE_SET_IMAGES_INCOMPLETE',
  'STRUCTURE_SET_IMAGES_MISSING',
  'STRUCTURE_SET_SEVERAL_IMAGES',
  'STRUCTURE_SET_WITHOUT_REFERENCES',
  'ROI_ACROSS_PASSES',
  'ROI_ON_SEVERAL_IMAGES',
  'SEVERAL_VOLUMES',
  'VOLUME_NAMED',
  'LOCALIZER_LEFT_OUT',
  'MIXED_PLANES',
  'PLANNING_IMAGE_BY_SIZE',
];

/** An image that a rule found may be the wrong one, and every number computed on it with it. */
export const imageChoice: Check = {
  name: 'image_choice',
  meaning: 'the files name the image of every structure, and the image is in the upload',
  applies: (facts) => facts.images.length > 0 || facts.structureSets.length > 0,
  run: (facts) => facts.imageFindings,
};
