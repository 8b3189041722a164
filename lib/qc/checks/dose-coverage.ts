import { findingsOn } from '../../findings.ts';
import { coverageFindings } from '../../rt/dose-coverage.ts';
import type { Check } from '../check.ts';
import { onStructure, whereOf } from '../on-structure.ts';

/** DVH values of a structure that the dose grid does not cover describe only the covered part. */
export const doseCoverage: Check = {
  name: 'dose_coverage',
  meaning: 'the dose grid covers the structures, and targets completely',
  applies: (facts) => facts.structures.some((structure) => structure.doseCoverage !== undefined),
  run(facts) {
    return facts.structures.flatMap((structure) => {
      const { roiName: name, interpretedType, doseCoverage: coverage = 1, doseUid } = structure;
      const found = coverageFindings({ name, interpretedType }, coverage, whereOf(structure));
      return onStructure(structure, doseUid === undefined ? found : findingsOn({ doseUid }, found));
    });
  },
};
