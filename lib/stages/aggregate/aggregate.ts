import { z } from 'zod';
import { codeDigest } from '../../code-digest.ts';
import { VERSION } from '../../code-version.ts';
import { type Config, parseConfig } from '../../config.ts';
import type { StageContext } from '../../course-store/context.ts';
import {
  readJson,
  readJsonIfAny,
  readJsonIfWhole,
  readJsonLines,
  sha256,
  stableJson,
  writeJson,
} from '../../course-store/json.ts';
import type { TablePart } from '../../course-store/table-part.ts';
import { describeError, StoreMissing } from '../../errors.ts';
import { type Finding, finding } from '../../findings.ts';
import { mapConcurrently } from '../../pool/concurrent.ts';
import { readMachine } from '../../pool/machine.ts';
import { withTimeLimit } from '../../pool/time-limit.ts';
import { cohortOutliers } from '../../qc/cohort-outliers.ts';
import type { Course } from '../../rt/course.ts';
import { redacted } from '../../secrets.ts';
import { courseKeys, resultKeys, runKeys } from '../../store/keys.ts';
import type { ObjectStore } from '../../store/store.ts';
import { concatTables } from '../../tables/concat.ts';
import { toCsv } from '../../tables/csv.ts';
import { dataDictionary, dictionaryTable } from '../../tables/dictionary.ts';
import { repeatedKeys } from '../../tables/key.ts';
import { toParquet } from '../../tables/parquet.ts';
import { sortRows } from '../../tables/sort.ts';
import type { Table } from '../../tables/table.ts';
import { toXlsx } from '../../tables/xlsx.ts';
import { COURSE_STAGES } from '../course-stages.ts';
import type { CourseEntry } from '../organize.ts';
import { type Counts, type Organized, readOrganized } from '../organized.ts';
import { type RunRequest, readRequest } from '../request.ts';
import { valuesKey } from '../robustness/robustness.ts';
import { cohortRobustness, type WrittenTable } from '../robustness/summary.ts';
import type { Stage } from '../stage.ts';
import { damagedOutputs, readStatus, standingStatus } from '../standing.ts';
import type { StageStatus } from '../status.ts';
import { COURSE_STAGE_NAMES, STAGES } from '../table.ts';
import { type CourseTable, courseTableHeads } from './course-tables.ts';
import { findingsTable } from './findings-table.ts';
import { CSV, type ResultFile, writeForOthers } from './for-others.ts';
import { refusedFindings, siftPart, siftTable } from './refused-rows.ts';
import type { DescribedRun } from './research-object.ts';
import { NOT_IN_WORKBOOK, STAGE_KEY, STATUS_COLUMNS, TIMING_COLUMNS } from './result-tables.ts';
import { damagedRows, type ReportedStatus, statusRows, timingRows } from './status-rows.ts';

const input = z.object({});

export interface Aggregated {
  tables: Record<string, number>;
  /** `partial`: with all stages done, but for results that some of them miss. */
  courses: { ok: number; partial: number; failed: number };
  /** What is wrong with the tables themselves. */
  findings: Finding[];
}

/** `results/run.json`: provenance. */
export interface RunRecord {
  product: string;
  version: string;
  /** Digest of the code that computed the tables. */
  code: string;
  node: string;
  finishedAt: string;
  /** Secrets in it are digests. */
  config: unknown;
  digests: { config: string; instances: string; tables: Record<string, string> };
  counts: Counts;
  courses: Aggregated['courses'];
  /** Rows of each table. */
  rows: Record<string, number>;
  findings: Finding[];
}

