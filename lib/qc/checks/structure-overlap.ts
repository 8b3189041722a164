import { finding } from '../../findings.ts';
import { ownKeys } from '../../own-keys.ts';
import { targetName } from '../../rt/target.ts';
import type { Check, CheckFinding, QcThresholds } from '../check.ts';
import type { CourseFacts, StructureFacts } from '../facts.ts';
import { onStructure, whereOf } from '../on-structure.ts';
import { EXCLUSIVE } from '../reference-ranges.ts';

/** Organs that exclude each other, and targets that lie in each other (ICRU 83: GTV in CTV in PTV). */
export const structureOverlap: Check = {
  name: 'structure_overlap',
  meaning: 'organs do not overlap, and GTV, CTV and PTV of one target are nested',
  applies: (facts) => facts.structures.filter(({ measures }) => measures !== undefined).length > 1,
  run: (facts, thresholds) => [...overlapping(facts, thresholds), ...notNested(facts, thresholds)],
};

/**
 * Whether the volume that two structures share is of interest: organs that exclude each other, targets that lie in each
 * other, or targets with two levels of dose.
 */
export function isOverlapPair(one: StructureFacts, other: StructureFacts): boolean {
  if (!isSameDrawing(one, other)) return false;
  return excludesEachOther(one, other) || containerOf(one, [other]) !== undefined || hasOtherLevel(one, other);
}

function hasOtherLevel({ prescription: one }: StructureFacts, { prescription: other }: StructureFacts): boolean {
  return one !== undefined && other !== undefined && one.doseGy !== other.doseGy;
}

function isSameDrawing(one: StructureFacts, other: StructureFacts): boolean {
  const isBeside = one.source === other.source && one.imageSeriesUid === other.imageSeriesUid;
  return isBeside && one.structureSetUid === other.structureSetUid;
}

function excludesEachOther({ standardName: one }: StructureFacts, { standardName: other }: StructureFacts): boolean {
  return one !== null && other !== null && one !== other && EXCLUSIVE.includes(one) && EXCLUSIVE.includes(other);
}

function overlapping({ structures, overlaps }: CourseFacts, { overlap_percent: most }: QcThresholds): CheckFinding[] {
  return overlaps.flatMap(({ first, second, sharedCc, middleMm }) => {
    const [one, other] = [structures[first], structures[second]];
    const percent = (100 * sharedCc) / Math.min(one.volumeCc, other.volumeCc);
    if (!excludesEachOther(one, other) || !(percent > most)) return [];
    const message = `shares ${sharedCc.toFixed(1)} cc (${percent.toFixed(0)} % of the smaller) with ${other.roiName}`;
    return onStructure(one, [finding('ORGANS_OVERLAP', whereOf(one), message, middleMm)]);
  });
}

function notNested({ structures, overlaps }: CourseFacts, { nesting_percent: most }: QcThresholds): CheckFinding[] {
  return structures.flatMap((inner, n) => {
    const container = containerOf(inner, structures);
    if (!inner.measures || !container?.measures) return [];
    const m = structures.indexOf(container);
    const shared = overlaps.find((o) => (o.first === n && o.second === m) || (o.first === m && o.second === n));
    const percent = 100 * (1 - (shared?.sharedCc ?? 0) / inner.volumeCc);
    if (!(percent > most)) return [];
    const message = `${percent.toFixed(0)} % of it lies outside ${container.roiName}`;
    const atMm = shared?.first === n ? shared.ofFirstMm : shared?.ofSecondMm;
    return onStructure(inner, [finding('TARGETS_NOT_NESTED', whereOf(inner), message, atMm)]);
  });
}

const NEXT: Record<string, string[]> = ownKeys({ GTV: ['CTV', 'PTV'], CTV: ['PTV'] });

/** The target of the same name with the next larger kind: CTV_7000 lies in PTV_7000. An organ's or aid's name has none. */
function containerOf(inner: StructureFacts, structures: StructureFacts[]): StructureFacts | undefined {
  const name = targetName(inner.roiName);
  if (!name || name.isAid) return undefined;
  for (const kind of NEXT[name.kind] ?? []) {
    const found = structures.find((outer) => {
      const other = targetName(outer.roiName);
      return other?.kind === kind && !other.isAid && other.rest === name.rest && isSameDrawing(inner, outer);
    });
    if (found) return found;
  }
  return undefined;
}
