import { createHash } from 'node:crypto';
import { closedHosts, type QuotaValues } from '#lib/aws/quotas.ts';
import { type Config, parseConfig } from '#lib/config.ts';
import { readJsonIfAny, writeJson } from '#lib/course-store/json.ts';
import { BadInput, describeError } from '#lib/errors.ts';
import { READY_MARKER, type ReadyMarker, readyMarkerSchema } from '#lib/stages/catalog/ready-marker.ts';
import { stagesLeftOut } from '#lib/stages/left-out.ts';
import { lackingModels, publishedModels, withPublishedModels } from '#lib/stages/segmentation/published-models.ts';
import { DEPLOYED_CONFIG_KEY, MODELS_ROOT, PUBLISHED_MODELS, runKeys } from '#lib/store/keys.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import { deploymentKeysIn, withDeploymentKeys } from '#lib/upload-settings.ts';
import { type ExecutionInput, executionInput } from '#statemachine/input.ts';
import { runIdOf, type Upload } from './upload.ts';

/** The AWS services that the start uses. */
export interface Services {
  open(bucket: string, prefix: string): Promise<ObjectStore>;
  /** Bucket of runs, and of the configuration that the deployment holds. */
  resultsBucket: string;
  copy(bucket: string, from: string, to: string): Promise<void>;
  executionArn(name: string): string;
  /** State of an execution; undefined without one of that name. */
  executionState(name: string): Promise<string | undefined>;
  /** False when an execution of this name exists. */
  startExecution(name: string, input: ExecutionInput): Promise<boolean>;
  notify(subject: string, message: Record<string, string>): Promise<void>;
  /** Names that `totalseg_download_weights` took when the image of segmentation was built. */
  imageWeights: string[];
  /** Quotas of the account, as far as they can be read. */
  quotas(): Promise<QuotaValues>;
  /** Secret that course ids and pseudonyms are hashed with: the same for every run of the deployment. */
  courseSalt(): Promise<string>;
}

export type Outcome = 'started' | 'known' | 'rejected' | { waitSeconds: number };

const DEPLOYED = `${DEPLOYED_CONFIG_KEY} of the results bucket`;

/** How often an upload is counted again while objects are missing; each pause is a minute longer. */
const LOOKS = 5;
/** CopyObject's limit. */
const LARGEST_ARCHIVE = 5 * 2 ** 30;
const QUIET_RETRY_SECONDS = 600;

/**
 * Checks the upload and starts its execution, once however often it is announced. Every step can be done again, and the
 * name of the execution follows from the content: where this is killed does not matter.
 */
export async function startRun(upload: Upload, look: number, services: Services): Promise<Outcome> {
  const store = await services.open(services.resultsBucket, `runs/${upload.id}`);
  try {
    const prepared = await prepare(upload, look, services);
    if ('waitSeconds' in prepared) return prepared;
    const { marker, version } = prepared;
    const runId = runIdOf({ ...upload, version });
    const running = await runningExecution(store, services);
    if (running !== undefined && running !== runId) {
      if (upload.kind === 'quiet') return { waitSeconds: QUIET_RETRY_SECONDS };
      throw new BadInput(`the run ${running} still processes this upload. Send the marker again when it ends`);
    }
    const config = await configOf(marker, services);
    const leftOut = await leftOutOf(config, services);
    await writeJson(store, runKeys.request, { ...marker.request, leftOut });
    await writeJson(store, runKeys.config, config);
    await writeJson(store, runKeys.execution, { name: runId, arn: services.executionArn(runId) });
    const inputUri = `s3://${upload.bucket}/${upload.prefix.replace(/\/$/, '')}`;
    const input = executionInput({ runId, inputUri, storeUri: store.uri, force: marker.force });
    if (!(await services.startExecution(runId, input))) return 'known';
    await tellLeftOut(upload, leftOut, services);
    return 'started';
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    await reject(upload, describeError(error), store, services);
    return 'rejected';
  }
}

/** Tells that nothing was started, and why: beside the run's results and to the topic, without names of files. */
async function reject(upload: Upload, reason: string, store: ObjectStore, services: Services): Promise<void> {
  await writeJson(store, runKeys.rejected, { status: 'rejected', upload: upload.id, reason });
  await services.notify('rtpipeline upload rejected', { status: 'rejected', upload: upload.id, reason });
}

/**
 * What the account cannot do, asked before jobs would wait for it for days.
 * @throws BadInput when no job at all could run
 */
async function leftOutOf(config: Config, services: Services): Promise<Record<string, string>> {
  const leftOut = stagesLeftOut(config, closedHosts(await services.quotas()));
  if (leftOut.structures) throw new BadInput(leftOut.structures);
  return leftOut;
}

async function tellLeftOut(upload: Upload, leftOut: Record<string, string>, services: Services): Promise<void> {
  if (Object.keys(leftOut).length === 0) return;
  await services.notify('rtpipeline run leaves out stages', { status: 'started', upload: upload.id, ...leftOut });
}

