import { z } from 'zod';
import { codeDigest } from '../code-digest.ts';
import { VERSION } from '../code-version.ts';
import type { Config } from '../config.ts';
import { parseConfig } from '../config.ts';
import type { StageContext } from '../course-store/context.ts';
import { readJson, readJsonIfAny, sha256, stableJson } from '../course-store/json.ts';
import { recordingStore } from '../course-store/recording-store.ts';
import { BadInput, describeError, PipelineError, StoreMissing } from '../errors.ts';
import type { Finding } from '../findings.ts';
import type { Course } from '../rt/course.ts';
import { courseKeys, runKeys } from '../store/keys.ts';
import type { ObjectStore } from '../store/store.ts';
import type { Stage } from './stage.ts';
import { type StageStatus, statusSchema } from './status.ts';
import { type CourseStageName, STAGES } from './table.ts';
import type { Claim } from './task.ts';

export const courseInput = z.strictObject({
  courseId: z.string().regex(/^[0-9a-f]{8,64}$/),
  /** Compute again even if nothing changed. */
  force: z.boolean().default(false),
});
export type CourseInput = z.infer<typeof courseInput>;

export interface CourseOutput {
  courseId: string;
  stage: CourseStageName;
  status: StageStatus['status'];
  reason: string;
  /** True when an earlier result was found valid and nothing was computed. */
  resumed: boolean;
}

/** What a stage of one course is, without the resume and status around it. */
export interface CourseStage {
  name: CourseStageName;
  /** The part of the configuration that the result follows from. */
  configuration(config: Config): unknown;
  /** What the job of this course needs, or why there is none: a decision, recorded as `skipped`. */
  claim(course: Course, config: Config): Claim | { skip: string };
  /** True when the configuration asks to compute again what is done. */
  isForced?(config: Config): boolean;
  /** Writes its results through `context.store` and says how it went. `force`: earlier parts are not to be kept. */
  compute(course: Course, config: Config, context: StageContext, force: boolean): Promise<CourseResult>;
}

export interface CourseResult {
  status: 'ok' | 'skipped' | 'failed';
  reason?: string;
  findings: Finding[];
  /** Why a part of it failed: thrown on when the findings are written. */
  error?: unknown;
}

/**
 * Wraps a course stage: an earlier result whose digests match is kept; else `compute` runs and the status is written
 * last. An error is written as `failed` and thrown on.
 */
export function courseStage(stage: CourseStage): Stage<CourseInput, CourseOutput> {
  return {
    name: stage.name,
    input: courseInput as z.ZodType<CourseInput>,
    async run({ courseId, force }, context) {
      const config = parseConfig(await readJson(context.store, runKeys.config));
      const earlier = force ? undefined : await currentStatus(stage, courseId, config, context.store);
      const { status, reason } = earlier ?? (await computeStatus(stage, courseId, config, context, force));
      return { courseId, stage: stage.name, status, reason, resumed: earlier !== undefined };
    },
  };
}

/** The status of an earlier run that still holds: same input, not failed, all outputs there. */
export async function currentStatus(
  stage: CourseStage,
  courseId: string,
  config: Config,
  store: ObjectStore,
  after = STAGES[stage.name].after,
): Promise<StageStatus | undefined> {
  const key = courseKeys(courseId).status(stage.name);
  const parsed = statusSchema.safeParse(await readJsonIfAny(store, key).catch(() => undefined));
  if (!parsed.success || parsed.data.status === 'failed') return undefined;
  if (parsed.data.inputDigest !== (await digestOfInput(stage, courseId, config, store, after))) return undefined;
  const found = await Promise.all(parsed.data.outputs.map((output) => store.head(output.key)));
  return found.every((info, i) => info?.bytes === parsed.data.outputs[i].bytes) ? parsed.data : undefined;
}

/**
 * The status that stands for the course as it is now configured, whether computed or skipped; undefined when there is
 * none, it failed, or what it follows from has changed since.
 */
