import { type Finding, finding } from '../../findings.ts';
import type { Check } from '../check.ts';
import type { DoseFacts } from '../facts.ts';

/** The type of the doses that the course's DVHs come from, and what their reader found: unit, height, frames. */
export const dose: Check = {
  name: 'dose',
  meaning: 'the selected doses are physical doses in Gy with plausible values',
  applies: (facts) => facts.doses.some((found) => found.selected),
  run: (facts) => facts.doses.filter((found) => found.selected).flatMap(look),
};

function look(found: DoseFacts): Finding[] {
  const { doseType, sopInstanceUid } = found;
  if (doseType === 'PHYSICAL') return found.findings;
  return [finding('DOSE_NOT_PHYSICAL', sopInstanceUid, `dose type is '${doseType}'`), ...found.findings];
}
