import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Config, parseConfig } from '../config.ts';
import type { StageContext } from '../course-store/context.ts';
import { jsonLine, readJson, sha256, writeJson, writeJsonLines } from '../course-store/json.ts';
import { openUpload } from '../course-store/upload.ts';
import { BadConfig, BadInput } from '../errors.ts';
import { caseMetadataTable } from '../organize/case-metadata/table.ts';
import { doseOverrideSchema } from '../organize/dose-decision/override-file.ts';
import { duplicateCandidates } from '../organize/duplicates.ts';
import type { IndexRow } from '../organize/index-row.ts';
import type { OrganizeOptions } from '../organize/options.ts';
import { organize as organizeRows } from '../organize/organize.ts';
import { dosesTable, fractionsTable, unassignedTable } from '../organize/organize-tables.ts';
import { patientsTable } from '../organize/patients-table.ts';
import type { UnassignedRow } from '../organize/unassigned.ts';
import { uploadFindings } from '../organize/upload-findings.ts';
import { mapConcurrently } from '../pool/concurrent.ts';
import type { Course } from '../rt/course.ts';
import { keyedDigest } from '../secrets.ts';
import { courseKeys, runKeys } from '../store/keys.ts';
import type { CatalogLine, Rejected } from './catalog/line.ts';
import { readCatalog, storedObject } from './catalog/list.ts';
import { fileNaming, writeFileNames } from './file-names.ts';
import { type Counts, writeOrganized } from './organized.ts';
import { type RunRequest, readRequest } from './request.ts';
import type { Stage } from './stage.ts';
import { aggregateJob, type Job } from './task.ts';

const input = z.object({ force: z.boolean().default(false) });

/** A line of `run/courses.jsonl`: what the Map over the courses reads. */
export interface CourseEntry {
  courseId: string;
  displayName: string;
  /** Grows with the work that the course will be; small courses go first. */
  complexity: number;
}

const WIDTH = 16;

/** Sorts the instances of the catalog into courses, writes a `course.json` each, and the list of courses. */
export const organize: Stage<
  z.infer<typeof input>,
  { coursesKey: string; courses: number; counts: Counts; aggregate: Job }
> = {
  name: 'organize',
  input: input as z.ZodType<z.infer<typeof input>>,
  async run(_, context) {
    const config = parseConfig(await readJson(context.store, runKeys.config));
    const request = await readRequest(context.store);
    const lines = await readCatalog(context.store);
    const catalogDigest = digestOf(lines);
    const files = lines.length;
    const nameOf = fileNaming(config);
    const rejected = lines.flatMap((line) =>
      'rejected' in line ? [{ ...line.rejected, key: nameOf(line.rejected.key) }] : [],
    );
    if (rejected.length === files) throw new BadInput(nothingFound(rejected));
    const rows = lines.flatMap((line) => ('instance' in line ? [line.instance] : []));
    const paths = lines.map((line) => storedObject(line).key);
    await addDigests(context, rows);
    const patientsOf = new Map(
      request.patients.length > 0 ? rows.map((row) => [nameOf(row.key), row.patient.id] as const) : [],
    );
    for (const row of rows) row.key = nameOf(row.key);
    const organized = organizeRows(rows, optionsOf(config));
    const courses = organized.courses.filter((course) => isWanted(course, patientsOf, request));
    if (request.patients.length > 0 && courses.length === 0) throw new BadInput('no course of the patients asked for');

    await mapConcurrently(courses, WIDTH, (course) =>
      writeJson(context.store, courseKeys(course.courseId).course, course),
    );
    const unreadable = rejected.filter(({ reason }) => reason === 'unreadable' || reason === 'not_received').length;
    const counts: Counts = {
      files,
      notDicom: rejected.length - unreadable,
      instances: rows.length + unreadable,
      duplicates: organized.counts.duplicates,
      assigned: organized.counts.assigned,
      unassigned: organized.counts.unassigned + unreadable,
    };
    const unassigned = [...organized.unassigned, ...rejected.map(unassignedFile)];
    const tables = [
      patientsTable(courses),
      caseMetadataTable(courses),
      fractionsTable(courses),
      dosesTable(courses),
      unassignedTable(unassigned),
    ];
    const findings = uploadFindings(organized.findings, unassigned);
    await writeFileNames(context.store, paths, nameOf, unassigned);
    await writeOrganized(context.store, { counts, catalogDigest, tables, findings });
    await writeJsonLines(context.store, runKeys.courses, courses.map(entryOf).sort(smallFirst));
    context.log.info({ ...counts, courses: courses.length }, 'Organize:Courses:Done');
    const aggregate = await aggregateJob(context, courses.length);
    return { coursesKey: runKeys.courses, courses: courses.length, counts, aggregate };
  },
};

