import { randomBytes } from 'node:crypto';
import { type Command, InvalidArgumentError } from 'commander';
import { BadInput } from '#lib/errors.ts';
import { COURSE_STAGE_NAMES } from '#lib/stages/table.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import { deploymentKeys, withDeploymentKeys } from '#lib/upload-settings.ts';
import { bucketPlace } from '../cloud/place.ts';
import { effectiveConfig } from '../configuration.ts';
import { addDeidentifyFlags, type DeidentifyFlags, deidentifyRun } from '../deidentify/flags.ts';
import { openTally } from '../deidentify/tally.ts';
import { estimateRun } from '../estimate/estimate.ts';
import { openInput } from '../open-input.ts';
import { byteBar } from '../progress/byte-bar.ts';
import { type Parcel, parcelsOf } from '../upload/parcel.ts';
import { openUploadRecord } from '../upload/record.ts';
import { sendUpload } from '../upload/send.ts';

interface UploadOptions extends DeidentifyFlags {
  deidentify: boolean;
  to: string;
  name?: string;
  config?: string;
  stage: string[];
  patient: string[];
  force: boolean;
  parallel: number;
  keepNames: boolean;
  record?: string;
  mostDollars?: number;
}

export function addUpload(program: Command): void {
  const command = program
    .command('upload')
    .argument('<dir>', 'folder with DICOM')
    .requiredOption('--to <uri>', 's3://<bucket for uploads>; the deployment prints it')
    .option('--name <name>', 'name of the upload: letters, digits, dots and dashes. Do not name a patient')
    .option('--config <file>', 'configuration file of this run (YAML); default: the configuration of the deployment')
    .option('--stage <names...>', `only these stages: ${COURSE_STAGE_NAMES.join(', ')}`, [])
    .option('--patient <ids...>', 'only courses of these patients (PatientID)', [])
    .option('--force', 'compute everything again', false)
    .option('--parallel <n>', 'files sent at the same time', atLeastOne, 16)
    .option(
      '--most-dollars <n>',
      'send nothing if the run may cost more than this (high case of `rtpipeline estimate` with the same --config)',
      dollars,
    )
    .option('--keep-names', 'use the file paths as keys. Only allowed if no path names a patient', false)
    .option(
      '--record <file>',
      'manifest of the uploaded files (default ./<name>.upload.jsonl). Reuse this manifest to resume',
    )
    .option('--deidentify', 'remove identities of patients and staff before any file is sent', false);
  addDeidentifyFlags(command).action(upload);
}

async function upload(dir: string, options: UploadOptions): Promise<void> {
  const name = options.name ?? newName(new Date());
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name))
    throw new BadInput('this name cannot be used for an upload. Use letters, digits, dots and dashes', { where: name });
  const { bucket } = bucketPlace(options.to);
  const folder = await openInput(dir, `${name}.upload.jsonl`);
  const all = await parcelsOf(folder, options.keepNames, (path, why) => console.error(`not sent: ${path}: ${why}`));
  const { parcels, prepare, patientOf, summary } = prepared(all, dir, name, options);
  if (parcels.length === 0) throw new BadInput('the folder holds no files', { where: dir });
  if (options.mostDollars !== undefined) await assertAffordable(folder, options.mostDollars, options.config);
  const progress = byteBar(
    'sending',
    parcels.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  const done = await sendUpload({
    folder,
    parcels,
    bucket,
    prefix: `incoming/${name}`,
    record: openUploadRecord(options.record ?? `${name}.upload.jsonl`),
    parallel: options.parallel,
    prepare,
    marker: {
      config: options.config === undefined ? undefined : await configOf(options.config),
      request: { patients: options.patient.map(patientOf), stages: options.stage },
      force: options.force,
      sentAt: new Date().toISOString(),
    },
    onSent: ({ bytes }) => progress.add(bytes),
  }).finally(progress.stop);
  if (summary) console.log(summary());
  console.log(`${done.count} files, ${megabytes(done.bytes)} MB; ${done.sent} sent now. The run starts: ${name}`);
}

/** @throws BadInput where the run may cost more */
async function assertAffordable(folder: ObjectStore, most: number, file: string | undefined): Promise<void> {
  const { config } = await effectiveConfig(file, process.env, {});
  const estimate = await estimateRun(folder, config);
  const { likely, high } = estimate.run;
  const whole = high.dollars + estimate.orchestration;
  if (whole <= most) return;
  const told = `$ ${likely.dollars.toFixed(2)}, and at most $ ${whole.toFixed(2)}`;
  throw new BadInput(
    `a run of these ${estimate.courses} courses costs about ${told}: raise --most-dollars or send fewer`,
    { where: folder.uri },
  );
}

/** With the settings in its version a file that lies there as it was, or by another key, counts as not sent. */
function prepared(parcels: Parcel[], dir: string, name: string, options: UploadOptions) {
  if (!options.deidentify) return { parcels, patientOf: (id: string) => id };
  if (options.keepNames)
    throw new BadInput('--keep-names and --deidentify exclude each other: file paths may name patients');
  const run = deidentifyRun(options, dir);
  const tally = openTally(run, options.key, `${name}.deidentified.jsonl`);
  return {
    parcels: parcels.map((parcel) => ({ ...parcel, version: `${parcel.version} ${run.fingerprint}` })),
    prepare(bytes: Uint8Array, { path }: Parcel): Uint8Array | undefined {
      const outcome = tally.take(path, bytes);
      return outcome.kind === 'written' ? outcome.bytes : undefined;
    },
    patientOf: (id: string) => run.settings.pseudonyms.patient(id.trim()),
    summary: tally.summary,
  };
}

/**
 * The whole configuration, including the files that it names, without the settings of the deployment: its programs,
 * shell commands and model folders. Without its own salt it gets the deployment's.
 */
async function configOf(file: string): Promise<Record<string, unknown>> {
  const { config, origins } = await effectiveConfig(file, process.env, {});
  const left = deploymentKeys().filter((key) => origins.has(key));
  if (left.length > 0) console.error(`note: not sent, because only the deployment can set it: ${left.join(', ')}`);
  return withDeploymentKeys(config);
}

function newName(now: Date): string {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${stamp}-${randomBytes(2).toString('hex')}`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

function dollars(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('must be a number above 0');
  return value;
}

function atLeastOne(text: string): number {
  const value = Number(text);
  if (!(Number.isInteger(value) && value >= 1)) throw new InvalidArgumentError('must be a whole number above 0');
  return value;
}
