import { type Finding, finding } from '../../findings.ts';
import { AID_TYPES } from '../../rt/target.ts';
import type { Check, QcThresholds } from '../check.ts';
import type { StructureFacts } from '../facts.ts';
import { onStructure, whereOf } from '../on-structure.ts';
import { ONE_PIECE } from '../reference-ranges.ts';

/** Stray contours, and organs that fall apart. */
export const structurePieces: Check = {
  name: 'structure_pieces',
  meaning: 'structures have no stray islands, and organs are in one piece',
  applies: (facts) => facts.structures.some(({ measures }) => measures !== undefined),
  run: (facts, thresholds) =>
    facts.structures.flatMap((structure) => onStructure(structure, look(structure, thresholds))),
};

function look(structure: StructureFacts, { island_percent: percent }: QcThresholds): Finding[] {
  const { measures, interpretedType, standardName } = structure;
  if (!measures || (AID_TYPES.includes(interpretedType) && interpretedType !== 'EXTERNAL')) return [];
  const [main, ...others] = measures.piecesCc;
  const islands = others.filter((cc) => cc < (percent / 100) * main);
  const large = others.length - islands.length;
  const isOne = standardName !== null && ONE_PIECE.includes(standardName);
  const where = whereOf(structure);
  const total = islands.reduce((sum, cc) => sum + cc, 0);
  const found: (Finding | false)[] = [
    islands.length > 0 &&
      finding(
        'STRUCTURE_ISLANDS',
        where,
        `${islands.length} pieces (${total.toFixed(2)} cc) are separate from the main part`,
        measures.apartMm,
      ),
    isOne &&
      large > 0 &&
      finding('ORGAN_IN_PIECES', where, `the organ consists of ${large + 1} large pieces`, measures.apartMm),
  ];
  return found.filter((one) => one !== false);
}