/** Puts the parts that the courses wrote together into the tables of the cohort. */
export const aggregate: Stage<z.infer<typeof input>, Aggregated> = {
  name: 'aggregate',
  input,
  async run(_, context) {
    const config = parseConfig(await readJson(context.store, runKeys.config));
    const entries = await readJsonLines<CourseEntry>(context.store, runKeys.courses);
    const store = impatient(context.store, config.aggregation.file_timeout);
    const heads = await courseTableHeads(config);
    const read = await mapConcurrently(entries, readsAtOnce(config, readMachine().cores), (entry) =>
      readCourse(store, entry, heads, config).catch(damagedCourse(entry)),
    );
    const courses = read.filter((one) => 'parts' in one);
    const damaged = read.filter((one) => 'finding' in one);
    const organized = await readOrganized(context.store);
    const robust = await cohortRobustness(perturbedCourses(courses), config, context.store);
    const summaries = robust ? [robust.summary] : [];
    const ofCourses = courseTables(heads, courses);
    const made = [...organized.tables, ...ofCourses.tables, ...summaries, ...stageTables(courses, damaged)];
    const sifted = made.map(siftTable);
    const others = sifted.map(({ sound }) => sound);
    const written = robust ? [robust.values] : [];
    const findings = [
      ...damaged.map((course) => course.finding),
      ...ofCourses.findings,
      ...refusedFindings(robust?.values.name ?? '', robust?.refused ?? []),
      ...sifted.flatMap((one) => one.findings),
      ...keyFindings(others, written),
    ];
    for (const found of findings) context.log.error({ ...found }, 'Aggregate:Table:Faulty');
    const measures = others.find(({ name }) => name === 'qc_measures')?.rows ?? [];
    const cohort = cohortOutliers(measures, config.qc.thresholds);
    const told = siftTable(findingsTable({ upload: organized.findings, courses, cohort, tables: findings }));
    for (const found of told.findings) context.log.error({ ...found }, 'Aggregate:Table:Faulty');
    const all = [...others, told.sound];
    const { digests, files } = await writeTables(context.store, all, written);
    const summary = {
      findings,
      tables: Object.fromEntries([
        ...all.map((table) => [table.name, table.rows.length]),
        ...written.map((table) => [table.name, table.rows]),
      ]),
      courses: countCourses(courses, damaged.length, await readRequest(context.store)),
    };
    await removeOthers(context.store, summary.tables);
    const record = await writeRun(context, organized, digests, summary);
    await writeForOthers(context.store, describedRun(record), all, files);
    return summary;
  },
};

/** Files under way together: they wait for the store, one CPU does for all of them. */
export function readsAtOnce({ aggregation, max_workers }: Config, cores: number): number {
  return Math.min(
    aggregation.threads === 'auto' ? cores : aggregation.threads,
    max_workers ?? Number.POSITIVE_INFINITY,
  );
}

/** The store, giving up on a file after so many seconds. */
function impatient(store: ObjectStore, seconds: number): ObjectStore {
  return { ...store, get: (key) => withTimeLimit(store.get(key), seconds, key) };
}

interface CourseResults {
  courseId: string;
  course: Course;
  statuses: Map<string, ReportedStatus>;
  parts: Map<string, TablePart>;
}

interface DamagedCourse {
  courseId: string;
  finding: Finding;
}

/** Half a file of one course is the loss of that course. A store that gives no answer is another matter. */
function damagedCourse({ courseId }: CourseEntry) {
  return (error: unknown): DamagedCourse => {
    const isOfContent = error instanceof SyntaxError || error instanceof TypeError || error instanceof StoreMissing;
    if (!isOfContent) throw error;
    return { courseId, finding: finding('COURSE_DAMAGED', courseId, describeError(error)) };
  };
}

/**
 * A table part is used only if its stage succeeded, its input and configuration are unchanged since, and the last run wrote
 * it.
 */
