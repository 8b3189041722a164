import { finding } from '../../findings.ts';
import { isBodyOutline } from '../body-outline.ts';
import type { Check } from '../check.ts';
import { onStructure, whereOf } from '../on-structure.ts';

/** A patient who is wider than the field of view has dose and volumes of the part that the image shows. */
export const fieldOfView: Check = {
  name: 'field_of_view',
  meaning: 'the image shows the full width of the patient',
  applies: (facts) => facts.structures.some((structure) => structure.measures && isBodyOutline(structure)),
  run(facts) {
    return facts.structures
      .filter((structure) => structure.measures && isBodyOutline(structure))
      .flatMap((body) => {
        const sides = body.touches.filter((face) => face !== 'superior' && face !== 'inferior');
        const atPadding = body.measures?.outline?.reachesPadding ?? false;
        if (sides.length === 0 && !atPadding) return [];
        const border =
          sides.length > 0 ? `the border of the image: ${sides.join(', ')}` : 'the edge of the field of view';
        return onStructure(body, [finding('BODY_TRUNCATED', whereOf(body), `the body outline touches ${border}`)]);
      });
  },
};
