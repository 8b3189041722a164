import { finding } from '../../findings.ts';
import { byPattern } from '../../rt/roi-pattern.ts';
import type { Check } from '../check.ts';
import { onStructure, whereOf } from '../on-structure.ts';
import { rangeOf } from '../reference-ranges.ts';

const ADULT_YEARS = 18;

/** The built-in ranges are of adults; those of the configuration count for everybody. */
export const structureVolume: Check = {
  name: 'structure_volume',
  meaning: 'organs have the volumes of adults',
  applies: (facts) => facts.structures.some(({ measures }) => measures !== undefined),
  run(facts, _, volumes) {
    const isAdult = (facts.ageYears ?? ADULT_YEARS) >= ADULT_YEARS;
    return facts.structures.flatMap((structure) => {
      const { roiName: name, standardName, volumeCc, touches, measures } = structure;
      const builtIn = isAdult ? rangeOf(standardName).volumeCc : undefined;
      const range = byPattern({ name, standardName }, volumes) ?? builtIn;
      if (!measures || !range) return [];
      const [least, most] = range;
      const isCut = touches.length > 0;
      if (volumeCc <= most && (isCut || volumeCc >= least)) return [];
      const message = `${volumeCc.toFixed(1)} cc are outside the range ${least} to ${most} cc`;
      return onStructure(structure, [finding('VOLUME_UNUSUAL', whereOf(structure), message)]);
    });
  },
};
