import { z } from 'zod';
import { codeDigest } from '../../code-digest.ts';
import { type Config, parseConfig } from '../../config.ts';
import type { StageContext } from '../../course-store/context.ts';
import { readJson, sha256, stableJson, writeJsonLines } from '../../course-store/json.ts';
import { openUpload } from '../../course-store/upload.ts';
import { BadConfig, BadInput } from '../../errors.ts';
import { caseMetadataTable } from '../../organize/case-metadata/table.ts';
import { doseOverrideSchema } from '../../organize/dose-decision/override-file.ts';
import { duplicateCandidates } from '../../organize/duplicates.ts';
import type { OrganizeOptions } from '../../organize/options.ts';
import { published } from '../../organize/organize.ts';
import { dosesTable, fractionsTable, unassignedTable } from '../../organize/organize-tables.ts';
import { patientsTable } from '../../organize/patients-table.ts';
import { sortUpload } from '../../organize/sort-upload.ts';
import type { UnassignedRow } from '../../organize/unassigned.ts';
import { uploadFindings } from '../../organize/upload-findings.ts';
import { compareText } from '../../organize/words.ts';
import { mapConcurrently } from '../../pool/concurrent.ts';
import { PATIENT_ID } from '../../rt/row-identity.ts';
import { keyedDigest } from '../../secrets.ts';
import { runKeys } from '../../store/keys.ts';
import type { Row, Table } from '../../tables/table.ts';
import type { Rejected } from '../catalog/line.ts';
import { fileNaming, writeFileNames } from '../file-names.ts';
import { type RunRequest, readRequest } from '../request.ts';
import type { Stage } from '../stage.ts';
import { aggregateJob, type Job } from '../task.ts';
import { smallFirst } from './course-entry.ts';
import { organizeGroups } from './groups.ts';
import { type CourseResult, type GroupResult, readKnownPatients, writeKnownPatients } from './known-patients.ts';
import { type Counts, writeOrganized } from './organized.ts';
import { type ListedInstance, readOutlines } from './outlines.ts';

const input = z.object({ force: z.boolean().default(false) });

/** Duplicates that are read at once. */
const WIDTH = 16;

/** Sorts the instances of the catalog into courses, writes a `course.json` each, and the list of courses. */
export const organize: Stage<
  z.infer<typeof input>,
  { coursesKey: string; courses: number; counts: Counts; aggregate: Job }
> = {
  name: 'organize',
  input: input as z.ZodType<z.infer<typeof input>>,
  async run({ force }, context) {
    const config = parseConfig(await readJson(context.store, runKeys.config));
    const request = await readRequest(context.store);
    const list = await readOutlines(context.store);
    const files = list.paths.length;
    const nameOf = fileNaming(config);
    const rejected = list.rejected.map((one) => ({ ...one, key: nameOf(one.key) }));
    if (rejected.length === files) throw new BadInput(nothingFound(rejected));
    await addDigests(context, list.instances);
    const upload = sortUpload(list.instances);
    const options = optionsOf(config);
    const settings = { options, digest: settingsDigest(config, request), patients: request.patients, nameOf };
    const known = force ? new Map<string, GroupResult>() : await readKnownPatients(context.store);
    const groups = await organizeGroups(context, upload.groups, list, settings, known);
    const courses = byPatient(groups.flatMap((group) => group.courses));
    if (request.patients.length > 0 && courses.length === 0)
      throw new BadInput('no course belongs to the patients in --patient');

    const unplaced = published(
      upload.unassigned.map((row) => ({ ...row, key: nameOf(row.key) })),
      options,
    );
    const inNoCourse = [...unplaced, ...groups.flatMap((group) => group.unassigned)].sort(byKey);
    const unreadable = rejected.filter(({ reason }) => reason === 'unreadable' || reason === 'not_received').length;
    const counts: Counts = {
      files,
      notDicom: rejected.length - unreadable,
      instances: list.instances.length + unreadable,
      duplicates: upload.duplicates.length,
      assigned: groups.reduce((sum, { assigned }) => sum + assigned, 0),
      unassigned: inNoCourse.length + unreadable,
    };
    const unassigned = [...inNoCourse, ...rejected.map(unassignedFile)];
    const findings = uploadFindings(upload.findings, unassigned);
    await writeFileNames(context.store, list.paths, nameOf, unassigned);
    const tables = tablesOf(groups, courses, unassigned);
    await writeOrganized(context.store, { counts, catalogDigest: list.digest, tables, findings });
    const entries = courses.map(({ entry }) => entry);
    await writeJsonLines(context.store, runKeys.courses, entries.sort(smallFirst));
    await writeKnownPatients(context.store, groups);
    const unchanged = groups.filter((group) => known.get(group.inputs) === group).length;
    context.log.info(
      { ...counts, courses: courses.length, patients: groups.length, unchanged },
      'Organize:Courses:Done',
    );
    const aggregate = await aggregateJob(context, courses.length);
    return { coursesKey: runKeys.courses, courses: courses.length, counts, aggregate };
  },
};

