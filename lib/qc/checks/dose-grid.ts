import { finding } from '../../findings.ts';
import type { Check, QcThresholds } from '../check.ts';
import type { CourseFacts } from '../facts.ts';

/** Steep gradients need small voxels; AAPM TG-101 discourages more than 3 mm for stereotactic treatments. */
export const doseGrid: Check = {
  name: 'dose_grid',
  meaning: 'the dose voxels are small enough for the treatment',
  applies: (facts) => facts.doses.some(({ selected, spacingMm }) => selected && spacingMm !== undefined),
  run(facts, thresholds) {
    const mostMm = coarsestMm(facts, thresholds);
    return facts.doses.flatMap(({ selected, spacingMm = [], sopInstanceUid }) => {
      const widest = Math.max(...spacingMm);
      if (!selected || !(widest > mostMm + ROUNDING_MM)) return [];
      const message = `the dose has voxels of ${spacingMm.map((mm) => mm.toFixed(1)).join(' x ')} mm, more than ${mostMm} mm`;
      return [finding('DOSE_GRID_COARSE', sopInstanceUid, message)];
    });
  },
};

const ROUNDING_MM = 1e-3;

function coarsestMm({ plans }: CourseFacts, thresholds: QcThresholds): number {
  const isStereotactic = plans.some(
    ({ selected, prescriptionGy = 0, fractionsPlanned }) =>
      selected && fractionsPlanned && prescriptionGy / fractionsPlanned >= thresholds.stereotactic_fraction_gy,
  );
  return isStereotactic ? thresholds.stereotactic_dose_spacing_mm : thresholds.dose_spacing_mm;
}
