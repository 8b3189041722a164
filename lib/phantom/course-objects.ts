import type { DicomJson } from '../dicom/write.ts';
import type { Grid } from '../image/grid.ts';
import type { Vec3 } from '../math/vec3.ts';
import type { DoseField } from './dose-field.ts';
import { dose, type PhantomDose } from './objects/dose.ts';
import type { PhantomImage } from './objects/image.ts';
import { type PhantomBeam, type PhantomPlan, plan } from './objects/plan.ts';
import { type PhantomRoi, type PhantomStructureSet, structureSet } from './objects/structure-set.ts';
import { treatmentRecord } from './objects/treatment-record.ts';
import { seriesOf, uidOf, workingDays } from './scene.ts';

export function structureSetOf(
  image: PhantomImage,
  number: number,
  label: string,
  rois: PhantomRoi[],
): PhantomStructureSet {
  const series = seriesOf(image.series.study, number, label);
  return { series, uid: uidOf(series.uid, 'set'), label, image, rois, chordMm: 2, approved: true };
}

/** What makes one plan differ from another; the rest follows from its structure set. */
export interface PlanRecipe {
  number: number;
  label: string;
  name?: string;
  description?: string;
  date: string;
  prescriptions: [roiName: string, doseGy: number][];
  fractions: number;
  isocenterMm: Vec3;
  /** First and last gantry angle of each beam, degrees. */
  gantryDeg: [number, number][];
  predecessors?: PhantomPlan[];
}

export function planOf(set: PhantomStructureSet, recipe: PlanRecipe): PhantomPlan {
  const series = seriesOf(set.series.study, recipe.number, recipe.label);
  const highest = Math.max(...recipe.prescriptions.map(([, doseGy]) => doseGy));
  return {
    series,
    uid: uidOf(series.uid, 'plan'),
    label: recipe.label,
    name: recipe.name ?? recipe.label,
    description: recipe.description ?? '',
    date: recipe.date,
    structureSetUid: set.uid,
    predecessorUids: (recipe.predecessors ?? []).map((p) => p.uid),
    prescriptions: recipe.prescriptions.map(([name, doseGy]) => ({
      roiNumber: set.rois.find((roi) => roi.name === name)?.number ?? 0,
      doseGy,
    })),
    fractions: recipe.fractions,
    beams: beamsOf(recipe, highest / recipe.fractions),
    isocenterMm: recipe.isocenterMm,
    machine: 'LINAC_1',
    energyMv: 6,
    approved: true,
  };
}

/** Beams that share the dose of a fraction equally; 100 monitor units for each gray. */
function beamsOf(recipe: PlanRecipe, fractionDoseGy: number): PhantomBeam[] {
  return recipe.gantryDeg.map((gantryDeg, index) => {
    const doseGy = fractionDoseGy / recipe.gantryDeg.length;
    const name = gantryDeg[0] === gantryDeg[1] ? `G${gantryDeg[0]}` : `ARC_${index + 1}`;
    return { number: index + 1, name, gantryDeg, doseGy, metersetMu: Math.round(doseGy * 1000) / 10 };
  });
}

export function doseOf(
  plans: PhantomPlan[],
  number: number,
  field: DoseField,
  grid: Grid,
  options: Partial<PhantomDose> = {},
): PhantomDose {
  const { study } = plans[0].series;
  const series = seriesOf(study, number, 'Dose');
  return {
    series,
    uid: uidOf(series.uid, 'dose'),
    field,
    grid,
    summationType: 'PLAN',
    planUids: plans.map((p) => p.uid),
    bits: 32,
    descending: false,
    absoluteOffsets: false,
    ...options,
  };
}

/** Treatment records of the first `count` fractions of a plan, one on each working day from `start` on. */
export function* recordsOf(p: PhantomPlan, start: string, count: number): Generator<DicomJson> {
  const series = seriesOf(p.series.study, 500 + p.series.number, 'Treatment records');
  for (const [index, date] of workingDays(start, count).entries()) {
    const number = index + 1;
    yield treatmentRecord({
      series,
      uid: uidOf(series.uid, number),
      plan: p,
      number,
      date,
      time: '141500',
      delivered: 1,
    });
  }
}

export function objectsOf(sets: PhantomStructureSet[], plans: PhantomPlan[], doses: PhantomDose[]): DicomJson[] {
  return [...sets.map(structureSet), ...plans.map(plan), ...doses.map(dose)];
}
