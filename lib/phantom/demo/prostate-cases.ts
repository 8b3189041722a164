import type { DicomJson } from '../../dicom/write.ts';
import type { Vec3 } from '../../math/vec3.ts';
import { type RoiEntry, roisOf } from '../anatomy.ts';
import { doseOf, objectsOf, planOf, recordsOf, structureSetOf } from '../course-objects.ts';
import { gaussianDose, penumbraEllipsoid, sumOf } from '../dose-field.ts';
import type { PhantomPatient } from '../objects/identity.ts';
import { ctSlices, mrSlices } from '../objects/image.ts';
import { registration } from '../objects/registration.ts';
import { paint } from '../paint.ts';
import { PELVIC_ROIS, pelvis } from '../pelvis.ts';
import { axialGrid, imageOf, seriesOf, studyOf, uidOf } from '../scene.ts';
import { truthOf } from '../truth.ts';
import type { PhantomCase } from './case.ts';

const CT_SIZE: Vec3 = [128, 128, 50];
const CT_SPACING: Vec3 = [3.2, 3.2, 4];
const TARGET: Vec3 = [0, 5, -20];
/** Ends below the kidney and within the body. */
const DOSE_GRID = axialGrid([64, 48, 37], [4, 4, 4], [0, 5, -6]);
const TWO_ARCS: [number, number][] = [
  [181, 539],
  [179, -179],
];

const STANDARD_ROIS: RoiEntry[] = [...PELVIC_ROIS, ['PenileBulb', 'ORGAN']];

/**
 * Prostate with simultaneous integrated boost, 70 and 56 Gy in 28 fractions: one plan, one dose, all fractions recorded,
 * a registered MR; its structure set holds a ROI for every way in which a ROI can end.
 */
export function prostateSib(patient: PhantomPatient): PhantomCase {
  const study = studyOf(patient, 'PELVIS1', '20230306', 'Pelvis planning');
  const anatomy = pelvis();
  const ct = imageOf(seriesOf(study, 1, 'Pelvis 4.0 B30f'), 'ctImage', CT_SIZE, CT_SPACING);
  const rois = [
    ...roisOf(anatomy, [
      ...STANDARD_ROIS,
      ['RectumWall', 'ORGAN'],
      ['Prostate', 'ORGAN'],
      ['SeminalVes', 'ORGAN'],
      ['CTV_7000', 'CTV'],
      ['CTV_5600', 'CTV'],
      ['PTV_7000', 'PTV'],
      ['PTV_5600', 'PTV'],
      ['zRing', 'CONTROL'],
      ['Kidney_L', 'ORGAN'],
      ['Fiducial_1', 'MARKER'],
      ['CouchSurface', 'SUPPORT'],
      ['Bag_Bowel', 'ORGAN'],
    ]),
    {
      number: 19,
      name: 'Isocenter',
      interpretedType: 'ISOCENTER',
      colorRgb: [255, 255, 0] as [number, number, number],
      pointMm: TARGET,
    },
  ];
  const set = structureSetOf(ct, 2, 'PROSTATE', rois);
  const sib = planOf(set, {
    number: 3,
    label: 'PROST_SIB',
    name: 'Prostate SIB 70/56',
    date: '20230308',
    prescriptions: [
      ['PTV_7000', 70],
      ['PTV_5600', 56],
    ],
    fractions: 28,
    isocenterMm: TARGET,
    gantryDeg: TWO_ARCS,
  });
  const field = sumOf(
    penumbraEllipsoid([0, 9, -10], [50, 40, 50], 4, 49),
    penumbraEllipsoid(TARGET, [38, 33, 35], 2.5, 13.5),
    gaussianDose(TARGET, [95, 65, 60], 8),
  );
  const dose = doseOf([sib], 4, field, DOSE_GRID);
  return {
    name: 'prostate-sib',
    *objects() {
      yield* ctSlices(ct, paint(ct.grid, -1000, anatomy.tissues, 11));
      yield* objectsOf([set], [sib], [dose]);
      yield* recordsOf(sib, '20230320', 28);
      yield* magneticResonance();
    },
    truth: () =>
      truthOf({
        study,
        image: ct,
        sets: [set],
        plans: [sib],
        doses: [dose],
        fields: [field],
        fractions: 28,
        statuses: {
          Kidney_L: 'outside_dose',
          Fiducial_1: 'too_small',
          CouchSurface: 'skipped_by_rule',
          Bag_Bowel: 'empty',
          Isocenter: 'empty',
        },
      }),
  };

  function* magneticResonance(): Generator<DicomJson> {
    const mr = imageOf(seriesOf(study, 6, 't2_tse_tra', 'mr'), 'mrImage', [96, 96, 24], [3, 3, 4]);
    const brightness = anatomy.tissues.map((tissue) => ({ ...tissue, value: 400 + Math.max(-300, tissue.value) }));
    yield* mrSlices(mr, paint(mr.grid, 5, brightness, 12));
    const series = seriesOf(study, 7, 'Registration');
    const movingToFixed = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
    yield registration({ series, uid: uidOf(series.uid, 'reg'), fixed: ct, moving: mr, movingToFixed });
  }
}

