import { finding } from '../../findings.ts';
import type { Check } from '../check.ts';
import { onStructure, structureOf, whereOf } from '../on-structure.ts';

/** Structures that normally leave the image. */
const EXPECTED = /couch|table|body|external|skin/i;

/**
 * A structure cut by the image's border has a volume and features of the visible part only. Where its drawing reaches
 * beyond the image, the stage that made the mask says so, and this check does not say it again.
 */
export const structureBorders: Check = {
  name: 'structure_borders',
  meaning: 'no structure is cut off by the border of the image',
  applies: (facts) => facts.structures.length > 0,
  run(facts) {
    const known = facts.structureFindings.filter(({ code }) => code === 'CUT_BY_IMAGE_BORDER');
    const cut = new Set(known.map((found) => structureOf(found, facts)));
    return facts.structures
      .filter((structure) => structure.touches.length > 0 && !cut.has(structure))
      .flatMap((structure) => {
        const inPlane = structure.touches.some((face) => face !== 'superior' && face !== 'inferior');
        const code = inPlane && !EXPECTED.test(structure.roiName) ? 'CUT_BY_IMAGE_BORDER' : 'AT_IMAGE_BORDER';
        const message = `reaches the border of the image: ${structure.touches.join(', ')}`;
        return onStructure(structure, [finding(code, whereOf(structure), message)]);
      });
  },
};
