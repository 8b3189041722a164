import type { Grid } from '../image/grid.ts';
import type { Vec3 } from '../math/vec3.ts';
import { type DoseField, sumOf } from './dose-field.ts';
import { meanDoseGy, volumeCc } from './measure.ts';
import type { PhantomDose } from './objects/dose.ts';
import type { PhantomStudy } from './objects/identity.ts';
import type { PhantomImage } from './objects/image.ts';
import type { PhantomPlan } from './objects/plan.ts';
import type { PhantomRoi, PhantomStructureSet } from './objects/structure-set.ts';

/** How a ROI must end, and what is known of it by formula. */
export interface RoiTruth {
  number: number;
  name: string;
  status: 'ok' | 'empty' | 'too_small' | 'outside_dose' | 'skipped_by_rule';
  volumeCc?: number;
  meanDoseGy?: number;
}

/** The expected result of a treatment course of the cohort. */
export interface CourseTruth {
  patientId: string;
  studyUid: string;
  imageSeriesUid: string;
  structureSetUids: string[];
  planUids: string[];
  doseUids: string[];
  fractions: number;
  rois: RoiTruth[];
}

/**
 * Truth of a course: every ROI of its first structure set under the sum of `fields`, `ok` unless `statuses` says
 * otherwise.
 */
export function truthOf(parts: {
  study: PhantomStudy;
  image: PhantomImage;
  sets?: PhantomStructureSet[];
  plans?: PhantomPlan[];
  doses?: PhantomDose[];
  fields?: DoseField[];
  fractions?: number;
  statuses?: Record<string, RoiTruth['status']>;
}): CourseTruth {
  const { study, image, sets = [], plans = [], doses = [], fields = [], fractions = 0, statuses = {} } = parts;
  const total = fields.length > 0 ? sumOf(...fields) : undefined;
  return {
    patientId: study.patient.id,
    studyUid: study.uid,
    imageSeriesUid: image.series.uid,
    structureSetUids: sets.map((set) => set.uid),
    planUids: plans.map((p) => p.uid),
    doseUids: doses.map((d) => d.uid),
    fractions,
    rois: (sets[0]?.rois ?? []).map((roi) => roiTruth(roi, statuses[roi.name] ?? 'ok', image, doses, total)),
  };
}

/** The volume is that of the formula only when the image holds the whole solid, the mean dose when the dose grids do. */
function roiTruth(
  { number, name, solid }: PhantomRoi,
  status: RoiTruth['status'],
  image: PhantomImage,
  doses: PhantomDose[],
  total?: DoseField,
): RoiTruth {
  if (!solid || !isWithin(solid, image.grid)) return { number, name, status };
  const isDosed = total && status === 'ok' && doses.every((dose) => isWithin(solid, dose.grid));
  const meanDose = isDosed ? { meanDoseGy: meanDoseGy(solid, total) } : {};
  return { number, name, status, volumeCc: volumeCc(solid), ...meanDose };
}

function isWithin(solid: { min: Vec3; max: Vec3 }, grid: Grid): boolean {
  return [0, 1, 2].every((axis) => {
    const last = grid.originMm[axis] + (grid.size[axis] - 1) * grid.spacingMm[axis];
    return solid.min[axis] >= grid.originMm[axis] && solid.max[axis] <= last;
  });
}
