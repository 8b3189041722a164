import { finding } from '../../findings.ts';
import type { Check } from '../check.ts';
import type { ImageFacts, StructureFacts } from '../facts.ts';
import { onStructure, whereOf } from '../on-structure.ts';
import { GREAT_VESSELS } from '../reference-ranges.ts';

/** A late phase is less bright: an agent is denied only below this part of the threshold. */
const LATE_PHASE = 0.7;

/** Blood without contrast has 30 to 60 HU; intensities of images with and without contrast do not compare. */
export const contrast: Check = {
  name: 'contrast',
  meaning: 'the brightness of the great vessels fits the contrast information of the image',
  applies: (facts) => facts.structures.some((structure) => vesselHu(structure) !== undefined),
  run(facts, { contrast_hu: leastHu }) {
    return facts.structures.flatMap((vessel) => {
      const image = facts.images.find(({ seriesInstanceUid }) => seriesInstanceUid === vessel.imageSeriesUid);
      const hu = vesselHu(vessel);
      if (!image || hu === undefined) return [];
      const message = contradiction(image, hu, leastHu);
      return message ? onStructure(vessel, [finding('CONTRAST_DIFFERS', whereOf(vessel), message)]) : [];
    });
  },
};

function vesselHu({ standardName, measures }: StructureFacts): number | undefined {
  return standardName !== null && GREAT_VESSELS.includes(standardName) ? measures?.medianHu : undefined;
}

function contradiction({ contrastAgent }: ImageFacts, hu: number, leastHu: number): string | undefined {
  const seen = `the vessel has ${hu} HU`;
  if (contrastAgent === '' && hu >= leastHu) return `${seen}, and the image states no contrast agent`;
  if (contrastAgent !== '' && hu < LATE_PHASE * leastHu) return `${seen}, and the image states a contrast agent`;
  return undefined;
}
