import type { DicomJson } from '../../dicom/write.ts';
import type { Vec3 } from '../../math/vec3.ts';
import { type RoiEntry, roisOf } from '../anatomy.ts';
import { doseOf, objectsOf, planOf, recordsOf, structureSetOf } from '../course-objects.ts';
import { gaussianDose, penumbraBox, penumbraEllipsoid, sumOf } from '../dose-field.ts';
import type { PhantomPatient } from '../objects/identity.ts';
import { ctSlices, petSlices } from '../objects/image.ts';
import { paint } from '../paint.ts';
import { axialGrid, imageOf, seriesOf, studyOf } from '../scene.ts';
import { thorax } from '../thorax.ts';
import { truthOf } from '../truth.ts';
import type { PhantomCase } from './case.ts';

const CT_SIZE: Vec3 = [128, 128, 52];
const CT_SPACING: Vec3 = [3, 3, 4];

const STANDARD_ROIS: RoiEntry[] = [
  ['BODY', 'EXTERNAL'],
  ['Lung_L', 'ORGAN'],
  ['Lung_R', 'ORGAN'],
  ['Lungs-GTV', 'ORGAN'],
  ['Heart', 'ORGAN'],
  ['Esophagus', 'ORGAN'],
  ['SpinalCord', 'ORGAN'],
  ['GTV', 'GTV'],
];

/** Stereotactic, 54 Gy in 3 fractions: the planning system exported a dose for each beam and none for the plan. */
export function lungStereotactic(patient: PhantomPatient): PhantomCase {
  const centre: Vec3 = [-88, -8, 24];
  const study = studyOf(patient, 'THORAX2', '20231211', 'Thorax planning');
  const anatomy = thorax(centre, 11);
  const ct = imageOf(seriesOf(study, 1, 'Thorax 3.0 B40f'), 'ctImage', [192, 160, 60], [2, 2, 3]);
  const set = structureSetOf(ct, 2, 'SBRT', roisOf(anatomy, [...STANDARD_ROIS, ['PTV_5400', 'PTV', 'CTV']]));
  const sbrt = planOf(set, {
    number: 3,
    label: 'SBRT_LUNG_R',
    date: '20231212',
    prescriptions: [['PTV_5400', 54]],
    fractions: 3,
    isocenterMm: centre,
    gantryDeg: [
      [200, 200],
      [270, 270],
      [340, 340],
    ],
  });
  const fields = sbrt.beams.map(({ gantryDeg: [angle] }) => {
    const [x, y] = [Math.sin((angle * Math.PI) / 180), -Math.cos((angle * Math.PI) / 180)];
    const entry: Vec3 = [centre[0] + 45 * x, centre[1] + 45 * y, centre[2]];
    return sumOf(
      penumbraEllipsoid(centre, [21, 21, 21], 2, 16.6),
      gaussianDose(entry, [12 + 30 * Math.abs(x), 12 + 30 * Math.abs(y), 11], 5),
    );
  });
  const grid = axialGrid([60, 52, 40], [2.5, 2.5, 2.5], centre);
  const doses = fields.map((field, index) =>
    doseOf([sbrt], 4 + index, field, grid, { summationType: 'BEAM', beamNumber: index + 1 }),
  );
  return {
    name: 'lung-stereotactic',
    *objects() {
      yield* ctSlices(ct, paint(ct.grid, -1000, anatomy.tissues, 31));
      yield* objectsOf([set], [sbrt], doses);
      yield* recordsOf(sbrt, '20231218', 3);
    },
    truth: () => truthOf({ study, image: ct, sets: [set], plans: [sbrt], doses, fields, fractions: 3 }),
  };
}

