import { finding } from '../../findings.ts';
import { isBodyOutline } from '../body-outline.ts';
import type { Check, CheckFinding } from '../check.ts';
import type { CourseFacts, StructureFacts } from '../facts.ts';
import { onStructure, whereOf } from '../on-structure.ts';

/**
 * Patient coordinates grow to the left (PS3.3 C.7.6.2.1.1), however the patient lies: a left organ has the greater x. A
 * partner decides; a lone organ is held against the middle of the body outline.
 */
export const structureSides: Check = {
  name: 'structure_sides',
  meaning: 'left structures lie to the left of their right counterparts',
  applies: (facts) => facts.structures.some((structure) => structure.measures && sideOf(structure)),
  run(facts, { side_mm: leastMm }) {
    const sided = facts.structures.filter((structure) => structure.measures && sideOf(structure));
    return sided.flatMap((structure) => {
      const partner = sided.find((other) => isPartner(structure, other));
      if (!partner) return alone(structure, facts, leastMm);
      return sideOf(structure) === 'L' ? swapped(structure, partner) : [];
    });
  },
};

function sideOf({ standardName }: StructureFacts): 'L' | 'R' | undefined {
  const side = /_([LR])(?:_PRV\d*)?$/.exec(standardName ?? '')?.[1];
  return side as 'L' | 'R' | undefined;
}

function isPartner(one: StructureFacts, other: StructureFacts): boolean {
  const isOther = sideOf(one) !== sideOf(other) && stem(one) === stem(other);
  return isOther && isBeside(one, other) && one.structureSetUid === other.structureSetUid;
}

function stem({ standardName }: StructureFacts): string {
  return (standardName ?? '').replace(/_[LR](?=$|_PRV)/, '');
}

function isBeside(one: StructureFacts, other: StructureFacts): boolean {
  return one.source === other.source && one.imageSeriesUid === other.imageSeriesUid;
}

function xOf({ measures }: StructureFacts): number {
  return measures?.centroidMm[0] ?? Number.NaN;
}

function swapped(left: StructureFacts, right: StructureFacts): CheckFinding[] {
  const byMm = xOf(right) - xOf(left);
  if (!(byMm > 0)) return [];
  const message = `${left.roiName} lies ${byMm.toFixed(0)} mm to the right of ${right.roiName}`;
  return onStructure(left, [finding('LEFT_RIGHT_SWAPPED', whereOf(left), message)]);
}

function alone(structure: StructureFacts, { structures }: CourseFacts, leastMm: number): CheckFinding[] {
  const bodies = structures.filter((body) => body.measures && isBodyOutline(body));
  const body = bodies.find((one) => one.imageSeriesUid === structure.imageSeriesUid);
  if (!body || isCutAtSide(body)) return [];
  const toLeftMm = xOf(structure) - xOf(body);
  const wrongMm = sideOf(structure) === 'L' ? -toLeftMm : toLeftMm;
  if (!(wrongMm > leastMm)) return [];
  const message = `lies ${wrongMm.toFixed(0)} mm on the ${sideOf(structure) === 'L' ? 'right' : 'left'} side of the body`;
  return onStructure(structure, [finding('SIDE_UNLIKELY', whereOf(structure), message)]);
}

/** The middle of a cut body is not the middle of the patient. */
function isCutAtSide({ touches }: StructureFacts): boolean {
  return touches.includes('left') !== touches.includes('right');
}