/** Why there is nothing to do: the first reason, as an example of the others. */
function nothingFound(rejected: Rejected[]): string {
  const files = rejected.filter(({ reason }) => reason !== 'archive');
  if (files.length === 0) return 'the input holds no files';
  const unreadable = files.filter(({ reason }) => reason === 'unreadable');
  const [example] = unreadable.length > 0 ? unreadable : files;
  return `the input holds no readable DICOM: ${files.length} files, ${unreadable.length} of them unreadable DICOM; ${example.key}: ${example.message}`;
}

/** Instances with the same UID are compared by content; only these are read completely. */
async function addDigests(context: StageContext, rows: ListedInstance[]): Promise<void> {
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

/** Without pseudonyms the ids need no secret, because the tables show what they are made of. */
const PUBLIC_SALT = 'rtpipeline';

function hashOf({ course_salt: secret, identifiers }: Config['organize']): OrganizeOptions['hash'] {
  if (secret === null && identifiers === 'pseudonym')
    throw new BadConfig('organize.identifiers: pseudonym needs a secret. Set organize.course_salt');
  const digest = keyedDigest(secret ?? PUBLIC_SALT);
  return (text) => Buffer.from(digest(text)).toString('hex');
}

function unassignedFile({ key, bytes, reason, message }: Rejected): UnassignedRow {
  const none = { sopInstanceUid: '', seriesInstanceUid: '', modality: '', patientId: '' };
  return { key, bytes, ...none, reason: isOwnReason(reason) ? reason : 'not_dicom', message };
}

/** Reasons that the table tells apart; all others are files that are no DICOM. */
function isOwnReason(reason: Rejected['reason']): reason is 'unreadable' | 'not_a_file' | 'not_received' {
  return reason === 'unreadable' || reason === 'not_a_file' || reason === 'not_received';
}

/** Of the settings that courses follow from, but for the secret, and of the code. */
function settingsDigest({ organize }: Config, { patients }: RunRequest): string {
  return sha256(stableJson({ code: codeDigest().all, organize: { ...organize, course_salt: null }, patients }));
}

/** Groups have different patients, and each has its courses in order. */
function byPatient(courses: CourseResult[]): CourseResult[] {
  return courses.toSorted((a, b) => compareText(a.patientId, b.patientId));
}

function byKey(a: UnassignedRow, b: UnassignedRow): number {
  return compareText(a.key, b.key);
}

/** The tables that follow from the headers alone. */
function tablesOf(groups: GroupResult[], courses: CourseResult[], unassigned: UnassignedRow[]): Table[] {
  const patients = groups.flatMap((group) => group.patients);
  const idOf = (row: Row) => String(row[PATIENT_ID.name] ?? '');
  return [
    { ...patientsTable([]), rows: patients.toSorted((a, b) => compareText(idOf(a), idOf(b))) },
    { ...caseMetadataTable([]), rows: courses.flatMap(({ rows }) => rows.caseMetadata) },
    { ...fractionsTable([]), rows: courses.flatMap(({ rows }) => rows.fractions) },
    { ...dosesTable([]), rows: courses.flatMap(({ rows }) => rows.doses) },
    unassignedTable(unassigned),
  ];
}
