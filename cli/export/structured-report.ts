import { VERSION } from '#lib/code-version.ts';
import { readJson, readJsonIfAny, readJsonLines } from '#lib/course-store/json.ts';
import type { TablePart } from '#lib/course-store/table-part.ts';
import { writeDicom } from '#lib/dicom/write.ts';
import { BadInput } from '#lib/errors.ts';
import type { Course } from '#lib/rt/course.ts';
import type { CourseEntry } from '#lib/stages/organize/course-entry.ts';
import { courseKeys, resultKeys, runKeys } from '#lib/store/keys.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import { measurementReport } from '#lib/structured-report/measurement-report.ts';
import { dvhGroups, type MeasurementGroup, radiomicsGroups } from '#lib/structured-report/measurements.ts';
import type { ExportFolder, ExportResult } from './folder.ts';

/** A DICOM SR for each course, with the DVH and the features of every ROI. */
export async function exportReports(store: ObjectStore, folder: ExportFolder): Promise<ExportResult> {
  const lines: string[] = [];
  const leftOut: string[] = [];
  for (const { courseId } of await readJsonLines<CourseEntry>(store, runKeys.courses)) {
    const report = await courseReport(store, courseId);
    if (!report) {
      leftOut.push(`${courseId}: no DVH and no features`);
      continue;
    }
    await folder.write(`${courseId}.sr.dcm`, report.file);
    lines.push(`${courseId}.sr.dcm: ${report.groups} groups, ${report.measurements} measurements`);
  }
  return { lines, leftOut };
}

export interface CourseReport {
  file: Uint8Array;
  groups: number;
  measurements: number;
}

/**
 * The DICOM SR of a course, of the time at which the tables were made: the same results make the same bytes. Undefined when the
 * course has neither DVH nor features.
 * @throws BadInput when the run has no tables yet
 */
export async function courseReport(store: ObjectStore, courseId: string): Promise<CourseReport | undefined> {
  const course = await readJson<Course>(store, courseKeys(courseId).course);
  const groups = (await groupsOf(store, courseId)).filter(({ measurements }) => measurements.length > 0);
  const studyInstanceUid = studyOf(course);
  if (groups.length === 0 || studyInstanceUid === undefined) return undefined;
  const made = await readJsonIfAny<{ finishedAt: string }>(store, resultKeys.run);
  if (!made) throw new BadInput('a report is made of finished results: run the pipeline to its end first');
  const [date, time] = made.finishedAt.replace(/[-:]/g, '').split('T');
  const patientId = course.patient.id;
  const head = { patientId, studyInstanceUid, courseId, date, time: time.slice(0, 6), version: VERSION };
  return {
    file: writeDicom(measurementReport(head, groups)),
    groups: groups.length,
    measurements: groups.reduce((sum, { measurements }) => sum + measurements.length, 0),
  };
}

async function groupsOf(store: ObjectStore, courseId: string): Promise<MeasurementGroup[]> {
  const { part } = courseKeys(courseId);
  const read = (stage: string, table: string) => readJsonIfAny<TablePart>(store, part(stage, table));
  const dvh = await read('dvh', 'dvh_metrics');
  const features = await Promise.all(FEATURES.map((table) => read('radiomics', table)));
  return [
    ...(dvh ? dvhGroups(dvh.columns, dvh.rows) : []),
    ...features.flatMap((one) => (one ? radiomicsGroups(one.columns, one.rows) : [])),
  ];
}

const FEATURES = ['radiomics_ct', 'radiomics_mr', 'radiomics_pet'];

/** That of the planning structures, else of the first image. */
function studyOf({ structureSets, images }: Course): string | undefined {
  return structureSets[0]?.studyInstanceUid ?? images[0]?.studyInstanceUid;
}
