import { finding } from '../findings.ts';
import type { Check, CheckFinding } from './check.ts';
import { type CourseFacts, whereOf } from './facts.ts';

/** Structures without a usable region, names given twice, and what the readers of the structure sets found. */
export const structures: Check = {
  name: 'structures',
  meaning: 'every structure has a region, and its name only once',
  applies: (facts) => facts.structures.length > 0,
  run(facts) {
    const unusable = facts.structures
      .filter((structure) => structure.status !== 'ok')
      .map((structure) => {
        const code = structure.status === 'failed' ? 'STRUCTURE_FAILED' : 'STRUCTURE_WITHOUT_MASK';
        return { ...finding(code, whereOf(structure), `status ${structure.status}`), roi: structure };
      });
    return [...unusable, ...facts.structureSets.flatMap(ofSet)];
  },
};

function ofSet({ sopInstanceUid, findings }: CourseFacts['structureSets'][number]): CheckFinding[] {
  return findings.map((found) => ({ ...found, structureSetUid: sopInstanceUid }));
}
