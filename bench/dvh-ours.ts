import { readDataSet } from '../lib/dicom/read.ts';
import { DEFAULT_MEASURE_OPTIONS, dvhOfCourse } from '../lib/dvh/course.ts';
import type { CourseDvh, CourseRoi } from '../lib/dvh/course-dvh.ts';
import { readDose } from '../lib/rt/read-dose.ts';
import { readStructureSet } from '../lib/rt/read-structure-set.ts';

export interface Timed {
  result: CourseDvh;
  /** CPU time of reading the files and of the DVHs, all metrics and curves included, s. */
  readS: number;
  dvhS: number;
  /** CPU time of the body alone, the largest of the ROIs, s. */
  bodyS: number;
}

/** Our DVHs of a structure set and a dose, with the default metrics, on one thread. */
export async function timeOurs(structureSet: Uint8Array, dose: Uint8Array): Promise<Timed> {
  const start = cpuS();
  const set = readStructureSet(readDataSet(structureSet));
  const read = await readDose(readDataSet(dose));
  const rois = set.rois.map(
    (roi): CourseRoi => ({
      ...roi,
      source: 'manual',
      structureSetUid: set.sopInstanceUid,
      frameOfReferenceUid: '',
      region: { kind: 'contours', contours: roi.contours },
    }),
  );
  const middle = cpuS();
  const prescriptions = { levels: [], planUids: [] };
  const measure = (some: CourseRoi[]) =>
    dvhOfCourse({ rois: some, dose: read, prescriptions, options: DEFAULT_MEASURE_OPTIONS });
  const result = measure(rois);
  const end = cpuS();
  measure(rois.filter((roi) => roi.name === 'BODY'));
  return { result, readS: middle - start, dvhS: end - middle, bodyS: cpuS() - end };
}

function cpuS(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
