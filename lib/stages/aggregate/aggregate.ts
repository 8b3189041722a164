import { z } from 'zod';
import { allOf } from '../../all-of.ts';
import { parseConfig } from '../../config.ts';
import { readJson, readJsonLines } from '../../course-store/json.ts';
import { cohortOutliers } from '../../qc/cohort-outliers.ts';
import { runKeys } from '../../store/keys.ts';
import type { RowSource } from '../../tables/row-source.ts';
import type { Row, Table } from '../../tables/table.ts';
import type { CourseEntry } from '../organize/course-entry.ts';
import { readOrganized } from '../organize/organized.ts';
import { readRequest } from '../request.ts';
import { cohortRobustness } from '../robustness/summary.ts';
import type { Stage } from '../stage.ts';
import { countCourses, keyFindings, stageTables } from './cohort-tables.ts';
import { writeCourseTables } from './course-rows.ts';
import { courseTableHeads } from './course-tables.ts';
import { findingsTable } from './findings-table.ts';
import { writeForOthers } from './for-others.ts';
import { writeQueryTables } from './query-tables.ts';
import { impatient, perturbedCourses, readCourses } from './read-courses.ts';
import { refusedFindings, type Sifted, siftTable } from './refused-rows.ts';
import type { DescribedRun } from './research-object.ts';
import { type Aggregated, type RunRecord, writeRun } from './run-record.ts';
import { removeOthers, writeExports, writeHeldTables } from './write-results.ts';

const input = z.object({});

/** Puts the parts that the courses wrote together into the tables of the cohort. */
export const aggregate: Stage<z.infer<typeof input>, Aggregated> = {
  name: 'aggregate',
  input,
  async run(_, context) {
    const config = parseConfig(await readJson(context.store, runKeys.config));
    const entries = await readJsonLines<CourseEntry>(context.store, runKeys.courses);
    const heads = await courseTableHeads(config);
    const hurried = impatient(context.store, config.aggregation.file_timeout);
    const { courses, damaged } = await readCourses(hurried, entries, heads, config);
    const organized = await readOrganized(context.store);
    const robust = await cohortRobustness(perturbedCourses(courses), config, context.store);
    const ofCourses = await writeCourseTables(hurried, heads, courses);
    const before = organized.tables.map(siftTable);
    const after = [...(robust ? [robust.summary] : []), ...stageTables(courses, damaged)].map(siftTable);
    const held = async (sifted: Sifted<Table>[]) =>
      writeHeldTables(
        context.store,
        sifted.map(({ sound }) => sound),
      );
    const tables = [...(await held(before)), ...ofCourses.tables, ...(await held(after))];
    const alone = robust ? [robust.values] : [];
    const findings = [
      ...damaged.map((course) => course.finding),
      ...ofCourses.findings,
      ...refusedFindings(robust?.values.name ?? '', robust?.refused ?? []),
      ...[...before, ...after].flatMap((one) => one.findings),
      ...keyFindings([...tables, ...alone]),
    ];
    for (const found of findings) context.log.error({ ...found }, 'Aggregate:Table:Faulty');
    const cohort = cohortOutliers(await rowsOf(tables, 'qc_measures'), config.qc.thresholds);
    const told = siftTable(findingsTable({ upload: organized.findings, courses, cohort, tables: findings }));
    for (const found of told.findings) context.log.error({ ...found }, 'Aggregate:Table:Faulty');
    const all = [...tables, ...(await held([told]))];
    const exported = await writeExports(context.store, all, alone);
    const files = [...exported, ...(await writeQueryTables(context.store, all))];
    const counts = [...all, ...alone].map(({ name, count }) => [name, count]);
    const digests = [...alone, ...all].map(({ name, parquet }) => [name, parquet.sha256]);
    const summary = {
      findings,
      tables: Object.fromEntries(counts),
      courses: countCourses(courses, damaged.length, await readRequest(context.store)),
    };
    await removeOthers(context.store, summary.tables);
    const record = await writeRun(context, organized, Object.fromEntries(digests), summary);
    await writeForOthers(context.store, describedRun(record), all, files);
    return summary;
  },
};

async function rowsOf(tables: RowSource[], name: string): Promise<Row[]> {
  const table = tables.find((one) => one.name === name);
  return table ? (await allOf(table.batches())).flat() : [];
}

function describedRun({ product, version, code, node, finishedAt, digests, counts }: RunRecord): DescribedRun {
  const { config: configDigest, instances: instancesDigest } = digests;
  return { product, version, code, node, finishedAt, configDigest, instancesDigest, instances: counts.instances };
}
