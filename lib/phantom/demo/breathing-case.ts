import type { DicomJson } from '../../dicom/write.ts';
import type { Vec3 } from '../../math/vec3.ts';
import { type RoiEntry, roisOf } from '../anatomy.ts';
import { objectsOf, structureSetOf } from '../course-objects.ts';
import type { PhantomPatient } from '../objects/identity.ts';
import { ctSlices, type PhantomImage } from '../objects/image.ts';
import { paint } from '../paint.ts';
import { imageOf, seriesOf, studyOf, uidOf } from '../scene.ts';
import { thorax } from '../thorax.ts';
import { truthOf } from '../truth.ts';
import type { PhantomCase } from './case.ts';

const RADIUS_MM = 14;
/** Where the tumour is at the end of each half of a breath. */
const INHALE: Vec3 = [-70, 10, 0];
const EXHALE: Vec3 = [-70, 10, 15];

/**
 * Two phases of a breath as two acquisitions of one CT series. The tumour is drawn on both: each ROI lies on the phase
 * that its contours name, and shows tissue there; on the other phase it would show lung.
 */
export function breathing(patient: PhantomPatient): PhantomCase {
  const study = studyOf(patient, 'THORAX9', '20240115', 'Thorax 4D');
  const series = seriesOf(study, 1, 'Thorax 4D 5.0 B30f');
  const inhale = imageOf(series, 'ctImage', [80, 60, 36], [5, 5, 5]);
  const exhale = { ...inhale, sliceUids: inhale.sliceUids.map((_, k) => uidOf(series.uid, 'exhale', k)) };
  const anatomies = [INHALE, EXHALE].map((tumour) => thorax(tumour, RADIUS_MM));
  const lungs: RoiEntry[] = [
    ['BODY', 'EXTERNAL'],
    ['Lung_L', 'ORGAN'],
    ['Lung_R', 'ORGAN'],
    ['GTV_inhale', 'GTV', 'GTV'],
  ];
  const onInhale = roisOf(anatomies[0], lungs);
  const onExhale = roisOf(anatomies[1], [['GTV_exhale', 'GTV', 'GTV']]).map((roi) => ({
    ...roi,
    number: onInhale.length + 1,
    image: exhale,
  }));
  const set = structureSetOf(inhale, 2, 'PHASES', [...onInhale, ...onExhale]);
  return {
    name: 'breathing',
    *objects() {
      yield* phase(inhale, 1, paint(inhale.grid, -1000, anatomies[0].tissues, 101));
      yield* phase(exhale, 2, paint(exhale.grid, -1000, anatomies[1].tissues, 102));
      yield* objectsOf([set], [], []);
    },
    truth: () => truthOf({ study, image: inhale, sets: [set] }),
  };
}

function phase(image: PhantomImage, acquisition: number, hu: Int16Array): DicomJson[] {
  return ctSlices(image, hu).map((slice) => ({
    ...slice,
    AcquisitionNumber: acquisition,
    AcquisitionTime: `08300${acquisition}`,
  }));
}
