import { finding } from '../../findings.ts';
import { AID_TYPES } from '../../rt/target.ts';
import { isBodyOutline } from '../body-outline.ts';
import type { Check, CheckFinding, QcThresholds } from '../check.ts';
import type { StructureFacts } from '../facts.ts';
import { onStructure, whereOf } from '../on-structure.ts';

/** What lies in the body, and what the outline holds of its surroundings. */
export const bodyOutline: Check = {
  name: 'body_outline',
  meaning: 'structures lie inside the body outline, and the outline contains no air around the patient',
  applies: (facts) => facts.structures.some((structure) => structure.measures && isBodyOutline(structure)),
  run: (facts, thresholds) =>
    facts.structures.flatMap((structure) => [...outside(structure, thresholds), ...leaking(structure, thresholds)]),
};

/** A PTV may reach out of the skin by its margin, and bolus, couch and devices lie outside. */
function outside(structure: StructureFacts, { outside_body_percent: most }: QcThresholds): CheckFinding[] {
  const { measures, interpretedType, standardName } = structure;
  const mayLeave = AID_TYPES.includes(interpretedType) || interpretedType === 'PTV' || standardName?.startsWith('PTV');
  const isOrgan = interpretedType === 'ORGAN' || standardName !== null;
  const percent = 100 * (measures?.outsideBody?.part ?? 0);
  if (mayLeave || !isOrgan || !(percent > most)) return [];
  const message = `${percent.toFixed(0)} % of it lies outside the body outline`;
  return onStructure(structure, [
    finding('OUTSIDE_BODY', whereOf(structure), message, measures?.outsideBody?.middleMm),
  ]);
}

function leaking(structure: StructureFacts, { body_air_percent: most }: QcThresholds): CheckFinding[] {
  const outline = structure.measures?.outline;
  const percent = 100 * (outline?.outerAir ?? 0);
  if (!(percent > most)) return [];
  const message = `${percent.toFixed(0)} % of the body outline is air around the patient`;
  return onStructure(structure, [finding('BODY_HOLDS_AIR', whereOf(structure), message, outline?.outerAirMm)]);
}
