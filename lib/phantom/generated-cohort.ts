import { type DicomJson, writeDicom } from '../dicom/write.ts';
import { seededRandom } from '../random.ts';
import { roisOf } from './anatomy.ts';
import { doseOf, objectsOf, planOf, structureSetOf } from './course-objects.ts';
import { gaussianDose, penumbraEllipsoid, sumOf } from './dose-field.ts';
import type { PhantomFile } from './file.ts';
import { ctSlices } from './objects/image.ts';
import { paint } from './paint.ts';
import { PELVIC_ROIS, pelvis } from './pelvis.ts';
import { axialGrid, imageOf, seriesOf, studyOf } from './scene.ts';

export interface GeneratedCohortOptions {
  courses: number;
  slices: number;
  rows: number;
  columns: number;
  seed: number;
}

const FIELD_OF_VIEW_MM = [400, 400, 200];

/**
 * Any number of pelvis courses with plan and dose, one for each patient, for benches: the scan differs by its noise, the
 * dose by where it lies. Files of one course come one after another. Always the same bytes for the same options.
 */
export function* generatedCohort(options: GeneratedCohortOptions): Generator<PhantomFile> {
  for (let course = 1; course <= options.courses; course++) {
    let number = 0;
    for (const object of courseObjects(course, options)) {
      number++;
      yield { path: `${course}/${number}`, bytes: writeDicom(object) };
    }
  }
}

function* courseObjects(course: number, { slices, rows, columns, seed }: GeneratedCohortOptions): Generator<DicomJson> {
  const random = seededRandom(seed + course);
  const id = `GEN-${String(course).padStart(5, '0')}`;
  const study = studyOf(
    { id, name: `Generated^${course}`, birthDate: '19500101', sex: 'M' },
    'GEN',
    '20230102',
    'Pelvis',
  );
  const anatomy = pelvis();
  const [x, y, z] = FIELD_OF_VIEW_MM;
  const ct = imageOf(seriesOf(study, 1, 'CT'), 'ctImage', [columns, rows, slices], [x / columns, y / rows, z / slices]);
  const rois = roisOf(anatomy, [...PELVIC_ROIS, ['CTV_7000', 'CTV'], ['PTV_7000', 'PTV']]);
  const set = structureSetOf(ct, 2, 'PROSTATE', rois);
  const centre: [number, number, number] = [4 * random() - 2, 5 + 4 * random() - 2, -20 + 4 * random() - 2];
  const plan = planOf(set, {
    number: 3,
    label: 'PROST_70',
    date: '20230104',
    prescriptions: [['PTV_7000', 70]],
    fractions: 35,
    isocenterMm: centre,
    gantryDeg: [[181, 539]],
  });
  const field = sumOf(penumbraEllipsoid(centre, [33, 28, 30], 3, 66), gaussianDose(centre, [80, 60, 50], 4));
  yield* ctSlices(ct, paint(ct.grid, -1000, anatomy.tissues, seed + course));
  yield* objectsOf([set], [plan], [doseOf([plan], 4, field, axialGrid([48, 40, 32], [5, 5, 5], centre))]);
}
