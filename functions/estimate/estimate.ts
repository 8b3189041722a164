import { z } from 'zod';
import { readJson, readJsonLines } from '#lib/course-store/json.ts';
import { silentLog } from '#lib/log.ts';
import { mapConcurrently } from '#lib/pool/concurrent.ts';
import type { CourseEntry } from '#lib/stages/organize/course-entry.ts';
import type { Counts } from '#lib/stages/organize/organized.ts';
import type { Stage } from '#lib/stages/stage.ts';
import { aggregateSize } from '#lib/stages/task.ts';
import { runKeys } from '#lib/store/keys.ts';
import { orchestrationDollars } from '#statemachine/estimate/orchestration.ts';
import { estimateCase } from '#statemachine/estimate/range.ts';
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
      const { store, log, signal } = context;
      const entries = await readJsonLines<CourseEntry>(store, runKeys.courses);
      const { counts } = await readJson<{ counts: Counts }>(store, runKeys.organized);
      const sized = await mapConcurrently(entries, WIDTH, async ({ courseId }) => {
        signal.throwIfAborted();
        return sizedCourse(courseId, force, { ...context, store: dryStore(store), log: silentLog });
      });
      const courses = sized.filter(({ jobs }) => Object.keys(jobs).length > 0);
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
