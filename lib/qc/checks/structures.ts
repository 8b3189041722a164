import { finding } from '../../findings.ts';
import type { Check, CheckFinding } from '../check.ts';
import type { StructureFacts } from '../facts.ts';
import { onStructure, structureOf, whereOf } from '../on-structure.ts';

/** Structures without a mask, and what was found when structure sets were read and masks made. */
export const structures: Check = {
  name: 'structures',
  meaning: 'every structure has a mask, and its structure set has no errors',
  applies: (facts) => facts.structures.length > 0,
  run(facts) {
    const read = facts.structureFindings.map((found): CheckFinding => ({ ...found, roi: structureOf(found, facts) }));
    const explained = new Set(read.filter(({ severity }) => severity !== 'info').map(({ roi }) => roi));
    const unexplained = facts.structures.filter((structure) => structure.status !== 'ok' && !explained.has(structure));
    return [...unexplained.flatMap(withoutMask), ...read];
  },
};

function withoutMask(structure: StructureFacts): CheckFinding[] {
  const { status, reason } = structure;
  const isModel = structure.source !== 'manual' && structure.source !== 'derived';
  const empty = isModel && status === 'empty' ? 'LABEL_NOT_FOUND' : 'STRUCTURE_WITHOUT_MASK';
  const code = status === 'failed' ? 'STRUCTURE_FAILED' : empty;
  return onStructure(structure, [finding(code, whereOf(structure), reason || `status ${status}`)]);
}
