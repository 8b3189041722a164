import type { Config } from '../config.ts';
import type { StageContext } from '../course-store/context.ts';
import type { Finding } from '../findings.ts';
import type { Course } from '../rt/course.ts';
import type { CourseStageName } from './table.ts';
import type { Claim } from './task.ts';

/** What a stage of one course is, without the resume and status around it. */
export interface CourseStage<Settings, Means, Field extends keyof Course> {
  name: CourseStageName;
  /** The fields of the course that it reads, and the only ones that `compute` gets: another one computes nothing again. */
  reads: readonly Field[];
  /** The part of the configuration that a number can follow from; `compute` gets no more of it. */
  configuration(config: Config): Settings;
  /** How the work is done: limits of time, programs and their threads. No number follows from it. */
  means(config: Config): Means;
  /** What the job of this course needs, or why there is none: a decision, recorded as `skipped`. */
  claim(course: Course, config: Config): Claim | { skip: string };
  /** True when the configuration asks to compute again what is done. */
  isForced?(config: Config): boolean;
  /** Of a stage that skips a course for lack of a program: whether the program is on this machine now. */
  hasProgram?(config: Config): Promise<boolean>;
  /** Writes its results through `context.store` and says how it went. */
  compute(work: CourseWork<Settings, Means, Field>, context: StageContext): Promise<CourseResult>;
}

export interface CourseWork<Settings, Means, Field extends keyof Course> {
  course: Pick<Course, Field>;
  config: Settings;
  means: Means;
  /** Earlier parts are not to be kept. */
  force: boolean;
}

/** A stage of any settings: each takes its own out of the configuration. */
// biome-ignore lint/suspicious/noExplicitAny: what a stage takes is known to itself alone
export type AnyCourseStage = CourseStage<any, any, any>;

/** States a stage: `compute` is held to what `reads`, `configuration` and `means` give. */
export function defineCourseStage<Settings, Means, const Field extends keyof Course>(
  stage: CourseStage<Settings, Means, Field>,
): CourseStage<Settings, Means, Field> {
  return stage;
}

export interface CourseResult {
  /** `partial`: the results stand, but some are missing that another attempt may give. */
  status: 'ok' | 'partial' | 'skipped' | 'failed';
  reason?: string;
  findings: Finding[];
  /** Why it failed, or a part of it: thrown on when the status is written. */
  error?: unknown;
}
