import { finding } from '../findings.ts';
import type { Check } from './check.ts';

/** A target must lie in the dose grid whole, but for the rounding of its surface voxels. */
const WHOLE = 0.999;

/** DVH values of a structure that the dose grid does not cover describe only the covered part. */
export const doseCoverage: Check = {
  name: 'dose_coverage',
  meaning: 'the dose grid covers the structures, the targets wholly',
  applies: (facts) => facts.structures.some((structure) => structure.doseCoverage !== undefined),
  run(facts) {
    return facts.structures
      .filter((structure) => structure.doseCoverage !== undefined && structure.doseCoverage < WHOLE)
      .map((structure) => {
        const isTarget =
          /^(GTV|CTV|PTV|ITV)$/.test(structure.interpretedType) || /^(gtv|ctv|ptv|itv)/i.test(structure.roiName);
        const percent = (100 * (structure.doseCoverage ?? 0)).toFixed(1);
        const where = `roi ${structure.roiNumber} (${structure.source})`;
        return finding(
          isTarget ? 'TARGET_OUTSIDE_DOSE_GRID' : 'OUTSIDE_DOSE_GRID',
          where,
          `the dose grid covers ${percent} % of the structure`,
        );
      });
  },
};
