import { coverageFindings } from '../rt/dose-coverage.ts';
import type { Check } from './check.ts';
import { whereOf } from './facts.ts';

/** DVH values of a structure that the dose grid does not cover describe only the covered part. */
export const doseCoverage: Check = {
  name: 'dose_coverage',
  meaning: 'the dose grid covers the structures, the targets wholly',
  applies: (facts) => facts.structures.some((structure) => structure.doseCoverage !== undefined),
  run(facts) {
    return facts.structures.flatMap((structure) => {
      const { roiName: name, interpretedType, doseCoverage: coverage = 1 } = structure;
      const found = coverageFindings({ name, interpretedType }, coverage, whereOf(structure));
      return found.map((one) => ({ ...one, roi: structure }));
    });
  },
};
