import { z } from 'zod';
import { parseConfig } from '../../config.ts';
import { readJson, readJsonLines } from '../../course-store/json.ts';
import { cohortOutliers } from '../../qc/cohort-outliers.ts';
import { runKeys } from '../../store/keys.ts';
import type { CourseEntry } from '../organize.ts';
import { readOrganized } from '../organized.ts';
import { readRequest } from '../request.ts';
import { cohortRobustness } from '../robustness/summary.ts';
import type { Stage } from '../stage.ts';
import { countCourses, courseTables, keyFindings, stageTables } from './cohort-tables.ts';
import { courseTableHeads } from './course-tables.ts';
import { findingsTable } from './findings-table.ts';
import { writeForOthers } from './for-others.ts';
import { perturbedCourses, readCourses } from './read-courses.ts';
import { refusedFindings, siftTable } from './refused-rows.ts';
import type { DescribedRun } from './research-object.ts';
import { type Aggregated, type RunRecord, writeRun } from './run-record.ts';
import { removeOthers, writeTables } from './write-results.ts';

const input = z.object({});

/** Puts the parts that the courses wrote together into the tables of the cohort. */
export const aggregate: Stage<z.infer<typeof input>, Aggregated> = {
  name: 'aggregate',
  input,
  async run(_, context) {
    const config = parseConfig(await readJson(context.store, runKeys.config));
    const entries = await readJsonLines<CourseEntry>(context.store, runKeys.courses);
    const heads = await courseTableHeads(config);
    const { courses, damaged } = await readCourses(context.store, entries, heads, config);
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

function describedRun({ product, version, code, node, finishedAt, digests, counts }: RunRecord): DescribedRun {
  const { config: configDigest, instances: instancesDigest } = digests;
  return { product, version, code, node, finishedAt, configDigest, instancesDigest, instances: counts.instances };
}
