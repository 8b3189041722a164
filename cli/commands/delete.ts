import type { Command } from 'commander';
import { BadInput } from '#lib/errors.ts';
import { courseKeys, QUERY_RESULTS } from '#lib/store/keys.ts';
import { openStore } from '#lib/store/open.ts';
import { executionState } from '../cloud/execution.ts';
import { type PatientTraces, patientTraces } from '../cloud/patient-traces.ts';
import { type BucketPlace, bucketPlace, placeOfRun } from '../cloud/place.ts';
import { deleteVersions, runNames } from '../cloud/runs.ts';

interface DeleteOptions {
  uploads?: string;
  patient?: string;
  everything: boolean;
  yes: boolean;
}

/**
 * What of a run is made of all its patients: each of these may hold rows of one, and the next run makes them anew. The lists of
 * the upload go last: by them the patient is found again where this is interrupted.
 */
const OF_ALL_PATIENTS = ['results/', 'run/', 'private/request.json', 'private/unpacked/', 'private/'];
/** What the start of a run has written there: it names no patient, and the next run needs it. */
const KEPT = ['private/config.json', 'private/pseudonym.key', 'run/execution.json'];
const NOTHING_DELETED = 'Nothing was deleted. Repeat the command with --yes to delete; that cannot be undone.';

export function addDelete(program: Command): void {
  program
    .command('delete')
    .argument(
      '<place>',
      's3://<bucket for results>/runs/<upload>, or with --patient s3://<bucket for results> for all runs',
    )
    .option('--uploads <uri>', 's3://<bucket for uploads>; also delete the upload')
    .option('--patient <id>', 'only this patient, by PatientID or by the id in the tables')
    .option('--everything', 'everything in s3://<bucket>, before you delete its deployment', false)
    .option('--yes', 'really delete; without it the command only lists what it would delete', false)
    .action((place: string, options: DeleteOptions) => {
      const { patient, everything } = options;
      if (everything && patient !== undefined) throw new BadInput('--everything and --patient: use one of them');
      if (everything) return empty(place, options);
      return patient === undefined ? deleteRun(place, options) : deletePatient(place, patient, options);
    });
}

/** CloudFormation deletes no bucket that holds a version of anything. */
async function empty(place: string, { yes, uploads }: DeleteOptions): Promise<void> {
  const { bucket, prefix } = bucketPlace(place);
  if (prefix !== '' || uploads !== undefined)
    throw new BadInput('--everything takes one bucket and nothing else: s3://<bucket>', { where: place });
  if (!yes) return console.log(`would delete every version in s3://${bucket}\n${NOTHING_DELETED}`);
  console.log(`${await deleteVersions(bucket, '')} versions deleted in s3://${bucket}`);
}

async function deleteRun(run: string, { uploads, yes }: DeleteOptions): Promise<void> {
  const { uri, bucket, name } = placeOfRun(run);
  const places = [
    { bucket, prefix: `runs/${name}/` },
    // Answers of Athena may hold rows of any run.
    { bucket, prefix: QUERY_RESULTS },
    ...(uploads === undefined ? [] : uploadPlaces(bucketPlace(uploads).bucket, name)),
  ];
  if (!yes) {
    for (const place of places) console.log(`would delete every version below s3://${place.bucket}/${place.prefix}`);
    return console.log(NOTHING_DELETED);
  }
  await assertEnded(uri);
  for (const place of places) {
    const count = await deleteVersions(place.bucket, place.prefix);
    console.log(`${count} versions deleted below s3://${place.bucket}/${place.prefix}`);
  }
}

/** A report of counts: it names runs and no patient. */
async function deletePatient(place: string, patient: string, { uploads, yes }: DeleteOptions): Promise<void> {
  const { bucket, prefix } = bucketPlace(place);
  const names = prefix === '' ? await runNames(bucket) : [placeOfRun(place).name];
  if (uploads === undefined)
    throw new BadInput('what was sent holds the patient too: name its bucket with --uploads s3://<bucket for uploads>');
  const inbox = bucketPlace(uploads).bucket;
  let found = 0;
  for (const name of names) {
    const uri = `s3://${bucket}/runs/${name}`;
    const traces = await patientTraces(await openStore(uri), patient);
    if (!traces) continue;
    found += 1;
    if (yes) await assertEnded(uri);
    report(name, traces, yes ? await deleteTraces({ bucket, inbox, name }, traces) : undefined);
  }
  if (found === 0) throw new BadInput(`none of ${names.length} runs holds this patient`, { where: place });
  if (!yes) return console.log(NOTHING_DELETED);
  console.log(
    'The tables of these runs contained the patient and are deleted. Send the markers again to create them without the patient.',
  );
}

interface Run {
  bucket: string;
  inbox: string;
  name: string;
}

/** @returns how many versions went */
async function deleteTraces({ bucket, inbox, name }: Run, { courses, files }: PatientTraces): Promise<number> {
  const root = `runs/${name}/`;
  const places: BucketPlace[] = [
    ...files.map((key) => ({ bucket: inbox, prefix: `incoming/${name}/${key}` })),
    ...courses.map((id) => ({ bucket, prefix: root + courseKeys(id).root })),
    ...OF_ALL_PATIENTS.map((part) => ({ bucket, prefix: root + part })),
    { bucket, prefix: QUERY_RESULTS },
  ];
  const kept = KEPT.map((key) => root + key);
  let count = 0;
  for (const place of places) count += await deleteVersions(place.bucket, place.prefix, { kept });
  return count;
}

function report(name: string, { courses, files, unpacked }: PatientTraces, deleted: number | undefined): void {
  const what = `${courses.length} courses, ${files.length} files sent, and the tables and lists of the run`;
  console.log(
    deleted === undefined ? `${name}: would delete ${what}` : `${name}: ${what}: ${deleted} versions deleted`,
  );
  if (unpacked === 0) return;
  console.log(
    `${name}: ${unpacked} files of the patient are in archives, which are kept: delete the run with its uploads, or replace the archives`,
  );
  process.exitCode = 1;
}

/** @throws BadInput while it runs */
async function assertEnded(uri: string): Promise<void> {
  const { status } = await executionState(await openStore(uri));
  if (status === 'RUNNING')
    throw new BadInput('the run is still active. Stop it first with `rtpipeline stop`', { where: uri });
}

/** Where what was sent under a name lies: a folder, or an archive and the place that it was put to. */
function uploadPlaces(bucket: string, name: string): BucketPlace[] {
  return [`incoming/${name}${name.endsWith('.zip') ? '' : '/'}`, `archives/${name}/`].map((prefix) => ({
    bucket,
    prefix,
  }));
}
