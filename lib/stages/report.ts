import { z } from 'zod';
import { type Config, parseConfig } from '../config.ts';
import { readJson, readJsonIfWhole, stableJson } from '../course-store/json.ts';
import type { TablePart } from '../course-store/table-part.ts';
import { mapConcurrently } from '../pool/concurrent.ts';
import { renderReport } from '../report/cohort/cohort-page.ts';
import { isCompared, mostShared, type SharedFeatures } from '../report/cohort/correlation.ts';
import { populationOf, type SampledCurve, sampleCurves } from '../report/cohort/population.ts';
import { renderCourse } from '../report/course/course-page.ts';
import { type CourseView, coursesOf, rowsOf } from '../report/courses.ts';
import { NO_DETAILS, type ReportFact, type ReportInput } from '../report/input.ts';
import { mergePictures } from '../report/pictures/merge.ts';
import type { CoursePictures } from '../report/pictures/picture.ts';
import { shownColumns } from '../report/shown-columns.ts';
import type { Course } from '../rt/course.ts';
import { byteSource } from '../store/byte-source.ts';
import { courseKeys, resultKeys, runKeys } from '../store/keys.ts';
import type { ObjectStore } from '../store/store.ts';
import { openParquet, type ParquetColumns } from '../tables/parquet-columns.ts';
import type { Row, Table } from '../tables/table.ts';
import type { RunRecord } from './aggregate/run-record.ts';
import { courseDetails } from './report-course.ts';
import { costFacts, costOfCourse, NO_COST, type RunCost, together } from './run-cost.ts';
import type { Stage } from './stage.ts';
import type { CourseTableName } from './table.ts';

const input = z.object({});

/** Whether the pages show a table that courses have parts of; the others are for statistics alone. */
const SHOWN_OF_COURSES: Record<CourseTableName, boolean> = {
  structures: true,
  agreement: true,
  dvh_metrics: true,
  dvh_curves: false,
  goals: true,
  radiomics_ct: true,
  radiomics_mr: true,
  radiomics_pet: true,
  radiomics_ibsi: false,
  qc: true,
  qc_measures: true,
};
/** Tables that the pages show. */
const SHOWN = [
  'patients',
  'case_metadata',
  'doses',
  'fractions',
  ...Object.entries(SHOWN_OF_COURSES).flatMap(([name, isShown]) => (isShown ? [name] : [])),
  'robustness_summary',
  'findings',
  'unassigned',
  'status',
  'timings',
];
/** Stages that draw pictures, in the order in which the page shows them. */
const PICTURED = ['dvh', 'qc'] as const;
const WIDTH = 16;

/** Draws the report: a page for every course, and one of the cohort that leads to them. */
export const report: Stage<z.infer<typeof input>, { report: string; pages: number; bytes: number }> = {
  name: 'report',
  input,
  async run(_, { store }) {
    const run = await readJson<RunRecord>(store, resultKeys.run);
    const names = SHOWN.filter((name) => name in run.rows);
    const files = await mapConcurrently(names, 4, async (name) =>
      openParquet(await byteSource(store, resultKeys.table(name, 'parquet'))),
    );
    const tables = await mapConcurrently(files, 4, async (file) => ({
      ...file.head,
      rows: await file.read(shownColumns(file.head)),
    }));
    const cohort: ReportInput = {
      title: 'Radiotherapy cohort',
      tables,
      counts: { ...run.counts, not_dicom: run.counts.notDicom },
      provenance: provenanceOf(run),
      config: stableJson(run.config, 2),
    };
    const courses = coursesOf(cohort);
    const config = parseConfig(await readJson(store, runKeys.config));
    const timings = Map.groupBy(rowsOf(cohort, 'timings'), (row) => row.course_id);
    const pages = await mapConcurrently(courses, WIDTH, (course) =>
      writeCoursePage(course, cohort, { config, timings: timings.get(course.id) ?? [] }, store),
    );
    if (store.uri.startsWith('s3:')) cohort.cost = costFacts(pages.map(({ cost }) => cost).reduce(together, NO_COST));
    const population = populationOf(pages.flatMap(({ curves }) => curves));
    const features = await featuresOf(courses, tables, files);
    const bytes = new TextEncoder().encode(renderReport(cohort, { population, features }));
    await store.put(resultKeys.report, bytes);
    const all = pages.reduce((sum, page) => sum + page.bytes, bytes.length);
    return { report: resultKeys.report, pages: pages.length, bytes: all };
  },
};

/**
 * Curves are read course by course, since those of a large cohort do not fit into memory. Damaged files are already
 * reported by the tables; the page shows the rest.
 */
async function writeCoursePage(
  view: CourseView,
  cohort: ReportInput,
  { config, timings }: { config: Config; timings: Row[] },
  store: ObjectStore,
): Promise<{ bytes: number; curves: SampledCurve[]; cost: RunCost }> {
  const keys = courseKeys(view.id);
  const course = await readJsonIfWhole<Course>(store, keys.course);
  const part = await readJsonIfWhole<TablePart>(store, keys.part('dvh', 'dvh_curves'));
  const drawn = await Promise.all(
    PICTURED.map((stage) => readJsonIfWhole<CoursePictures>(store, keys.pictures(stage))),
  );
  const pictures = mergePictures(drawn.filter((part) => part !== undefined));
  const details = course?.doseDecision ? courseDetails(course, part?.rows ?? [], pictures) : NO_DETAILS;
  const bytes = new TextEncoder().encode(renderCourse(view, cohort, details));
  await store.put(resultKeys.coursePage(view.id), bytes);
  return {
    bytes: bytes.length,
    curves: part && part.rows.length > 0 ? sampleCurves(view, part.rows) : [],
    cost: course?.doseDecision ? costOfCourse(course, config, timings) : NO_COST,
  };
}

/** So many columns are decoded together: the features of a large cohort do not fit into memory as rows. */
const COLUMNS_AT_ONCE = 8;

/** The features that are compared, of the structure that most courses share: read some columns at a time. */
async function featuresOf(courses: CourseView[], tables: Table[], files: ParquetColumns[]): Promise<SharedFeatures[]> {
  const all: SharedFeatures[] = [];
  for (const [n, { name: table, columns, rows }] of tables.entries()) {
    const structure = table.startsWith('radiomics_') ? mostShared(courses, table) : undefined;
    if (!structure) continue;
    const wanted = new Set(structure.rows.map(({ row }) => row));
    const places = rows.flatMap((row, place) => (wanted.has(row) ? [place] : []));
    const names = columns.map((column) => column.name).filter(isCompared);
    const features: SharedFeatures['features'] = [];
    for (let first = 0; first < names.length; first += COLUMNS_AT_ONCE) {
      const some = names.slice(first, first + COLUMNS_AT_ONCE);
      const read = await files[n].read(some);
      for (const name of some)
        features.push({ name, values: Float64Array.from(places, (place) => Number(read[place][name] ?? Number.NaN)) });
    }
    all.push({ table, structure, courses: places.length, features });
  }
  return all;
}

function provenanceOf(run: RunRecord): ReportFact[] {
  return [
    { label: 'Product', value: `${run.product} ${run.version}, code ${run.code}` },
    { label: 'Node', value: run.node },
    { label: 'Finished', value: run.finishedAt },
    { label: 'Configuration', value: `sha256 ${run.digests.config}` },
    { label: 'Catalog', value: `sha256 ${run.digests.instances}` },
  ];
}
