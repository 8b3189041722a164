import type { z } from 'zod';
import { parseConfig } from '../config.ts';
import type { StageContext } from '../course-store/context.ts';
import { readJson } from '../course-store/json.ts';
import { type Finding, finding } from '../findings.ts';
import type { Course } from '../rt/course.ts';
import { courseKeys, runKeys } from '../store/keys.ts';
import { type CourseInput, courseInput, recordSkip } from './course-stage.ts';
import { COURSE_STAGES } from './course-stages.ts';
import type { AnyCourseStage } from './define-course-stage.ts';
import { readRequest } from './request.ts';
import type { Stage } from './stage.ts';
import { damagedOutputs, doneStatus } from './standing.ts';
import type { StageStatus } from './status.ts';
import { COURSE_STAGE_NAMES, type CourseStageName, STAGES } from './table.ts';
import { type Claim, courseJob, type Job, noJob } from './task.ts';

/** Sizes the jobs of a course and writes a task document for each; leaves out what is done, disabled or not asked for. */
export const sizeJobs: Stage<CourseInput, { courseId: string; jobs: Record<CourseStageName, Job> }> = {
  name: 'size_jobs',
  input: courseInput as z.ZodType<CourseInput>,
  async run({ courseId, force }, context) {
    const course = await readJson<Course>(context.store, courseKeys(courseId).course);
    const steps = await stepsOf(course, force, context);
    await verify(steps, context);
    const jobs = Object.fromEntries(COURSE_STAGE_NAMES.map((name) => [name, noJob(name, courseId)]));
    for (const { name, claim, done, ...how } of steps) {
      if (!done) jobs[name] = await courseJob(context, name, { courseId, ...how }, claim, complexityOf(course));
    }
    return { courseId, jobs: jobs as Record<CourseStageName, Job> };
  },
};

/** A stage that is asked for and has something to do. */
interface Step {
  name: CourseStageName;
  claim: Claim;
  force: boolean;
  /** The earlier result, while it need not be computed again. */
  done?: StageStatus;
  /** Its outputs that are no longer what was written. */
  damaged: string[];
}

async function stepsOf(course: Course, force: boolean, context: StageContext): Promise<Step[]> {
  const config = parseConfig(await readJson(context.store, runKeys.config));
  const { stages: asked, leftOut } = await readRequest(context.store);
  const steps: Step[] = [];
  const stepOf = async (stage: AnyCourseStage) => {
    const claim = stage.claim(course, config);
    if ('skip' in claim) return recordSkip(stage, course.courseId, claim.skip, context);
    const isForced = force || (stage.isForced?.(config) ?? false);
    const isStale = isForced || isAfterOpen(stage.name, steps);
    const done = isStale ? undefined : await doneStatus(stage, course, config, context.store);
    const why = done ? undefined : leftOut[stage.name];
    if (why !== undefined) return recordSkip(stage, course.courseId, why, context, [leftOutFinding(stage, why)]);
    steps.push({ name: stage.name, claim, force: isForced, done, damaged: [] });
  };
  for (const stage of COURSE_STAGES) if (asked.length === 0 || asked.includes(stage.name)) await stepOf(stage);
  return steps;
}

function leftOutFinding({ name }: AnyCourseStage, why: string): Finding {
  return finding('STAGE_LEFT_OUT', name, `${name} was left out: ${why}`);
}

function isAfterOpen(name: CourseStageName, steps: Step[]): boolean {
  return steps.some((step) => !step.done && STAGES[name].after.includes(step.name));
}

/**
 * Results that this run uses must be what was written: parts of tables, which aggregate reads, and all that a stage to be
 * computed reads. A stage whose result is damaged is computed again, with those after it.
 */
async function verify(steps: Step[], { store, log }: StageContext): Promise<void> {
  const verified = new Set<string>();
  for (let isStable = false; !isStable; ) {
    isStable = true;
    for (const step of steps) {
      if (!step.done) continue;
      const isRead = steps.some(({ name, done }) => !done && STAGES[name].after.includes(step.name));
      const outputs = step.done.outputs.filter(({ key }) => (isRead || isPart(key)) && !verified.has(key));
      for (const { key } of outputs) verified.add(key);
      step.damaged = await damagedOutputs(outputs, store);
      if (step.damaged.length > 0) log.warn({ stage: step.name, keys: step.damaged }, 'SizeJobs:Output:Damaged');
      if (step.damaged.length === 0 && !isAfterOpen(step.name, steps)) continue;
      step.done = undefined;
      isStable = false;
    }
  }
}

function isPart(key: string): boolean {
  return key.endsWith('.json') || key.endsWith('.parquet');
}

function complexityOf(course: Course): number {
  return course.images.reduce((sum, image) => sum + image.instances.length, 0);
}
