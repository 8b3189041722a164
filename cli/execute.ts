import { openSync } from 'node:fs';
import { join } from 'node:path';
import { codeHasChanged } from '#lib/code-digest.ts';
import type { Config } from '#lib/config.ts';
import { readJsonLines, writeJson } from '#lib/course-store/json.ts';
import { createLog, type Log } from '#lib/log.ts';
import { inlinePool } from '#lib/pool/inline-pool.ts';
import { refuseFewOpenFiles } from '#lib/pool/open-files.ts';
import { missingHere, thisSystem } from '#lib/pool/platform.ts';
import type { CourseEntry } from '#lib/stages/organize/course-entry.ts';
import { loadStage } from '#lib/stages/registry.ts';
import type { UploadRequest } from '#lib/stages/request.ts';
import { COURSE_STAGE_NAMES, STAGE_NAMES, STAGES } from '#lib/stages/table.ts';
import { fileStore, removePartials } from '#lib/store/file.ts';
import { runKeys } from '#lib/store/keys.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import { runPipeline } from '#statemachine/local/run-pipeline.ts';
import { type CourseName, courseNames, onScreen } from './course-names.ts';
import { keyLines } from './key-lines.ts';
import { refuseSecondRun } from './lock.ts';
import { lineWriter, patientWriter } from './log-file.ts';
import { type BudgetWish, budgetOf, type MachineFacts } from './machine-budget.ts';
import { createMonitor } from './monitor/monitor.ts';
import { openTraceFile } from './monitor/trace-file.ts';
import { prepareOutput } from './output-folder.ts';
import { countedInput } from './progress/counted-input.ts';
import { type Display, runProgress } from './progress/progress.ts';
import { watchRun } from './progress/watch-run.ts';
import { withPseudonymSecret } from './pseudonym-key.ts';
import type { EndedRun } from './summary.ts';

export interface Execute {
  input: ObjectStore;
  /** Folder of the results. */
  out: string;
  config: Config;
  request: UploadRequest;
  force: boolean;
  machine: MachineFacts;
  wish: BudgetWish;
  /** Courses under way at once. */
  courses?: number;
  /** Names of courses tell patients: only where a person looks at a screen, not where the output goes into a file. */
  showsPatients: boolean;
  /** Gets names of courses when they are known. */
  display: (nameOf: (courseId: string) => string) => Display;
  /** Tells the person something beside the progress. */
  say(message: string): void;
  signal: AbortSignal;
}

const CODE_CHANGED =
  'The code of rtpipeline changed during this run. Its results may mix both versions. Repeat the command to compute them again.';

/** Stages of the run beside those of the courses. */
const RUN_STAGES = STAGE_NAMES.filter((name) => STAGES[name].of === 'run').length;

/**
 * Runs the pipeline into a folder: configuration, request, log, trace and state lie there beside the results.
 * @throws BadInput when another run is at work in the folder, and when the system allows too few open files
 */
export async function execute(run: Execute): Promise<EndedRun> {
  refuseFewOpenFiles();
  await prepareOutput(run.out);
  const store = fileStore(run.out);
  await refuseSecondRun(store, run.out, run.say);
  await removePartials(run.out);
  const { config, newKey } = withPseudonymSecret(run.config, run.out);
  if (newKey) run.say(`The run created the pseudonym key ${newKey}. Keep it, and keep it secret.`);
  await writeJson(store, runKeys.config, config);
  await writeJson(store, runKeys.request, run.request);
  const log = openLog(run.out, run.say);
  const budget = budgetOf(run.machine, run.config, run.wish);
  for (const message of missingHere(thisSystem)) log.warn({ message }, 'Run:System:Limited');
  for (const [event, fields] of keyLines(run.machine, run.config, budget)) log.info(fields, event);

  const dates = new Map<string, string>();
  let names = new Map<string, CourseName>();
  const short = (courseId: string) => `(${courseId.slice(0, 6)})`;
  const nameInFiles = (courseId: string) => `${dates.get(courseId) ?? ''} ${short(courseId)}`.trim();
  const nameOnScreen = (courseId: string) =>
    `${onScreen(names.get(courseId), dates.get(courseId) ?? '')} ${short(courseId)}`.trim();
  const now = () => new Date();
  const writeTrace = patientWriter(openTraceFile(join(run.out, runKeys.trace)), 'the trace', run.say);
  const monitor = createMonitor({ store, budget, log, now, nameOf: nameInFiles, writeTrace });
  const display = withMonitor(run.display(run.showsPatients ? nameOnScreen : nameInFiles), monitor.onStage, log);
  const { input, count } = countedInput(run.input);
  const progress = runProgress(
    display,
    { course: COURSE_STAGE_NAMES.length, run: RUN_STAGES },
    () => performance.now(),
    count,
  );
  const readNames = async () => {
    const entries = await readJsonLines<CourseEntry>(store, runKeys.courses);
    for (const { courseId, displayName } of entries) dates.set(courseId, displayName);
    names = await courseNames(store, [...dates.keys()]);
  };
  const watch = watchRun({
    ...progress,
    courses(count) {
      progress.courses(count);
      readNames().catch(withoutNames);
    },
  });
  let said: string | undefined;
  try {
    const execution = await runPipeline({
      runId: `local-${now()
        .toISOString()
        .replace(/[^0-9]/g, '')
        .slice(0, 14)}`,
      input,
      store,
      loadStage,
      pool: inlinePool(),
      budget,
      folder: run.out,
      force: run.force,
      courseConcurrency: run.courses,
      log,
      signal: run.signal,
      onEvent: watch.onEvent,
      onJob(update, scheduler) {
        if (update.status === 'FAILED') said = update.reason;
        watch.onJob(update);
        monitor.onJob(update, scheduler);
      },
    });
    log.info({ status: execution.status }, 'Run:Pipeline:Done');
    if (codeHasChanged()) run.say(CODE_CHANGED);
    return { execution, store, said };
  } finally {
    progress.close();
    await monitor.close();
  }
}

/** The screen then shows dates and ids alone. */
function withoutNames(): void {}

/** The monitor and the log hear what the display hears. */
function withMonitor(display: Display, onStage: Display['update'], log: Log): Display {
  return {
    update(update, tally) {
      onStage(update, tally);
      display.update(update, tally);
    },
    heartbeat(tally) {
      log.info({ done: tally.done, total: tally.total, running: tally.running }, 'Run:RunProgress:Heartbeat');
      display.heartbeat(tally);
    },
    slow(update, seconds) {
      log.warn({ stage: update.stage, courseId: update.courseId, seconds }, 'Run:Stage:Slow');
      display.slow(update, seconds);
    },
    tick: display.tick,
    close: display.close,
  };
}

function openLog(out: string, say: (message: string) => void): Log {
  const write = patientWriter(lineWriter(openSync(join(out, runKeys.log), 'a')), 'the log', say);
  return createLog(write, () => new Date());
}
