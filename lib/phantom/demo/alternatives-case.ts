import type { Vec3 } from '../../math/vec3.ts';
import { roisOf } from '../anatomy.ts';
import { doseOf, objectsOf, planOf, structureSetOf } from '../course-objects.ts';
import { gaussianDose, penumbraEllipsoid, scaled, sumOf } from '../dose-field.ts';
import type { PhantomPatient } from '../objects/identity.ts';
import { ctSlices } from '../objects/image.ts';
import { paint } from '../paint.ts';
import { pelvis } from '../pelvis.ts';
import { axialGrid, imageOf, seriesOf, studyOf, uidOf } from '../scene.ts';
import { truthOf } from '../truth.ts';
import type { PhantomCase } from './case.ts';

const TARGET: Vec3 = [0, 5, -20];
/** Prescribed by the static beams and by the arc, Gy. */
export const ALTERNATIVES_GY = [60, 52];

/**
 * Two plans for one target, of which nothing says that both were given: no sum, a row of each dose for every ROI. The
 * dose of the second comes as two boxes, one above the other, which are one dose.
 */
export function alternatives(patient: PhantomPatient): PhantomCase {
  const study = studyOf(patient, 'PELVIS10', '20240205', 'Pelvis planning');
  const anatomy = pelvis();
  const ct = imageOf(seriesOf(study, 1, 'Pelvis 5.0 B30f'), 'ctImage', [72, 72, 32], [5.6, 5.6, 5]);
  const rois = roisOf(anatomy, [
    ['Bladder', 'ORGAN'],
    ['Rectum', 'ORGAN'],
    ['PTV', 'PTV', 'PTV_7000'],
  ]);
  const set = structureSetOf(ct, 2, 'PROSTATE', rois);
  const [first, second] = ALTERNATIVES_GY;
  const shared = { date: '20240207', fractions: 20, isocenterMm: TARGET };
  const beams: [number, number][] = [0, 72, 144, 216, 288].map((angle) => [angle, angle]);
  const plans = [
    planOf(set, { ...shared, number: 3, label: 'IMRT', prescriptions: [['PTV', first]], gantryDeg: beams }),
    planOf(set, { ...shared, number: 4, label: 'VMAT', prescriptions: [['PTV', second]], gantryDeg: [[181, 539]] }),
  ].map((plan) => ({ ...plan, approved: false }));
  const field = sumOf(penumbraEllipsoid(TARGET, [44, 39, 41], 3, 0.94), gaussianDose(TARGET, [90, 60, 55], 0.06));
  const boxes = [-25, 25].map((dz) => axialGrid([52, 40, 10], [5, 5, 5], [TARGET[0], TARGET[1], TARGET[2] + dz]));
  const dose = doseOf([plans[0]], 5, scaled(first, field), axialGrid([52, 40, 28], [5, 5, 5], TARGET));
  const parts = boxes.map((box, n) => {
    const part = doseOf([plans[1]], 6, scaled(second, field), box);
    return { ...part, uid: uidOf(part.series.uid, 'box', n) };
  });
  return {
    name: 'alternatives',
    *objects() {
      yield* ctSlices(ct, paint(ct.grid, -1000, anatomy.tissues, 111));
      yield* objectsOf([set], plans, [dose, ...parts]);
    },
    truth: () => truthOf({ study, image: ct, sets: [set], plans, doses: [dose, ...parts] }),
  };
}