export function standingStatus(
  stage: CourseStage,
  course: Course,
  config: Config,
  store: ObjectStore,
): Promise<StageStatus | undefined> {
  const after = 'skip' in stage.claim(course, config) ? [] : STAGES[stage.name].after;
  return currentStatus(stage, course.courseId, config, store, after);
}

/** Records the decision that a stage has nothing to do: it follows from course and configuration alone. */
export async function recordSkip(
  stage: CourseStage,
  courseId: string,
  config: Config,
  reason: string,
  context: StageContext,
): Promise<void> {
  const compute: CourseStage['compute'] = async () => ({ status: 'skipped', reason, findings: [] });
  if (await currentStatus(stage, courseId, config, context.store, [])) return;
  await computeStatus({ ...stage, compute }, courseId, config, context, false, []);
}

async function computeStatus(
  stage: CourseStage,
  courseId: string,
  config: Config,
  context: StageContext,
  force: boolean,
  after = STAGES[stage.name].after,
): Promise<StageStatus> {
  const inputDigest = await digestOfInput(stage, courseId, config, context.store, after);
  const startedAt = context.now();
  const recording = recordingStore(context.store);
  const keys = courseKeys(courseId);
  const status = (verdict: StageStatus['status'], reason: string, findings: Finding[]): StageStatus => ({
    stage: stage.name,
    status: verdict,
    reason,
    inputDigest,
    outputDigest: sha256(stableJson(recording.outputs())),
    codeVersion: `${VERSION}+${codeDigest().all}`,
    startedAt: startedAt.toISOString(),
    seconds: (context.now().getTime() - startedAt.getTime()) / 1000,
    peakMemoryMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    findings,
    outputs: recording.outputs(),
  });
  const write = async (value: StageStatus) => {
    await context.store.put(keys.status(stage.name), new TextEncoder().encode(`${stableJson(value)}\n`));
    return value;
  };

  const compute = async (): Promise<CourseResult> => {
    const course = await readJson<Course>(context.store, keys.course);
    return stage.compute(course, config, { ...context, store: recording.store }, force);
  };
  const result = await compute().catch(async (thrown: unknown): Promise<CourseResult> => {
    if (context.signal.aborted) throw thrown;
    const error = await plainError(thrown, stage.name, after, courseId, context.store);
    return { status: 'failed', reason: failureReason(error), findings: [], error };
  });
  const written = await write(status(result.status, result.reason ?? '', result.findings));
  if (result.status === 'failed') throw result.error;
  return written;
}

/** What is not there because an earlier stage has not run is said by the name of that stage. */
async function plainError(
  error: unknown,
  stage: CourseStageName,
  after: readonly CourseStageName[],
  courseId: string,
  store: ObjectStore,
): Promise<unknown> {
  if (!(error instanceof StoreMissing)) return error;
  const ran = await Promise.all(after.map((name) => store.head(courseKeys(courseId).status(name))));
  const absent = after.filter((_, i) => ran[i] === undefined);
  if (absent.length === 0) return error;
  const names = absent.join(' ');
  return new BadInput(`${stage} needs ${names}, which has not run: --stage ${names} ${stage}`, { cause: error });
}

async function digestOfInput(
  stage: CourseStage,
  courseId: string,
  config: Config,
  store: ObjectStore,
  after: readonly CourseStageName[],
): Promise<string> {
  const keys = courseKeys(courseId);
  const upstream = await Promise.all(
    after.map(async (name) => {
      const found = await readJsonIfAny<StageStatus>(store, keys.status(name));
      return [name, found?.status ?? 'absent', found?.outputDigest ?? ''];
    }),
  );
  const course = sha256(await store.get(keys.course));
  return sha256(
    stableJson({ stage: stage.name, code: codeDigest().all, course, upstream, config: stage.configuration(config) }),
  );
}

function failureReason(error: unknown): string {
  return error instanceof PipelineError ? `${error.name}: ${describeError(error)}` : describeError(error);
}
