import { randomBytes } from 'node:crypto';
import { SingleBar } from 'cli-progress';
import { type Command, InvalidArgumentError } from 'commander';
import { BadInput } from '#lib/errors.ts';
import { COURSE_STAGE_NAMES } from '#lib/stages/result-tables.ts';
import { bucketPlace } from '../cloud/place.ts';
import { effectiveConfig } from '../configuration.ts';
import { openInput } from '../open-input.ts';
import { parcelsOf } from '../upload/parcel.ts';
import { openUploadRecord } from '../upload/record.ts';
import { sendUpload } from '../upload/send.ts';

interface UploadOptions {
  to: string;
  name?: string;
  config?: string;
  stage: string[];
  patient: string[];
  force: boolean;
  parallel: number;
  keepNames: boolean;
  record?: string;
}

export function addUpload(program: Command): void {
  program
    .command('upload')
    .description('send a folder to AWS, where its run starts when the last file is there')
    .argument('<dir>', 'folder with DICOM')
    .requiredOption('--to <uri>', 's3://<bucket for uploads>, as the deployment says it')
    .option('--name <name>', 'name of the upload: letters, digits, dots, dashes; nothing of a patient')
    .option('--config <file>', 'configuration of this run, YAML; else the one of the deployment')
    .option('--stage <names...>', `only these stages: ${COURSE_STAGE_NAMES.join(', ')}`, [])
    .option('--patient <ids...>', 'only courses of these patients (PatientID)', [])
    .option('--force', 'compute again what is done', false)
    .option('--parallel <n>', 'files under way at once', atLeastOne, 16)
    .option(
      '--keep-names',
      'keys are the paths of the files, not numbers: only where no path tells of a patient',
      false,
    )
    .option('--record <file>', 'what was sent; default <name>.upload.jsonl here. The same file goes on with an upload')
    .action(upload);
}

async function upload(dir: string, options: UploadOptions): Promise<void> {
  const name = options.name ?? newName(new Date());
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) throw new BadInput('not a name for an upload', { where: name });
  const { bucket } = bucketPlace(options.to);
  const folder = await openInput(dir, `${name}.upload.jsonl`);
  const parcels = await parcelsOf(folder, options.keepNames);
  if (parcels.length === 0) throw new BadInput('no file in this folder', { where: dir });
  const progress = progressOf(parcels.reduce((sum, { bytes }) => sum + bytes, 0));
  const done = await sendUpload({
    folder,
    parcels,
    bucket,
    prefix: `incoming/${name}`,
    record: openUploadRecord(options.record ?? `${name}.upload.jsonl`),
    parallel: options.parallel,
    marker: {
      config: options.config === undefined ? undefined : await configOf(options.config),
      request: { patients: options.patient, stages: options.stage },
      force: options.force,
      sentAt: new Date().toISOString(),
    },
    onSent: ({ bytes }) => progress.add(bytes),
  }).finally(progress.stop);
  console.log(`${done.count} files, ${megabytes(done.bytes)} MB; ${done.sent} sent now. The run starts: ${name}`);
}

/** The whole configuration, with the files that it names in it; the salt of course ids stays the deployment's. */
async function configOf(file: string): Promise<Record<string, unknown>> {
  const { config, origins } = await effectiveConfig(file, process.env, {});
  const { course_salt: salt, ...organize } = config.organize;
  const hasSalt = origins.has('organize.course_salt');
  return { ...config, organize: hasSalt ? { ...organize, course_salt: salt } : organize };
}

function newName(now: Date): string {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${stamp}-${randomBytes(2).toString('hex')}`;
}

/** A bar on a terminal, nothing elsewhere. */
function progressOf(total: number): { add(bytes: number): void; stop(): void } {
  if (!process.stdout.isTTY) return { add: () => {}, stop: () => {} };
  const bar = new SingleBar({ format: 'sending {bar} {percentage}% {eta_formatted}', hideCursor: true });
  bar.start(Math.max(1, total), 0);
  return { add: (bytes) => bar.increment(bytes), stop: () => bar.stop() };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

function atLeastOne(text: string): number {
  const value = Number(text);
  if (!(Number.isInteger(value) && value >= 1)) throw new InvalidArgumentError('must be a whole number above 0');
  return value;
}
