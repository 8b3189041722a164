import { finding } from '../../findings.ts';
import { ownKeys } from '../../own-keys.ts';
import type { Check, CheckFinding, QcThresholds } from '../check.ts';
import type { CourseFacts, StructureFacts } from '../facts.ts';
import { onStructure, whereOf } from '../on-structure.ts';

/** Dose and prescription are alike but for a factor when they agree this well after it. */
const SAME_AFTER_FACTOR = 0.15;

/**
 * The median dose of a target that something prescribes to (ICRU 83 recommends to report it beside the prescription). A
 * target that shares volume with one of a higher level gets more there by intention: its median may lie between both levels,
 * the nearer to the higher one the more of it is shared.
 */
export const targetDose: Check = {
  name: 'target_dose',
  meaning: 'the median dose of every target fits its prescription',
  applies: (facts) => facts.structures.some((structure) => prescribedOf(structure) !== undefined),
  run: (facts, thresholds) => facts.structures.flatMap((structure) => look(structure, facts, thresholds)),
};

interface Prescribed {
  medianGy: number;
  doseGy: number;
  source: string;
}

function prescribedOf({ measures, prescription }: StructureFacts): Prescribed | undefined {
  const medianGy = measures?.medianDoseGy;
  return medianGy === undefined || !prescription ? undefined : { medianGy, ...prescription };
}

function look(structure: StructureFacts, facts: CourseFacts, thresholds: QcThresholds): CheckFinding[] {
  const prescribed = prescribedOf(structure);
  if (!prescribed) return [];
  const { medianGy, doseGy, source } = prescribed;
  const tolerance = thresholds.target_dose_percent / 100;
  const highestGy = Math.max(doseGy, ...mediansWithin(structure, doseGy, facts));
  if (medianGy >= doseGy * (1 - tolerance) && medianGy <= highestGy * (1 + tolerance)) return [];
  const doses = `D50% is ${medianGy.toFixed(2)} Gy, the prescription is ${doseGy.toFixed(2)} Gy (${SOURCES[source] ?? source})`;
  const scale = scaleOf(medianGy / doseGy, facts);
  const where = whereOf(structure);
  const found = scale
    ? finding('DOSE_SCALE_UNLIKELY', where, `${doses}: ${scale}`)
    : finding('TARGET_DOSE_DIFFERS', where, doses);
  return onStructure(structure, [found]);
}

/** Where a prescription stands, in words. */
const SOURCES: Record<string, string> = ownKeys({
  config: 'from the configuration',
  plan_roi: 'the plan prescribes it to this structure',
  plan_level: 'from the name of the structure; the plan has this level',
  roi_name: 'from the name of the structure',
});

/** The part of a volume that decides its median. */
const MEDIAN_PART = 0.5;

/**
 * Up to which median each target that shares volume with this one explains, Gy. Targets that only touch explain nothing; half of
 * the volume at the higher level explains that level; in between the dose falls off around the shared part.
 */
function mediansWithin(structure: StructureFacts, doseGy: number, { structures, overlaps }: CourseFacts): number[] {
  const own = structures.indexOf(structure);
  return overlaps.flatMap(({ first, second, sharedCc }) => {
    if (first !== own && second !== own) return [];
    const levelGy = structures[first === own ? second : first].prescription?.doseGy ?? doseGy;
    return doseGy + (levelGy - doseGy) * Math.min(1, sharedCc / structure.volumeCc / MEDIAN_PART);
  });
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
