import { finding } from '../findings.ts';
import type { Check } from './check.ts';
import type { DoseFacts } from './facts.ts';

/** More than this, in one fraction scheme, is worth a second look. */
const HIGH_DOSE_GY = 150;

/** Units, type and height of the doses that the course's DVHs come from. */
export const dose: Check = {
  name: 'dose',
  meaning: 'the selected doses are physical doses in Gy of a plausible height',
  applies: (facts) => facts.doses.some((found) => found.selected),
  run: (facts) => facts.doses.filter((found) => found.selected).flatMap(look),
};

function look(found: DoseFacts) {
  const where = found.sopInstanceUid;
  const own = [
    !['GY', 'CGY'].includes(found.units) &&
      finding('error', 'DOSE_NOT_IN_GY', where, `dose units are '${found.units}'`),
    found.doseType !== 'PHYSICAL' && finding('warning', 'DOSE_NOT_PHYSICAL', where, `dose type is '${found.doseType}'`),
    found.maxGy === 0 && finding('error', 'DOSE_IS_ZERO', where, 'the dose is zero everywhere'),
    (found.maxGy ?? 0) > HIGH_DOSE_GY &&
      finding('warning', 'DOSE_VERY_HIGH', where, `the maximum dose is ${found.maxGy?.toFixed(1)} Gy`),
  ];
  return [...own.filter((item) => item !== false), ...found.findings];
}
