import { ownKeys } from '#lib/own-keys.ts';
import { COURSE_STAGE_NAMES, type StageName } from '#lib/stages/table.ts';
import type { HistoryEvent } from '#statemachine/engine/history.ts';
import type { JobUpdate } from '#statemachine/local/submit-job.ts';
import type { RunProgress } from './progress.ts';

/** States of the pipeline that are stages of the run, by the name of the state. */
const RUN_STAGES: Record<string, StageName> = ownKeys({ Catalog: 'catalog', Organize: 'organize', Report: 'report' });

/** Turns what the engine and the jobs say into updates of the progress. */
export function watchRun(progress: RunProgress): {
  onEvent(path: string, event: HistoryEvent): void;
  onJob(update: JobUpdate): void;
} {
  return {
    onEvent(path, event) {
      if (!path.includes('/')) stageOfRun(progress, event);
      const ended = event.executionSucceededEventDetails as { output?: string } | undefined;
      const output = ended?.output === undefined ? undefined : JSON.parse(ended.output);
      if (output?.stage !== undefined && output.status === 'skipped') {
        progress.update({ stage: output.stage, phase: 'skipped' });
      }
      if (output?.courseId !== undefined) leftOut(progress, output);
    },
    onJob({ name, stage, status, reason }) {
      const courseId = stage === 'aggregate' ? undefined : name.slice(stage.length + 1);
      if (status === 'RUNNING') progress.update({ stage, courseId, phase: 'started' });
      if (status === 'SUCCEEDED') progress.update({ stage, courseId, phase: 'done' });
      if (status === 'FAILED') progress.update({ stage, courseId, phase: 'failed', reason });
    },
  };
}

/** A course that ends without some stages, because there was no need or an earlier one failed, has ended these too. */
function leftOut(progress: RunProgress, course: { courseId: string; stages: { stage: string }[] }): void {
  const ended = new Set(course.stages.map(({ stage }) => stage));
  for (const stage of COURSE_STAGE_NAMES) {
    if (!ended.has(stage)) progress.update({ stage, courseId: course.courseId, phase: 'skipped' });
  }
}

function stageOfRun(progress: RunProgress, event: HistoryEvent): void {
  const entered = event.stateEnteredEventDetails as { name: string } | undefined;
  const exited = event.stateExitedEventDetails as { name: string; output?: string } | undefined;
  const name = entered?.name ?? exited?.name ?? '';
  const stage = RUN_STAGES[name];
  if (!stage) return;
  progress.update({ stage, phase: entered ? 'started' : 'done' });
  if (exited && stage === 'organize') progress.courses(JSON.parse(exited.output ?? '{}').courses);
}
