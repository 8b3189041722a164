import { z } from 'zod';
import type { StageContext } from '#lib/course-store/context.ts';
import { readJson, readJsonLines } from '#lib/course-store/json.ts';
import { Transient } from '#lib/errors.ts';
import { silentLog } from '#lib/log.ts';
import { mapConcurrently } from '#lib/pool/concurrent.ts';
import type { CourseEntry } from '#lib/stages/organize/course-entry.ts';
import type { Counts } from '#lib/stages/organize/organized.ts';
import type { Stage } from '#lib/stages/stage.ts';
import { aggregateSize } from '#lib/stages/task.ts';
import { runKeys } from '#lib/store/keys.ts';
import { orchestrationDollars } from '#statemachine/estimate/orchestration.ts';
import { type CourseJobs, estimateCase } from '#statemachine/estimate/range.ts';
import { sizedCourse } from '#statemachine/estimate/sized-course.ts';
import type { MachineTexts } from '#statemachine/local/machines.ts';
import { dryStore } from './dry-store.ts';

const input = z.object({ force: z.boolean().default(false) });

/** What the rest of a run is expected to cost: list prices in US dollars, as `rtpipeline estimate` gives them. */
export interface RestOfRun {
  /** With something to compute. */
  courses: number;
  likelyDollars: number;
  highDollars: number;
}

/** Courses that are sized at once. */
const WIDTH = 32;

/**
 * Estimates a run before its first job: what is done already costs nothing. Reads what the sizing of jobs reads, and writes nothing.
 * @param texts of the state machines that are simulated
 */
export function estimateStage(texts?: MachineTexts): Stage<z.infer<typeof input>, RestOfRun> {
  return {
    name: 'estimate',
    input: input as z.ZodType<z.infer<typeof input>>,
    async run({ force }, context) {
      const { store, log } = context;
      const entries = await readJsonLines<CourseEntry>(store, runKeys.courses);
      const { counts } = await readJson<{ counts: Counts }>(store, runKeys.organized);
      const sized = await mapConcurrently(entries, WIDTH, ({ courseId }) => coursesWithWork(courseId, force, context));
      const courses = sized.flat();
      const run = { files: counts.files, courses, aggregate: aggregateSize(entries.length) };
      const orchestration = orchestrationDollars(courses.length, counts.files);
      const dollars = async (name: 'likely' | 'high') => (await estimateCase(run, name, texts)).dollars + orchestration;
      const rest = {
        courses: courses.length,
        likelyDollars: await dollars('likely'),
        highDollars: await dollars('high'),
      };
      log.info({ ...rest }, 'Estimate:Run:Done');
      return rest;
    },
  };
}

/** The course, if it has a job to start. One that cannot be sized starts none: the run says so of this course alone. */
async function coursesWithWork(courseId: string, force: boolean, context: StageContext): Promise<CourseJobs[]> {
  const { store, signal, log } = context;
  signal.throwIfAborted();
  try {
    const course = await sizedCourse(courseId, force, { ...context, store: dryStore(store), log: silentLog });
    return Object.keys(course.jobs).length > 0 ? [course] : [];
  } catch (error) {
    if (error instanceof Transient || signal.aborted) throw error;
    log.warn({ courseId, error: (error as Error).name }, 'Estimate:Course:Unsized');
    return [];
  }
}
