import { type Finding, findingsOn } from '../findings.ts';
import type { CheckFinding } from './check.ts';
import type { CourseFacts, StructureFacts } from './facts.ts';

/** How findings name a structure. */
export function whereOf({ roiNumber, source }: StructureFacts): string {
  return `roi ${roiNumber} (${source})`;
}

/** The stage that made the masks names the structures of its findings. */
export function structureOf(found: Finding, { structures: all }: CourseFacts): StructureFacts | undefined {
  const { roiNumber, source, structureSetUid = '' } = found;
  return all.find(
    (one) => one.roiNumber === roiNumber && one.source === source && one.structureSetUid === structureSetUid,
  );
}

/** The findings with the structure that they are about: they are seen in its middle where they have no place of their own. */
export function onStructure(roi: StructureFacts, findings: Finding[]): CheckFinding[] {
  const { structureSetUid, roiNumber, roiName, source, measures } = roi;
  const inSet = structureSetUid === '' ? {} : { structureSetUid };
  const named = findingsOn({ ...inSet, roiNumber, roiName, source }, findings);
  return named.map((found) => ({ ...(measures && { positionMm: measures.centroidMm }), ...found, roi }));
}
