import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { pack } from 'tar-stream';
import { parseConfig } from '#lib/config.ts';
import type { StageContext } from '#lib/course-store/context.ts';
import { readJsonLines, writeJson } from '#lib/course-store/json.ts';
import { silentLog } from '#lib/log.ts';
import { generatedCohort } from '#lib/phantom/generated-cohort.ts';
import { inlinePool } from '#lib/pool/inline-pool.ts';
import { loadStage } from '#lib/stages/registry.ts';
import { COURSE_STAGE_NAMES, isCourseStage, type StageName } from '#lib/stages/table.ts';
import { runKeys } from '#lib/store/keys.ts';
import { memoryStore } from '#lib/store/memory.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import { estimateStage } from '../../../functions/estimate/estimate.ts';
import { storedZip } from '../../fixtures/stored-zip.ts';

/** A stage, or the function that estimates a run. */
export type Actor = StageName | 'estimate';

/** What a stage asked of S3: the key lies below `incoming/<upload>/` or `runs/<upload>/`. */
export interface Deed {
  stage: Actor;
  action: 's3:GetObject' | 's3:PutObject' | 's3:DeleteObject' | 's3:ListBucket';
  bucket: 'input' | 'results';
  key: string;
}

const PROGRAMS = fileURLToPath(new URL('../../fixtures/programs/', import.meta.url));
const CONFIG = {
  segmentation: { command: `${PROGRAMS}segmenter.mjs`, device: 'cpu' },
  custom_models: { enabled: true, root: fileURLToPath(new URL('../../../models', import.meta.url)) },
  radiomics: { params_file: { imageType: { Original: {} }, featureClass: { firstorder: ['Mean'] } } },
  radiomics_robustness: { enabled: true, segmentation_perturbation: { apply_to_structures: ['*'] } },
};

const NAMELESS = { organize: { identifiers: 'pseudonym', course_salt: 'a secret of this run' } };

/**
 * Takes an upload, part of it in an archive, through all stages as the state machine would, and writes down what each asks
 * of the buckets. Images are made by the first stage that needs them: it is another where segmentation or models are off.
 */
export async function recordedDeeds(): Promise<Deed[]> {
  const segmentation = { enabled: false };
  return [
    ...(await deedsOf(CONFIG, [...COURSE_STAGE_NAMES, 'aggregate', 'report'])),
    ...(await deedsOf({ ...CONFIG, segmentation }, ['custom_models'])),
    ...(await deedsOf({ ...CONFIG, ...NAMELESS, segmentation, custom_models: {} }, ['structures'])),
  ];
}

async function deedsOf(config: object, stages: StageName[]): Promise<Deed[]> {
  const [input, store] = [memoryStore('s3://input/incoming/upload-1'), memoryStore('memory:output')];
  await writeJson(store, runKeys.config, parseConfig(config));
  const deeds: Deed[] = [];
  const run = async (stage: Actor, given: object) => {
    const note = (bucket: Deed['bucket'], prefix: string) => (action: Deed['action'], key: string) => {
      deeds.push({ stage, action, bucket, key: `${prefix}/${key}` });
    };
    const context: StageContext = {
      input: recording(input, note('input', 'incoming/upload-1')),
      store: recording(store, note('results', 'runs/upload-1')),
      pool: inlinePool(),
      log: silentLog,
      signal: new AbortController().signal,
      now: () => new Date(0),
    };
    await (stage === 'estimate' ? estimateStage() : await loadStage(stage))?.run(given, context);
  };
  const files = [...generatedCohort({ courses: 1, slices: 10, rows: 24, columns: 24, seed: 1 })];
  for (const { path, bytes } of files.slice(3)) await input.put(path, bytes);
  const archived = files.slice(0, 3).map(({ path, bytes }): [string, Uint8Array] => [path, bytes]);
  await input.put('more.zip', storedZip(Object.fromEntries(archived)));
  await input.put('cut.tar', await cutTar(archived));
  await run('catalog', { force: false, mostObjects: 1 });
  await run('catalog', { force: false, batch: 0 });
  await run('catalog', { force: false });
  await run('organize', { force: false });
  const [{ courseId }] = await readJsonLines<{ courseId: string }>(store, runKeys.courses);
  await run('estimate', { force: false });
  await run('size_jobs', { courseId, force: false });
  for (const stage of stages) await run(stage, isCourseStage(stage) ? { courseId, force: false } : {});
  return deeds;
}

/** An archive that ends in its last file: what was unpacked of it is deleted again. */
async function cutTar(files: [string, Uint8Array][]): Promise<Uint8Array> {
  const archive = pack();
  for (const [name, bytes] of files) archive.entry({ name }, Buffer.from(bytes));
  archive.finalize();
  const whole = await buffer(archive);
  return whole.subarray(0, whole.length - 2048);
}

/** The store, with each call told as the action of S3 that it needs. */
function recording(store: ObjectStore, note: (action: Deed['action'], key: string) => void): ObjectStore {
  const noting = <A extends [string, ...unknown[]], R>(action: Deed['action'], call: (...given: A) => R) => {
    return (...given: A) => {
      note(action, given[0]);
      return call(...given);
    };
  };
  return {
    uri: store.uri,
    get: noting('s3:GetObject', store.get),
    getRange: noting('s3:GetObject', store.getRange),
    head: noting('s3:GetObject', store.head),
    put: noting('s3:PutObject', store.put),
    putPieces: noting('s3:PutObject', store.putPieces),
    list: noting('s3:ListBucket', store.list),
    delete: noting('s3:DeleteObject', store.delete),
  };
}