type Prepared = { marker: ReadyMarker; version: string } | { waitSeconds: number };

async function prepare(upload: Upload, look: number, services: Services): Promise<Prepared> {
  const nothingStated = readyMarkerSchema.parse({});
  if (upload.kind === 'archive') {
    await placeArchive(upload, services);
    return { marker: nothingStated, version: upload.version };
  }
  const objects = await services.open(upload.bucket, upload.prefix);
  const listed = await measure(objects);
  if (listed.count === 0) throw new BadInput('the upload holds no files');
  if (upload.kind === 'quiet') return { marker: nothingStated, version: listed.digest };

  const marker = await readMarker(objects);
  const difference = differenceOf(marker, listed);
  if (difference === undefined) return { marker, version: upload.version };
  if (look < LOOKS) return { waitSeconds: 60 * look };
  throw new BadInput(difference);
}

async function placeArchive(upload: Upload, services: Services): Promise<void> {
  if (upload.archiveBytes > LARGEST_ARCHIVE)
    throw new BadInput('the archive is larger than 5 GiB. Unpack it and send the folder with `rtpipeline upload`');
  await services.copy(upload.bucket, upload.key, `${upload.prefix}upload.zip`);
}

interface Listed {
  count: number;
  bytes: number;
  digest: string;
}

async function measure(objects: ObjectStore): Promise<Listed> {
  const digest = createHash('sha256');
  let count = 0;
  let bytes = 0;
  for await (const object of objects.list('')) {
    if (object.key === READY_MARKER) continue;
    count += 1;
    bytes += object.bytes;
    digest.update(`${object.key}\n${object.bytes}\n${object.version}\n`);
  }
  return { count, bytes, digest: digest.digest('hex') };
}

async function readMarker(objects: ObjectStore): Promise<ReadyMarker> {
  const text = new TextDecoder().decode(await objects.get(READY_MARKER));
  let value: unknown;
  try {
    value = text.trim() === '' ? {} : JSON.parse(text, refusePrototype);
  } catch (error) {
    if (error instanceof BadInput) throw error;
    throw new BadInput(`${READY_MARKER} is not valid JSON`);
  }
  const parsed = readyMarkerSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.') || '(top)'}: ${message}`);
  throw new BadInput(`${READY_MARKER}: ${issues.join('; ')}`);
}

/** Schemas ignore this key silently, so the sender would not learn that it has no effect. */
function refusePrototype(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new BadInput(`${READY_MARKER}: unknown key __proto__`);
  return value;
}

function differenceOf(marker: ReadyMarker, listed: Listed): string | undefined {
  const differences = (['count', 'bytes'] as const)
    .filter((what) => marker[what] !== undefined && marker[what] !== listed[what])
    .map((what) => `${what}: ${marker[what]} stated, ${listed[what]} there`);
  return differences.length === 0 ? undefined : `the upload differs from its marker: ${differences.join(', ')}`;
}

async function runningExecution(store: ObjectStore, services: Services): Promise<string | undefined> {
  const earlier = await readJsonIfAny<{ name: string }>(store, runKeys.execution);
  if (!earlier) return undefined;
  return (await services.executionState(earlier.name)) === 'RUNNING' ? earlier.name : undefined;
}

/**
 * The upload's configuration, or the deployment's, or the product's, with the models that are published. Programs, shell
 * commands, folders of models and the secret salt are the deployment's in any case: who may send files must not thereby
 * start programs.
 * @throws BadInput when it asks for models or weights that the deployment does not have
 */
async function configOf(marker: ReadyMarker, services: Services): Promise<Config> {
  const bucket = await services.open(services.resultsBucket, '');
  const deployed = (await readJsonIfAny<Record<string, unknown>>(bucket, DEPLOYED_CONFIG_KEY)) ?? {};
  const foreign = deploymentKeysIn(marker.config);
  if (foreign.length > 0)
    throw new BadInput(
      `${foreign.join(', ')}: only the deployment can set this (${DEPLOYED}). Remove it from the upload`,
    );
  const config = parseConfig(marker.config ? withDeploymentKeys(marker.config, deployed) : deployed);
  if (config.segmentation.device === 'mps')
    throw new BadInput('segmentation.device: mps works only on a Mac; use gpu or cpu on AWS');
  const published = publishedModels.parse(
    (await readJsonIfAny(await services.open(services.resultsBucket, MODELS_ROOT), PUBLISHED_MODELS)) ?? {},
  );
  const equipped = withPublishedModels(config, published);
  const lacking = lackingModels(equipped, published, services.imageWeights);
  if (lacking.length > 0) throw new BadInput(lacking.join('; '));
  const salt =
    config.organize.course_salt ?? parseConfig(deployed).organize.course_salt ?? (await services.courseSalt());
  return { ...equipped, organize: { ...config.organize, course_salt: salt } };
}