/** Prostate, 50 Gy in 25 fractions and then a boost of 28 Gy in 14: two plans, two doses that belong together. */
export function prostateBoost(patient: PhantomPatient): PhantomCase {
  const study = studyOf(patient, 'PELVIS2', '20230410', 'Pelvis planning');
  const anatomy = pelvis();
  const ct = imageOf(seriesOf(study, 1, 'Pelvis 4.0 B30f'), 'ctImage', CT_SIZE, CT_SPACING);
  const rois = roisOf(anatomy, [
    ...STANDARD_ROIS,
    ['CTV_5000', 'CTV', 'CTV_5600'],
    ['PTV_5000', 'PTV', 'PTV_5600'],
    ['CTV_7800', 'CTV', 'CTV_7000'],
    ['PTV_7800', 'PTV', 'PTV_7000'],
  ]);
  const set = structureSetOf(ct, 2, 'PROSTATE', rois);
  const shared = { isocenterMm: TARGET, gantryDeg: TWO_ARCS };
  const first = planOf(set, {
    ...shared,
    number: 3,
    label: 'PROST_50',
    date: '20230412',
    prescriptions: [['PTV_5000', 50]],
    fractions: 25,
  });
  const boost = planOf(set, {
    ...shared,
    number: 4,
    label: 'PROST_BOOST',
    name: 'Prostate boost',
    date: '20230515',
    prescriptions: [['PTV_7800', 28]],
    fractions: 14,
    predecessors: [first],
  });
  const firstField = sumOf(penumbraEllipsoid([0, 9, -10], [44, 34, 44], 4, 47), gaussianDose(TARGET, [85, 65, 55], 3));
  const boostField = sumOf(penumbraEllipsoid(TARGET, [41, 36, 38], 2.5, 27.2), gaussianDose(TARGET, [80, 55, 50], 2.6));
  const doses = [
    doseOf([first], 5, firstField, DOSE_GRID, { bits: 16, absoluteOffsets: true }),
    doseOf([boost], 6, boostField, axialGrid([80, 56, 54], [3, 3, 3], [0, 5, -8])),
  ];
  return {
    name: 'prostate-boost',
    *objects() {
      yield* ctSlices(ct, paint(ct.grid, -1000, anatomy.tissues, 21));
      yield* objectsOf([set], [first, boost], doses);
      yield* recordsOf(first, '20230424', 25);
      yield* recordsOf(boost, '20230529', 14);
    },
    truth: () =>
      truthOf({
        study,
        image: ct,
        sets: [set],
        plans: [first, boost],
        doses,
        fields: [firstField, boostField],
        fractions: 39,
      }),
  };
}
