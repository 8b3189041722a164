import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '#lib/config.ts';
import { createLog, type Log } from '#lib/log.ts';
import { inlinePool } from '#lib/pool/inline-pool.ts';
import { readJsonLines, writeJson } from '#lib/stages/json.ts';
import type { CourseEntry } from '#lib/stages/organize.ts';
import { loadStage } from '#lib/stages/registry.ts';
import type { RunRequest } from '#lib/stages/request.ts';
import { COURSE_STAGE_NAMES } from '#lib/stages/result-tables.ts';
import { fileStore } from '#lib/store/file.ts';
import { runKeys } from '#lib/store/keys.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import type { Execution } from '#statemachine/engine/stay.ts';
import type { Budget } from '#statemachine/local/budget.ts';
import { runPipeline } from '#statemachine/local/run-pipeline.ts';
import { createProgress, type Display } from './progress/progress.ts';
import { watchRun } from './progress/watch-run.ts';

export interface Execute {
  input: ObjectStore;
  /** Folder of the results. */
  out: string;
  config: Config;
  request: RunRequest;
  force: boolean;
  budget: Budget;
  /** Gets names of courses when they are known. */
  display: (nameOf: (courseId: string) => string) => Display;
  signal: AbortSignal;
}

/** Stages of the run beside those of the courses: catalog, organize, aggregate, report. */
const RUN_STAGES = 4;

/** Runs the pipeline into a folder: configuration, request and log lie there beside the results. */
export async function execute(run: Execute): Promise<{ execution: Execution; store: ObjectStore }> {
  const store = fileStore(run.out);
  await writeJson(store, runKeys.config, run.config);
  await writeJson(store, runKeys.request, run.request);
  const names = new Map<string, string>();
  const display = run.display((courseId) => names.get(courseId) ?? courseId);
  const progress = createProgress(display, { course: COURSE_STAGE_NAMES.length, run: RUN_STAGES }, () =>
    performance.now(),
  );
  const watch = watchRun({
    ...progress,
    courses(count) {
      progress.courses(count);
      readJsonLines<CourseEntry>(store, runKeys.courses).then((entries) => {
        for (const entry of entries) names.set(entry.courseId, `${entry.displayName} (${entry.courseId.slice(0, 6)})`);
      });
    },
  });
  const log = openLog(run.out);
  log.info({ budget: run.budget, version: process.version }, 'Run:Budget:Set');
  try {
    const execution = await runPipeline({
      runId: `local-${new Date()
        .toISOString()
        .replace(/[^0-9]/g, '')
        .slice(0, 14)}`,
      input: run.input,
      store,
      loadStage,
      pool: inlinePool(),
      budget: run.budget,
      folder: run.out,
      force: run.force,
      log,
      signal: run.signal,
      ...watch,
    });
    log.info({ status: execution.status }, 'Run:Pipeline:Done');
    return { execution, store };
  } finally {
    progress.close();
  }
}

function openLog(out: string): Log {
  const path = join(out, runKeys.log);
  mkdirSync(join(out, 'run'), { recursive: true });
  return createLog(
    (line) => appendFileSync(path, `${JSON.stringify(line)}\n`),
    () => new Date(),
  );
}
