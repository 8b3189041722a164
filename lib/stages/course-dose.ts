import { readDataSet } from '../dicom/read.ts';
import type { Course } from '../rt/course.ts';
import type { Dose } from '../rt/dose.ts';
import { readDose } from '../rt/read-dose.ts';
import type { StageContext } from './stage.ts';
import { openUpload } from './upload.ts';

/** One dose of the course, by SOP Instance UID. @throws BadInput when it cannot be read */
export async function loadDose(course: Course, doseUid: string, context: StageContext): Promise<Dose> {
  const found = course.doses.find((dose) => dose.sopInstanceUid === doseUid);
  if (!found) throw new Error(`the course has no dose ${doseUid}`);
  return readDose(readDataSet(await openUpload(context).get(found.key)));
}