/** Why there is nothing to do: the first reason stands for the others. */
function nothingFound(rejected: Rejected[]): string {
  const files = rejected.filter(({ reason }) => reason !== 'archive');
  if (files.length === 0) return 'the input holds no files';
  const unreadable = files.filter(({ reason }) => reason === 'unreadable');
  const [example] = unreadable.length > 0 ? unreadable : files;
  return `the input holds no DICOM that can be read: ${files.length} files, ${unreadable.length} of them DICOM and unreadable; ${example.key}: ${example.message}`;
}

/** Of what the catalog says of every object, line by line: one text ends at 512 MiB. */
function digestOf(lines: CatalogLine[]): string {
  const hash = createHash('sha256');
  for (const line of lines) hash.update(jsonLine(line));
  return hash.digest('hex');
}

/** Instances whose UIDs collide are told apart by their content; only these are read whole. */
async function addDigests(context: StageContext, rows: IndexRow[]): Promise<void> {
  const upload = openUpload(context);
  await mapConcurrently(duplicateCandidates(rows), WIDTH, async (row) => {
    row.digest = sha256(await upload.get(row.key));
  });
}

function optionsOf({ organize }: Config): OrganizeOptions {
  const override = doseOverrideSchema.safeParse(organize.dose_override ?? { courses: {} });
  if (!override.success) throw new BadConfig(`dose override: ${z.prettifyError(override.error)}`);
  return {
    mergeCriteria: organize.merge_criteria,
    maxDays: organize.max_days ?? undefined,
    identifiers: organize.identifiers,
    hash: hashOf(organize),
    doseOverride: override.data,
  };
}

/** Without pseudonyms the ids need no secret: what they are made of stands in the tables. */
const PUBLIC_SALT = 'rtpipeline';

function hashOf({ course_salt: secret, identifiers }: Config['organize']): OrganizeOptions['hash'] {
  if (secret === null && identifiers === 'pseudonym')
    throw new BadConfig('organize.identifiers is pseudonym: pseudonyms need a secret, set organize.course_salt');
  const digest = keyedDigest(secret ?? PUBLIC_SALT);
  return (text) => Buffer.from(digest(text)).toString('hex');
}

/** By the name in the tables, or by a PatientID of one of its objects. */
function isWanted(course: Course, patientsOf: Map<string, string>, { patients }: RunRequest): boolean {
  if (patients.length === 0 || patients.includes(course.patient.id)) return true;
  const objects = [
    course.structureSets,
    course.plans,
    course.doses,
    ...course.images.map(({ instances }) => instances),
  ];
  return objects.some((refs) => refs.some(({ key }) => patients.includes(patientsOf.get(key) ?? '')));
}

function unassignedFile({ key, bytes, reason, message }: Rejected): UnassignedRow {
  const none = { sopInstanceUid: '', seriesInstanceUid: '', modality: '', patientId: '' };
  return { key, bytes, ...none, reason: isOwnReason(reason) ? reason : 'not_dicom', message };
}

/** Reasons that the table tells apart; all others are files that are no DICOM. */
function isOwnReason(reason: Rejected['reason']): reason is 'unreadable' | 'not_a_file' | 'not_received' {
  return reason === 'unreadable' || reason === 'not_a_file' || reason === 'not_received';
}

function entryOf(course: Course): CourseEntry {
  const slices = course.images.reduce((sum, image) => sum + image.instances.length * image.rows * image.columns, 0);
  const structures = course.structureSets.reduce((sum, set) => sum + set.header.rois.length, 0);
  const complexity = Math.round(slices / 2 ** 18) + structures;
  return { courseId: course.courseId, displayName: course.displayName, complexity };
}

function smallFirst(a: CourseEntry, b: CourseEntry): number {
  return a.complexity - b.complexity || (a.courseId < b.courseId ? -1 : 1);
}
