import { finding } from '../../findings.ts';
import type { Check, CheckFinding, QcThresholds } from '../check.ts';
import type { CourseFacts, StructureFacts } from '../facts.ts';
import { onStructure, whereOf } from '../on-structure.ts';

/** Dose and prescription are alike but for a factor when they agree this well after it. */
const SAME_AFTER_FACTOR = 0.15;

/** The median dose of a target that something prescribes to (ICRU 83 recommends to report it beside the prescription). */
export const targetDose: Check = {
  name: 'target_dose',
  meaning: 'the median dose of every target fits its prescription',
  applies: (facts) => facts.structures.some((structure) => ratioOf(structure) !== undefined),
  run: (facts, thresholds) => facts.structures.flatMap((structure) => look(structure, facts, thresholds)),
};

function ratioOf({ measures, prescription }: StructureFacts): number | undefined {
  const dose = measures?.medianDoseGy;
  return dose === undefined || !prescription ? undefined : dose / prescription.doseGy;
}

function look(structure: StructureFacts, facts: CourseFacts, thresholds: QcThresholds): CheckFinding[] {
  const { measures, prescription } = structure;
  const ratio = ratioOf(structure);
  if (ratio === undefined || Math.abs(ratio - 1) <= thresholds.target_dose_percent / 100) return [];
  const doses = `D50% is ${measures?.medianDoseGy?.toFixed(2)} Gy, the prescription is ${prescription?.doseGy.toFixed(2)} Gy (${prescription?.source})`;
  const scale = scaleOf(ratio, facts);
  const where = whereOf(structure);
  const found = scale
    ? finding('DOSE_SCALE_UNLIKELY', where, `${doses}: ${scale}`)
    : finding('TARGET_DOSE_DIFFERS', where, doses);
  return onStructure(structure, [found]);
}

/** A factor that has a usual cause. */
function scaleOf(ratio: number, { plans }: CourseFacts): string | undefined {
  const fractions = plans.filter(({ selected }) => selected).map(({ fractionsPlanned = 0 }) => fractionsPlanned);
  const total = fractions.reduce((sum, n) => sum + n, 0);
  const isNear = (factor: number) => Math.abs(ratio / factor - 1) <= SAME_AFTER_FACTOR;
  if (isNear(100)) return 'the values may be centigray';
  if (isNear(0.01)) return 'the values may be divided by 100';
  if (total > 1 && isNear(1 / total)) return `it may be the dose of one fraction (of ${total})`;
  return undefined;
}
