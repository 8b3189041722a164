import type { ImageRecord } from '../../course-store/images.ts';
import { type StructureRecord, structureSubject } from '../../course-store/structures.ts';
import { type Finding, finding, findingsOn } from '../../findings.ts';
import { perturbationGrid } from '../../robustness/perturbation-grid.ts';
import type { MaskStatus, RoiEnd } from '../../rt/roi-status.ts';
import type { Perturbations } from './inputs.ts';
import type { Perturbed } from './level.ts';

/** A structure after its perturbations, or why there are none. */
interface Ended {
  record: StructureRecord;
  perturbed: Perturbed[];
  refusal?: RoiEnd<MaskStatus>;
}

/** A finding of many perturbations is reported once. */
export function findingsOf(
  { record, perturbed, refusal }: Ended,
  image: ImageRecord,
  settings: Perturbations,
): Finding[] {
  const where = `roi ${record.roiNumber} (${record.source})`;
  const subject = { ...structureSubject(record), imageSeriesUid: image.seriesInstanceUid };
  if (refusal) return findingsOn(subject, [finding('NOT_PERTURBED', where, refusal.reason)]);
  const found = new Map<string, Finding>();
  for (const one of perturbed.flatMap(({ features }) => features.findings)) {
    const key = `${one.code} ${one.where}`;
    if (!found.has(key)) found.set(key, { ...one, part: one.where, where: `${where} ${one.where}` });
  }
  const failed = perturbed.filter(({ features }) => features.status !== 'ok');
  if (failed.length > 0) {
    const example = `${failed[0].perturbation.id}: ${failed[0].features.reason}`;
    const message = `${failed.length} of ${perturbed.length} perturbations gave no features, such as ${example}`;
    found.set('', finding('PERTURBATIONS_FAILED', where, message));
  }
  if (image.quantity !== 'HU' && perturbationGrid(settings).some(({ noiseHu }) => noiseHu > 0)) {
    const message = 'the noise levels are in HU, but the image is not: it got no noise';
    found.set('noise', finding('NOISE_FOR_HU_ONLY', where, message));
  }
  return findingsOn(subject, [...found.values()]);
}
