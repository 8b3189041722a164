import { z } from 'zod';
import { codeDigest } from '../code-digest.ts';
import { VERSION } from '../code-version.ts';
import { type Config, parseConfig } from '../config.ts';
import type { StageContext } from '../course-store/context.ts';
import { readJson, sha256, stableJson } from '../course-store/json.ts';
import { recordingStore } from '../course-store/recording-store.ts';
import { verifyingStore } from '../course-store/verifying-store.ts';
import { BadInput, describeError, PartlyOutOfMemory, PipelineError, StoreMissing } from '../errors.ts';
import { type Finding, finding } from '../findings.ts';
import { isMemoryError } from '../pool/memory-error.ts';
import type { Course } from '../rt/course.ts';
import { courseKeys, runKeys } from '../store/keys.ts';
import type { ObjectStore } from '../store/store.ts';
import type { AnyCourseStage, CourseResult } from './define-course-stage.ts';
import type { Stage } from './stage.ts';
import {
  digestOfInput,
  doneStatus,
  fieldsRead,
  meansDigest,
  readStatus,
  skipDigest,
  upstreamOutputs,
} from './standing.ts';
import type { StageStatus } from './status.ts';
import { type CourseStageName, STAGES } from './table.ts';

export const courseInput = z.strictObject({
  courseId: z.string().regex(/^[0-9a-f]{8,64}$/),
  /** Compute again even if nothing changed. */
  force: z.boolean().default(false),
  /** Outputs of the earlier result that are no longer what was written: it is computed again. */
  damaged: z.array(z.string()).optional(),
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

/**
 * Wraps a course stage: an earlier result whose digests match is kept; else `compute` runs and the status is written
 * last. An error is written as `failed` and thrown on.
 */
export function courseStage(stage: AnyCourseStage): Stage<CourseInput, CourseOutput> {
  return {
    name: stage.name,
    input: courseInput as z.ZodType<CourseInput>,
    async run(input, context) {
      const { courseId, force, damaged = [] } = input;
      const config = parseConfig(await readJson(context.store, runKeys.config));
      const course = await readJson<Course>(context.store, courseKeys(courseId).course);
      const mayStand = !force && damaged.length === 0;
      const earlier = mayStand ? await doneStatus(stage, course, config, context.store) : undefined;
      const { status, reason } = earlier ?? (await computeStatus(stage, { course, config, input }, context));
      return { courseId, stage: stage.name, status, reason, resumed: earlier !== undefined };
    },
  };
}

/** Records the decision that a stage has nothing to do. */
export async function recordSkip(
  stage: AnyCourseStage,
  courseId: string,
  reason: string,
  context: StageContext,
  findings: Finding[] = [],
): Promise<void> {
  const key = courseKeys(courseId).status(stage.name);
  const inputDigest = skipDigest(stage, reason);
  const earlier = await readStatus(context.store, courseId, stage.name);
  if (earlier?.status === 'skipped' && earlier.inputDigest === inputDigest) return;
  const status = statusOf(stage, { inputDigest, startedAt: context.now(), seconds: 0, outputs: [] });
  await writeStatus(context.store, key, { ...status, status: 'skipped', reason, findings });
}

interface Run {
  course: Course;
  config: Config;
  input: CourseInput;
}

async function computeStatus(stage: AnyCourseStage, run: Run, context: StageContext): Promise<StageStatus> {
  const { course, config, input } = run;
  const keys = courseKeys(course.courseId);
  const inputDigest = await digestOfInput(stage, course, config, context.store);
  const startedAt = context.now();
  const begun = performance.now();
  const upstream = await upstreamOutputs(stage, course.courseId, context.store);
  const recording = recordingStore(verifyingStore(context.store, upstream));
  const compute = async (): Promise<CourseResult> =>
    stage.compute(
      {
        course: fieldsRead(stage, course),
        config: stage.configuration(config),
        means: stage.means(config),
        force: input.force,
      },
      { ...context, store: recording.store, keep: recording.keep },
    );
  const result = await compute().catch(async (thrown: unknown): Promise<CourseResult> => {
    if (context.signal.aborted) throw thrown;
    const error = await plainError(thrown, stage.name, course.courseId, context.store);
    return { status: 'failed', reason: failureReason(error), findings: [], error };
  });
  const status: StageStatus = {
    ...statusOf(stage, {
      inputDigest,
      startedAt,
      seconds: (performance.now() - begun) / 1000,
      outputs: recording.outputs(),
    }),
    meansDigest: meansDigest(stage, config),
    status: result.status,
    reason: result.reason ?? '',
    findings: [...(input.damaged ?? []).map(damagedFinding), ...result.findings],
  };
  await writeStatus(context.store, keys.status(stage.name), status);
  if (result.status === 'failed') throw result.error;
  if (result.status === 'partial' && isMemoryError(result.error))
    throw new PartlyOutOfMemory(`${stage.name} has results, but the memory was not enough for all of them`);
  return status;
}

/** Reports a missing result of an earlier stage with the name of that stage. */
async function plainError(
  error: unknown,
  stage: CourseStageName,
  courseId: string,
  store: ObjectStore,
): Promise<unknown> {
  if (!(error instanceof StoreMissing)) return error;
  const { after } = STAGES[stage];
  const ran = await Promise.all(after.map((name) => store.head(courseKeys(courseId).status(name))));
  const absent = after.filter((_, i) => ran[i] === undefined);
  if (absent.length === 0) return error;
  const names = absent.join(' ');
  return new BadInput(`${stage} needs results of ${names}. Run both: --stage ${names} ${stage}`);
}

interface Facts {
  inputDigest: string;
  startedAt: Date;
  /** Measured, not a difference of times of day: somebody may set the clock. */
  seconds: number;
  outputs: StageStatus['outputs'];
}

function statusOf(stage: AnyCourseStage, { inputDigest, startedAt, seconds, outputs }: Facts) {
  return {
    stage: stage.name,
    inputDigest,
    meansDigest: '',
    outputDigest: sha256(stableJson(outputs)),
    codeVersion: `${VERSION}+${codeDigest().all}`,
    startedAt: startedAt.toISOString(),
    seconds: Math.round(1000 * seconds) / 1000,
    peakMemoryMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    outputs,
  };
}

async function writeStatus(store: ObjectStore, key: string, status: StageStatus): Promise<void> {
  await store.put(key, new TextEncoder().encode(`${stableJson(status)}\n`));
}

function damagedFinding(key: string): Finding {
  return finding('OUTPUT_DAMAGED', key, 'the file has changed since it was written: it is computed again');
}

function failureReason(error: unknown): string {
  return error instanceof PipelineError ? `${error.name}: ${describeError(error)}` : describeError(error);
}
