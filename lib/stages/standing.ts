import { codeDigest } from '../code-digest.ts';
import type { Config } from '../config.ts';
import { readJsonIfWhole, sha256, stableJson } from '../course-store/json.ts';
import type { Outputs } from '../course-store/recording-store.ts';
import type { Course } from '../rt/course.ts';
import { getIfAny } from '../store/get-if-any.ts';
import { courseKeys } from '../store/keys.ts';
import type { ObjectStore } from '../store/store.ts';
import type { AnyCourseStage } from './define-course-stage.ts';
import { type StageStatus, statusSchema } from './status.ts';
import { type CourseStageName, STAGES } from './table.ts';

/**
 * The status whose results are valid for the course under the present configuration: computed, partial or skipped.
 * Undefined when there is none, when it failed, or when its inputs have changed.
 */
export async function standingStatus(
  stage: AnyCourseStage,
  course: Course,
  config: Config,
  store: ObjectStore,
): Promise<StageStatus | undefined> {
  const status = await readStatus(store, course.courseId, stage.name);
  if (!status || status.status === 'failed') return undefined;
  const claim = stage.claim(course, config);
  if ('skip' in claim) return status.inputDigest === skipDigest(stage, claim.skip) ? status : undefined;
  if (status.inputDigest !== (await digestOfInput(stage, course, config, store))) return undefined;
  const found = await Promise.all(status.outputs.map((output) => store.head(output.key)));
  return found.every((info, i) => info?.bytes === status.outputs[i].bytes) ? status : undefined;
}

/**
 * The standing status of a stage that another attempt would not better: a result in part is not done, and a decision of
 * the stage itself to skip (no program, no model) holds as long as it looked in the same place and the program that was
 * missing is still not there.
 */
export async function doneStatus(
  stage: AnyCourseStage,
  course: Course,
  config: Config,
  store: ObjectStore,
): Promise<StageStatus | undefined> {
  const status = await standingStatus(stage, course, config, store);
  if (!status || status.status === 'partial') return undefined;
  const isOwnSkip = status.status === 'skipped' && !('skip' in stage.claim(course, config));
  if (!isOwnSkip) return status;
  const looksElsewhere = status.meansDigest !== meansDigest(stage, config);
  return looksElsewhere || (await stage.hasProgram?.(config)) ? undefined : status;
}

/** Outputs of a status that are no longer what was written, by their keys. */
export async function damagedOutputs(outputs: Outputs, store: ObjectStore): Promise<string[]> {
  const damaged: string[] = [];
  for (const { key, sha256: written } of outputs) {
    const body = await getIfAny(store, key);
    if (!body || sha256(body) !== written) damaged.push(key);
  }
  return damaged;
}

/** Digest of all that a result follows from: code, what is read of the course, earlier results, configuration. */
export async function digestOfInput(
  stage: AnyCourseStage,
  course: Course,
  config: Config,
  store: ObjectStore,
): Promise<string> {
  const upstream = await Promise.all(
    STAGES[stage.name].after.map(async (name) => {
      const found = await readStatus(store, course.courseId, name);
      return [name, found?.status ?? 'absent', found?.outputDigest ?? ''];
    }),
  );
  return sha256(
    stableJson({
      stage: stage.name,
      code: codeDigest().all,
      course: fieldsRead(stage, course),
      upstream,
      config: stage.configuration(config),
    }),
  );
}

/** A skip that configuration and course decide follows from nothing else. */
export function skipDigest(stage: AnyCourseStage, reason: string): string {
  return sha256(stableJson({ stage: stage.name, skip: reason }));
}

export function meansDigest(stage: AnyCourseStage, config: Config): string {
  return sha256(stableJson(stage.means(config)));
}

/** What the stages before this one wrote, with its digests; where several list a key the last one counts. */
export async function upstreamOutputs(
  stage: AnyCourseStage,
  courseId: string,
  store: ObjectStore,
): Promise<Map<string, string>> {
  const statuses = await Promise.all(STAGES[stage.name].after.map((name) => readStatus(store, courseId, name)));
  return new Map(
    statuses.flatMap((status) => (status?.outputs ?? []).map(({ key, sha256 }) => [key, sha256] as const)),
  );
}

/** The status file of a stage; undefined when there is none, or half of one. */
export async function readStatus(
  store: ObjectStore,
  courseId: string,
  stage: CourseStageName,
): Promise<StageStatus | undefined> {
  const found = await readJsonIfWhole(store, courseKeys(courseId).status(stage));
  const parsed = statusSchema.safeParse(found);
  return parsed.success ? parsed.data : undefined;
}

export function fieldsRead({ reads }: AnyCourseStage, course: Course): Partial<Course> {
  const fields: readonly string[] = reads;
  return Object.fromEntries(Object.entries(course).filter(([name]) => fields.includes(name)));
}