/** 60 Gy in 30 fractions, planned anew after 12 because the tumour shrank: two plans of one intent, not to be added. */
export function lungReplan(patient: PhantomPatient): PhantomCase {
  const centre: Vec3 = [72, 6, 22];
  const study = studyOf(patient, 'THORAX3', '20230612', 'Thorax planning');
  const before = thorax(centre, 20);
  const after = thorax(centre, 15);
  const ct = imageOf(seriesOf(study, 1, 'Thorax 4.0 B40f'), 'ctImage', CT_SIZE, CT_SPACING);
  const entries: RoiEntry[] = [...STANDARD_ROIS, ['CTV', 'CTV'], ['PTV_6000', 'PTV', 'PTV']];
  const sets = [
    structureSetOf(ct, 2, 'LUNG', roisOf(before, entries)),
    structureSetOf(ct, 3, 'LUNG_ADAPT', roisOf(after, entries)),
  ];
  const shared = {
    prescriptions: [['PTV_6000', 60]] as [string, number][],
    fractions: 30,
    isocenterMm: centre,
    gantryDeg: [[181, 359]] as [number, number][],
  };
  const first = planOf(sets[0], { ...shared, number: 4, label: 'LUNG_60', date: '20230614' });
  const replan = planOf(sets[1], {
    ...shared,
    number: 5,
    label: 'LUNG_60_REPLAN',
    name: 'Lung adaptive replan',
    description: 'New plan after 12 fractions, smaller target',
    date: '20230711',
    predecessors: [first],
  });
  const fields = [38, 33].map((radius) =>
    sumOf(penumbraEllipsoid(centre, [radius, radius, radius], 3, 54.5), gaussianDose(centre, [60, 70, 40], 6)),
  );
  const grid = axialGrid([90, 52, 50], [4, 4, 4]);
  const doses = [first, replan].map((p, index) => doseOf([p], 6 + index, fields[index], grid, { descending: true }));
  return {
    name: 'lung-replan',
    *objects() {
      yield* ctSlices(ct, paint(ct.grid, -1000, before.tissues, 41));
      yield* objectsOf(sets, [first, replan], doses);
      yield* recordsOf(first, '20230619', 12);
      yield* recordsOf(replan, '20230713', 18);
    },
    truth: () => truthOf({ study, image: ct, sets, plans: [first, replan], doses, fields: [fields[0]], fractions: 30 }),
  };
}

/** Mediastinum, 40 and 20 Gy: the planning system exported both doses and their sum. With a PET. */
export function mediastinumSum(patient: PhantomPatient): PhantomCase {
  const centre: Vec3 = [-14, -6, 34];
  const study = studyOf(patient, 'THORAX4', '20230807', 'Thorax planning');
  const anatomy = thorax(centre, 17);
  const ct = imageOf(seriesOf(study, 1, 'Thorax 4.0 B40f'), 'ctImage', CT_SIZE, CT_SPACING);
  const set = structureSetOf(
    ct,
    2,
    'MEDIASTINUM',
    roisOf(anatomy, [...STANDARD_ROIS, ['CTV', 'CTV'], ['PTV_4000', 'PTV', 'PTV'], ['PTV_6000', 'PTV', 'CTV']]),
  );
  const shared = {
    isocenterMm: centre,
    gantryDeg: [
      [0, 0],
      [180, 180],
    ] as [number, number][],
  };
  const opposed = planOf(set, {
    ...shared,
    number: 3,
    label: 'MED_APPA',
    date: '20230809',
    prescriptions: [['PTV_4000', 40]],
    fractions: 20,
  });
  const cone = planOf(set, {
    ...shared,
    number: 4,
    label: 'MED_CONEDOWN',
    date: '20230901',
    prescriptions: [['PTV_6000', 20]],
    fractions: 10,
    predecessors: [opposed],
  });
  const fields = [
    penumbraBox(centre, [36, 130, 36], 3, 40.8),
    sumOf(penumbraBox(centre, [28, 130, 28], 3, 12), penumbraEllipsoid(centre, [30, 30, 30], 3, 8.5)),
  ];
  const grid = axialGrid([90, 52, 50], [4, 4, 4]);
  const doses = [
    doseOf([opposed], 5, fields[0], grid, { bits: 16 }),
    doseOf([cone], 6, fields[1], grid, { bits: 16 }),
    doseOf([opposed, cone], 7, sumOf(...fields), grid, { summationType: 'MULTI_PLAN' }),
  ];
  return {
    name: 'mediastinum-sum',
    *objects() {
      yield* ctSlices(ct, paint(ct.grid, -1000, anatomy.tissues, 71));
      yield* objectsOf([set], [opposed, cone], doses);
      yield* recordsOf(opposed, '20230814', 20);
      yield* recordsOf(cone, '20230911', 10);
      yield* positronEmission();
    },
    truth: () => truthOf({ study, image: ct, sets: [set], plans: [opposed, cone], doses, fields, fractions: 30 }),
  };

  function* positronEmission(): Generator<DicomJson> {
    const pet = imageOf(seriesOf(study, 9, 'PET WB'), 'petImage', [88, 80, 40], [4.5, 4.5, 5]);
    const uptake: Record<string, number> = { Heart: 9000, Lung_L: 2000, Lung_R: 2000, GTV: 28000 };
    const activity = ['BODY', 'Lung_L', 'Lung_R', 'Heart', 'GTV'].map((name) => {
      const value = uptake[name] ?? 4000;
      return { solid: anatomy.organs[name], value, noise: 0.1 * value };
    });
    yield* petSlices(pet, paint(pet.grid, 0, activity, 72));
  }
}
