import type { Vec3 } from '../../math/vec3.ts';
import { roisOf } from '../anatomy.ts';
import { doseOf, objectsOf, planOf, recordsOf, structureSetOf } from '../course-objects.ts';
import { gaussianDose, penumbraBox, penumbraEllipsoid, scaled, sumOf } from '../dose-field.ts';
import type { PhantomPatient } from '../objects/identity.ts';
import { ctSlices } from '../objects/image.ts';
import { paint } from '../paint.ts';
import { PELVIC_ROIS, pelvis } from '../pelvis.ts';
import { axialGrid, imageOf, seriesOf, studyOf, uidOf } from '../scene.ts';
import { thorax } from '../thorax.ts';
import { truthOf } from '../truth.ts';
import type { PhantomCase } from './case.ts';

const TARGET: Vec3 = [0, 5, -20];

/** Palliative 8 Gy in one fraction: a plan whose dose was never exported. */
export function planWithoutDose(patient: PhantomPatient): PhantomCase {
  const study = studyOf(patient, 'PELVIS5', '20230904', 'Sacrum planning');
  const anatomy = pelvis();
  const ct = imageOf(seriesOf(study, 1, 'Pelvis 5.0 B30f'), 'ctImage', [96, 96, 32], [4.2, 4.2, 5]);
  const set = structureSetOf(ct, 2, 'SACRUM', roisOf(anatomy, [...PELVIC_ROIS, ['PTV_800', 'PTV', 'CTV_5600']]));
  const single = planOf(set, {
    number: 3,
    label: 'SACRUM_8',
    date: '20230904',
    prescriptions: [['PTV_800', 8]],
    fractions: 1,
    isocenterMm: TARGET,
    gantryDeg: [
      [0, 0],
      [180, 180],
    ],
  });
  return {
    name: 'plan-without-dose',
    *objects() {
      yield* ctSlices(ct, paint(ct.grid, -1000, anatomy.tissues, 51));
      yield* objectsOf([set], [single], []);
      yield* recordsOf(single, '20230905', 1);
    },
    truth: () => truthOf({ study, image: ct, sets: [set], plans: [single], fractions: 1 }),
  };
}

/** Contours alone, named in German. */
export function structuresOnly(patient: PhantomPatient): PhantomCase {
  const study = studyOf(patient, 'PELVIS6', '20231002', 'Becken');
  const anatomy = pelvis();
  const ct = imageOf(seriesOf(study, 1, 'Becken 5.0'), 'ctImage', [96, 96, 32], [4.2, 4.2, 5]);
  const rois = roisOf(anatomy, [
    ['Körper', 'EXTERNAL', 'BODY'],
    ['Blase', '', 'Bladder'],
    ['Rektum', '', 'Rectum'],
    ['Prostata', '', 'Prostate'],
    ['Hüftkopf li', '', 'Femur_Head_L'],
    ['Hüftkopf re', '', 'Femur_Head_R'],
  ]);
  const set = { ...structureSetOf(ct, 2, 'Konturen', rois), approved: false };
  return {
    name: 'structures-only',
    *objects() {
      yield* ctSlices(ct, paint(ct.grid, -1000, anatomy.tissues, 61));
      yield* objectsOf([set], [], []);
    },
    truth: () => truthOf({ study, image: ct, sets: [set] }),
  };
}

/** A course like many, of whose scan slices are lost: `MISSING_SLICES` never arrive, one more arrives cut short. */
export function brokenScan(patient: PhantomPatient): PhantomCase {
  const study = studyOf(patient, 'PELVIS8', '20231106', 'Pelvis planning');
  const anatomy = pelvis();
  const ct = imageOf(seriesOf(study, 1, 'Pelvis 5.0 B30f'), 'ctImage', [96, 96, 36], [4.2, 4.2, 5]);
  const set = structureSetOf(ct, 2, 'PROSTATE', roisOf(anatomy, [...PELVIC_ROIS, ['PTV_6000', 'PTV', 'PTV_7000']]));
  const hypo = planOf(set, {
    number: 3,
    label: 'PROST_60',
    date: '20231108',
    prescriptions: [['PTV_6000', 60]],
    fractions: 20,
    isocenterMm: TARGET,
    gantryDeg: [[181, 539]],
  });
  const field = scaled(
    60,
    sumOf(penumbraEllipsoid(TARGET, [40, 35, 37], 3, 0.93), gaussianDose(TARGET, [90, 60, 55], 0.08)),
  );
  const dose = doseOf([hypo], 4, field, axialGrid([52, 40, 28], [5, 5, 5], TARGET));
  return {
    name: 'broken-scan',
    *objects() {
      yield* ctSlices(ct, paint(ct.grid, -1000, anatomy.tissues, 81)).filter((_, k) => !MISSING_SLICES.includes(k));
      yield* objectsOf([set], [hypo], [dose]);
      yield* recordsOf(hypo, '20231120', 12);
    },
    truth: () =>
      truthOf({ study, image: ct, sets: [set], plans: [hypo], doses: [dose], fields: [field], fractions: 12 }),
  };
}

/** Slices, counted from the feet, that the broken scan lacks. */
export const MISSING_SLICES = [17, 18];

/** A scan without contours, and beside it a dose that names a plan which is not there, in a frame of its own. */
export function imagesOnly(patient: PhantomPatient): PhantomCase {
  const study = studyOf(patient, 'THORAX7', '20231023', 'Thorax diagnostic');
  const anatomy = thorax([-60, 20, 40], 13);
  const ct = imageOf(seriesOf(study, 1, 'Thorax 5.0 B60f'), 'ctImage', [96, 96, 40], [4, 4, 5]);
  const elsewhere = { ...seriesOf(study, 9, 'Lost dose', 'elsewhere') };
  const set = structureSetOf(ct, 8, 'LOST', []);
  const lostPlan = planOf(set, {
    number: 8,
    label: 'LOST',
    date: '20231024',
    prescriptions: [['PTV', 30]],
    fractions: 10,
    isocenterMm: [0, 0, 0],
    gantryDeg: [[0, 0]],
  });
  const lost = doseOf([lostPlan], 9, penumbraBox([0, 0, 0], [40, 40, 40], 3, 30), axialGrid([30, 30, 20], [5, 5, 5]));
  return {
    name: 'images-only',
    *objects() {
      yield* ctSlices(ct, paint(ct.grid, -1000, anatomy.tissues, 91));
      yield* objectsOf([], [], [{ ...lost, series: elsewhere, uid: uidOf(elsewhere.uid, 'dose') }]);
    },
    truth: () => truthOf({ study, image: ct }),
  };
}
