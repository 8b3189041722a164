import { VERSION } from '#lib/code-version.ts';
import { readJson, readJsonIfAny, readJsonLines } from '#lib/course-store/json.ts';
import type { TablePart } from '#lib/course-store/table-part.ts';
import { writeDicom } from '#lib/dicom/write.ts';
import type { Course } from '#lib/rt/course.ts';
import type { CourseEntry } from '#lib/stages/organize.ts';
import { courseKeys, runKeys } from '#lib/store/keys.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import { measurementReport } from '#lib/structured-report/measurement-report.ts';
import { dvhGroups, type MeasurementGroup, radiomicsGroups } from '#lib/structured-report/measurements.ts';
import type { ExportFolder, ExportResult } from './folder.ts';

/** A DICOM SR for each course, with the DVH and the features of every ROI. */
export async function exportReports(store: ObjectStore, folder: ExportFolder, now: Date): Promise<ExportResult> {
  const lines: string[] = [];
  const leftOut: string[] = [];
  const [date, time] = now.toISOString().replace(/[-:]/g, '').split('T');
  for (const { courseId } of await readJsonLines<CourseEntry>(store, runKeys.courses)) {
    const course = await readJson<Course>(store, courseKeys(courseId).course);
    const groups = (await groupsOf(store, courseId)).filter(({ measurements }) => measurements.length > 0);
    const studyInstanceUid = studyOf(course);
    if (groups.length === 0 || studyInstanceUid === undefined) {
      leftOut.push(`${courseId}: no DVH and no features`);
      continue;
    }
    const head = {
      patientId: course.patient.id,
      studyInstanceUid,
      courseId,
      date,
      time: time.slice(0, 6),
      version: VERSION,
    };
    await folder.write(`${courseId}.sr.dcm`, writeDicom(measurementReport(head, groups)));
    const count = groups.reduce((sum, { measurements }) => sum + measurements.length, 0);
    lines.push(`${courseId}.sr.dcm: ${groups.length} groups, ${count} measurements`);
  }
  return { lines, leftOut };
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
