import { uidFromName } from '../dicom/uid.ts';
import type { Grid } from '../image/grid.ts';
import { IDENTITY, type Vec3 } from '../math/vec3.ts';
import type { PhantomPatient, PhantomSeries, PhantomStudy } from './objects/identity.ts';
import type { PhantomImage } from './objects/image.ts';

/** A UID for a thing of this name: the same in every run, different from that of every other name. */
export function uidOf(...names: (string | number)[]): string {
  return uidFromName(['rtpipeline phantom', ...names].join('/'));
}

export function studyOf(patient: PhantomPatient, key: string, date: string, description: string): PhantomStudy {
  return { patient, uid: uidOf(patient.id, key), id: key.slice(0, 16), date, description };
}

/** A series of a study; series of one `frame` share their frame of reference. */
export function seriesOf(study: PhantomStudy, number: number, description: string, frame = 'patient'): PhantomSeries {
  return {
    study,
    uid: uidOf(study.uid, 'series', number),
    number,
    description,
    frameOfReferenceUid: uidOf(study.uid, 'frame', frame),
  };
}

/** An axial image whose centre is the origin. */
export function imageOf(series: PhantomSeries, kind: PhantomImage['kind'], size: Vec3, spacingMm: Vec3): PhantomImage {
  const grid = axialGrid(size, spacingMm);
  return { series, kind, grid, sliceUids: Array.from({ length: size[2] }, (_, k) => uidOf(series.uid, k + 1)) };
}

export function axialGrid(size: Vec3, spacingMm: Vec3, centreMm: Vec3 = [0, 0, 0]): Grid {
  const originMm = centreMm.map((c, axis) => c - ((size[axis] - 1) / 2) * spacingMm[axis]) as Vec3;
  return { size, originMm, spacingMm, direction: IDENTITY };
}

const DAY_MS = 86_400_000;

/** `count` working days from a date (YYYYMMDD) on, that date included when it is one. */
export function workingDays(start: string, count: number): string[] {
  const days: string[] = [];
  let ms = Date.UTC(Number(start.slice(0, 4)), Number(start.slice(4, 6)) - 1, Number(start.slice(6, 8)));
  for (; days.length < count; ms += DAY_MS) {
    const day = new Date(ms);
    if (day.getUTCDay() % 6 !== 0) days.push(day.toISOString().slice(0, 10).replaceAll('-', ''));
  }
  return days;
}