async function readCourse(
  store: ObjectStore,
  { courseId }: CourseEntry,
  heads: CourseTable[],
  config: Config,
): Promise<CourseResults> {
  const keys = courseKeys(courseId);
  const course = await readJson<Course>(store, keys.course);
  const statuses = new Map<string, ReportedStatus>();
  const standing = new Map<string, StageStatus>();
  const taken = new Set([valuesKey(courseId), ...heads.map(({ name, stage }) => keys.part(stage, name))]);
  for (const stage of COURSE_STAGES) {
    const status = await readStatus(store, courseId, stage.name);
    if (status) statuses.set(stage.name, status);
    const current = await standingStatus(stage, course, config, store);
    const damaged = await damagedOutputs(current?.outputs.filter(({ key }) => taken.has(key)) ?? [], store);
    if (damaged.length > 0 && status) statuses.set(stage.name, notTaken(status, DAMAGED));
    else if (current) standing.set(stage.name, current);
    else if (status && status.status !== 'failed') statuses.set(stage.name, notTaken(status, OUT_OF_DATE));
  }
  const parts = new Map<string, TablePart>();
  for (const { name, stage } of heads) {
    const key = keys.part(stage, name);
    if (!standing.get(stage)?.outputs.some((output) => output.key === key)) continue;
    const part = await readJsonIfAny<TablePart>(store, key);
    if (part) parts.set(name, part);
  }
  return { courseId, course, statuses, parts };
}

/** Courses whose features were computed under perturbations, with a result that stands. */
function perturbedCourses(courses: CourseResults[]): string[] {
  return courses.filter(({ statuses }) => hasResults(statuses.get('robustness'))).map(({ courseId }) => courseId);
}

function hasResults(status: ReportedStatus | undefined): boolean {
  return status?.status === 'ok' || status?.status === 'partial';
}

const OUT_OF_DATE = 'out of date: its input or the configuration has changed since';
const DAMAGED = 'damaged: its table is no longer what was written; run again, and it is made again';

function notTaken(status: StageStatus, reason: string): ReportedStatus {
  return { ...status, status: 'not_run', reason };
}

/** The tables of all stages that ran: without a row too they have their columns. */
function courseTables(heads: CourseTable[], courses: CourseResults[]): { tables: Table[]; findings: Finding[] } {
  const made = heads
    .filter(({ stage }) => courses.some(({ statuses }) => hasResults(statuses.get(stage))))
    .map((head) => {
      const sifted = courses.flatMap(({ courseId, parts }) => {
        const part = parts.get(head.name);
        return part ? [siftPart(head, courseId, part)] : [];
      });
      const parts = [{ columns: head.columns, rows: [] }, ...sifted.map(({ sound }) => sound)];
      return { table: concatTables(head.name, head.key, parts), findings: sifted.flatMap((one) => one.findings) };
    });
  return { tables: made.map(({ table }) => table), findings: made.flatMap((one) => one.findings) };
}

/** Rows that a key does not tell apart would multiply in every join. */
function keyFindings(tables: Table[], written: WrittenTable[]): Finding[] {
  const counts = [
    ...tables.map((table) => ({ ...table, repeated: repeatedKeys(table) })),
    ...written.map((table) => ({ ...table, repeated: table.repeatedKeys })),
  ];
  return counts
    .filter(({ repeated }) => repeated > 0)
    .map(({ name, key, repeated }) =>
      finding('KEY_REPEATED', name, `${repeated} rows have the key of another row (${key.join(', ')})`),
    );
}

function stageTables(courses: CourseResults[], damaged: DamagedCourse[]): Table[] {
  const rows = (make: typeof statusRows) => courses.flatMap(({ course, statuses }) => make(course, statuses));
  const all = [...rows(statusRows), ...damaged.flatMap(({ courseId }) => damagedRows(courseId))];
  return [
    sortRows({ name: 'status', key: STAGE_KEY, columns: STATUS_COLUMNS, rows: all }),
    sortRows({ name: 'timings', key: STAGE_KEY, columns: TIMING_COLUMNS, rows: rows(timingRows) }),
  ];
}

