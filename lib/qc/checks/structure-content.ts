import { finding } from '../../findings.ts';
import type { Check, CheckFinding } from '../check.ts';
import type { CourseFacts, StructureFacts } from '../facts.ts';
import { onStructure, whereOf } from '../on-structure.ts';
import { rangeOf } from '../reference-ranges.ts';

/** A name is held against the HU in the structure, and against where a model sees the organ of that name. */
export const structureContent: Check = {
  name: 'structure_content',
  meaning: 'the content of a structure fits its name',
  applies: (facts) => facts.structures.some(({ measures, standardName }) => measures && standardName !== null),
  run: (facts) => facts.structures.flatMap((structure) => [...byHu(structure), ...bySegmentation(structure, facts)]),
};

function byHu(structure: StructureFacts): CheckFinding[] {
  const range = rangeOf(structure.standardName).medianHu;
  const hu = structure.measures?.medianHu;
  if (!range || hu === undefined || (hu >= range[0] && hu <= range[1])) return [];
  const message = `its median of ${hu} HU lies outside of ${range[0]} to ${range[1]} HU`;
  return onStructure(structure, [finding('NAME_CONTENT_DIFFERS', whereOf(structure), message)]);
}

/** Dice below which a drawn organ and the same organ of a model are not the same thing. */
const ELSEWHERE = 0.05;

function bySegmentation(drawn: StructureFacts, facts: CourseFacts): CheckFinding[] {
  if (drawn.source !== 'manual' || !drawn.measures || drawn.standardName === null) return [];
  const seen = facts.structures.find((other) => isSameOrganOfModel(drawn, other));
  if (!seen || diceOf(drawn, seen, facts) >= ELSEWHERE) return [];
  const message = `its position differs from ${seen.roiName} of ${seen.source}`;
  return onStructure(drawn, [finding('NAME_CONTENT_DIFFERS', whereOf(drawn), message)]);
}

/** Whether a model outlined the organ of a drawn structure on the same image. */
export function isSameOrganOfModel(drawn: StructureFacts, other: StructureFacts): boolean {
  const isModel = other.source !== 'manual' && other.source !== 'derived' && other.measures !== undefined;
  const isSame = drawn.standardName !== null && other.standardName === drawn.standardName;
  return drawn.source === 'manual' && isModel && isSame && other.imageSeriesUid === drawn.imageSeriesUid;
}

function diceOf(one: StructureFacts, other: StructureFacts, { structures, overlaps }: CourseFacts): number {
  const [n, m] = [structures.indexOf(one), structures.indexOf(other)];
  const shared = overlaps.find((o) => (o.first === n && o.second === m) || (o.first === m && o.second === n));
  return (2 * (shared?.sharedCc ?? 0)) / (one.volumeCc + other.volumeCc);
}
