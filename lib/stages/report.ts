import { z } from 'zod';
import { readJson, readJsonLines, stableJson } from '../course-store/json.ts';
import { StoreMissing } from '../errors.ts';
import { mapConcurrently } from '../pool/concurrent.ts';
import type { ReportDoseDecision, ReportFact } from '../report/input.ts';
import { renderReport } from '../report/report.ts';
import type { Course } from '../rt/course.ts';
import { courseKeys, resultKeys, runKeys } from '../store/keys.ts';
import type { ObjectStore } from '../store/store.ts';
import { fromParquet } from '../tables/parquet.ts';
import type { RunRecord } from './aggregate/aggregate.ts';
import type { CourseEntry } from './organize.ts';
import type { Stage } from './stage.ts';
import type { CourseTableName } from './table.ts';

const input = z.object({});

/** Whether the page shows a table that courses have parts of; the others are for statistics alone. */
const SHOWN_OF_COURSES: Record<CourseTableName, boolean> = {
  structures: true,
  agreement: false,
  dvh_metrics: true,
  dvh_curves: true,
  goals: true,
  radiomics_ct: true,
  radiomics_mr: true,
  radiomics_pet: true,
  radiomics_ibsi: false,
  qc: true,
  qc_measures: false,
};
/** Tables that the page shows. */
const SHOWN = [
  'case_metadata',
  'doses',
  'fractions',
  ...Object.entries(SHOWN_OF_COURSES).flatMap(([name, isShown]) => (isShown ? [name] : [])),
  'robustness_summary',
  'findings',
  'unassigned',
  'status',
];
const WIDTH = 16;

/** Draws the report from the tables of the cohort. */
export const report: Stage<z.infer<typeof input>, { report: string; bytes: number }> = {
  name: 'report',
  input,
  async run(_, { store }) {
    const run = await readJson<RunRecord>(store, resultKeys.run);
    const names = SHOWN.filter((name) => name in run.rows);
    const tables = await mapConcurrently(names, 4, async (name) =>
      fromParquet(await store.get(resultKeys.table(name, 'parquet'))),
    );
    const page = renderReport({
      title: 'Radiotherapy cohort',
      tables,
      counts: { ...run.counts, not_dicom: run.counts.notDicom },
      doseDecisions: await doseDecisions(store),
      provenance: provenanceOf(run),
      config: stableJson(run.config, 2),
    });
    const bytes = new TextEncoder().encode(page);
    await store.put(resultKeys.report, bytes);
    return { report: resultKeys.report, bytes: bytes.length };
  },
};

async function doseDecisions(store: ObjectStore): Promise<Record<string, ReportDoseDecision>> {
  const entries = await readJsonLines<CourseEntry>(store, runKeys.courses);
  const decisions = await mapConcurrently(entries, WIDTH, async ({ courseId }) => {
    const course = await readJson<Course>(store, courseKeys(courseId).course).catch(damagedIsNone);
    if (!course?.doseDecision) return [];
    const { rule, confidence, evidence, warnings } = course.doseDecision;
    return [[courseId, { rule, confidence, evidence, warnings }] as const];
  });
  return Object.fromEntries(decisions.flat());
}

/** The tables have said of such a course that it is damaged; the others have their page. */
function damagedIsNone(error: unknown): undefined {
  if (!(error instanceof SyntaxError || error instanceof StoreMissing)) throw error;
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