/** A course has failed when a stage that was asked for failed, or has no result that stands; `partial` when one is so. */
function countCourses(courses: CourseResults[], damaged: number, { stages: asked }: RunRequest): Aggregated['courses'] {
  const wanted = COURSE_STAGE_NAMES.filter((name) => asked.length === 0 || asked.includes(name));
  const countWith = (accepted: string[]) =>
    courses.filter(({ statuses }) => wanted.every((name) => accepted.includes(statuses.get(name)?.status ?? 'not_run')))
      .length;
  const ok = countWith(['ok', 'skipped']);
  const withPartial = countWith(['ok', 'skipped', 'partial']);
  return { ok, partial: withPartial - ok, failed: courses.length - withPartial + damaged };
}

async function writeTables(
  store: ObjectStore,
  tables: Table[],
  written: WrittenTable[],
): Promise<{ digests: Record<string, string>; files: ResultFile[] }> {
  const files: ResultFile[] = [];
  const put = async (key: string, body: Uint8Array, mediaType: string, table = '') => {
    await store.put(key, body);
    files.push({ key, bytes: body.length, sha256: sha256(body), mediaType, table });
  };
  const digests = Object.fromEntries(written.map(({ name, sha256: digest }) => [name, digest]));
  for (const table of tables) {
    const parquet = toParquet(table);
    digests[table.name] = sha256(parquet);
    await put(resultKeys.table(table.name, 'parquet'), parquet, PARQUET, table.name);
    await put(resultKeys.table(table.name, 'csv'), toCsv(table), CSV, table.name);
  }
  const sheets = tables.filter((table) => !NOT_IN_WORKBOOK.includes(table.name));
  const elsewhere = [...tables, ...written]
    .map(({ name }) => name)
    .filter((name) => !sheets.some((one) => one.name === name));
  await put(resultKeys.workbook, toXlsx([...sheets, dictionaryTable([...tables, ...written])], elsewhere), XLSX);
  await writeJson(store, resultKeys.dictionary, dataDictionary([...tables, ...written]));
  return { digests, files };
}

const PARQUET = 'application/vnd.apache.parquet';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/**
 * Takes away tables of earlier runs that this one did not write, and the report of the earlier run: what lies in `results`
 * is of one run. Files that no run wrote stay.
 */
async function removeOthers(store: ObjectStore, written: Record<string, number>): Promise<void> {
  const earlier = await readJsonIfWhole<RunRecord>(store, resultKeys.run);
  const known = [...Object.keys(earlier?.rows ?? {}), ...COURSE_STAGE_NAMES.flatMap((name) => STAGES[name].tables)];
  for (const table of new Set(known)) {
    if (Object.hasOwn(written, table)) continue;
    await store.delete(resultKeys.table(table, 'parquet'));
    await store.delete(resultKeys.table(table, 'csv'));
  }
  if (!Object.hasOwn(written, 'robustness_summary')) await store.delete(resultKeys.robustFeatures);
  await store.delete(resultKeys.report);
  for await (const { key } of store.list(resultKeys.coursePages)) await store.delete(key);
}

/** Provenance: what ran, on what, with which configuration, and what became of every file. */
async function writeRun(
  context: StageContext,
  organized: Organized,
  tables: Record<string, string>,
  summary: Aggregated,
): Promise<RunRecord> {
  const config = redacted(await readJson(context.store, runKeys.config));
  const record: RunRecord = {
    product: 'rtpipeline',
    version: VERSION,
    code: codeDigest().all,
    node: process.version,
    finishedAt: context.now().toISOString(),
    config,
    digests: { config: sha256(stableJson(config)), instances: organized.catalogDigest, tables },
    counts: organized.counts,
    courses: summary.courses,
    rows: summary.tables,
    findings: summary.findings,
  };
  await writeJson(context.store, resultKeys.run, record);
  return record;
}

function describedRun({ product, version, code, node, finishedAt, digests, counts }: RunRecord): DescribedRun {
  const { config: configDigest, instances: instancesDigest } = digests;
  return { product, version, code, node, finishedAt, configDigest, instancesDigest, instances: counts.instances };
}
