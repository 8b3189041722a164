import { join } from 'node:path';
import type { Log } from '#lib/log.ts';
import type { Pool } from '#lib/pool/pool.ts';
import type { StageLoader } from '#lib/stages/stage.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import { systemClock } from '../engine/clock.ts';
import type { HistoryEvent } from '../engine/history.ts';
import type { Integrations } from '../engine/integration.ts';
import { startExecution } from '../engine/nested.ts';
import { runStateMachine } from '../engine/run.ts';
import type { Execution } from '../engine/stay.ts';
import { executionInput } from '../input.ts';
import { bucketIntegrations } from './buckets.ts';
import type { Budget } from './budget.ts';
import { openHistoryFile } from './history-file.ts';
import { invokeStage } from './invoke-stage.ts';
import { type KeptProcesses, keptProcesses } from './kept-processes.ts';
import { loadMachines } from './machines.ts';
import { createScheduler, type Scheduler } from './scheduler.ts';
import { type JobUpdate, submitJob } from './submit-job.ts';

export interface PipelineRun {
  /** At most 80 letters, digits, `-` and `_`. */
  runId: string;
  input: ObjectStore;
  store: ObjectStore;
  loadStage: StageLoader;
  /** For the stages that run in this process. */
  pool: Pool;
  budget: Budget;
  /** Histories and logs go here; the store's own folder, where it is one. */
  folder: string;
  /** Go on from the history of an interrupted or failed run instead of asking every stage again. */
  redrive?: boolean;
  force?: boolean;
  /** Courses under way at once. */
  courseConcurrency?: number;
  log: Log;
  signal: AbortSignal;
  onEvent?: (path: string, event: HistoryEvent) => void;
  onJob?: (update: JobUpdate, scheduler: Scheduler) => void;
  /** The entry point of a container; for tests. */
  mainOf?: (container: string) => string;
}

/** Runs the pipeline on this machine: the state machine of the cloud, functions in this process, jobs as processes. */
export async function runPipeline(run: PipelineRun): Promise<Execution> {
  const { runId, input, store, signal, onEvent = () => {} } = run;
  const history = openHistoryFile(join(run.folder, 'run', 'history.jsonl'), run.redrive ?? false);
  const machines = loadMachines(
    run.courseConcurrency === undefined ? {} : { CourseConcurrency: String(run.courseConcurrency) },
  );
  const kept = keptProcesses(run.budget.cpus);
  const integrations = integrationsOf(run, kept);
  const options = {
    integrations,
    onEvent(path: string, event: HistoryEvent) {
      history.write(path, event);
      onEvent(path, event);
    },
    recorded: history.recorded,
  };
  integrations['states:startExecution.sync:2'] = startExecution(
    { StageJobStateMachineArn: machines.stageJob },
    () => options,
  );
  try {
    const start = executionInput({ runId, inputUri: input.uri, storeUri: store.uri, force: run.force ?? false });
    return await runStateMachine(machines.pipeline, start, { ...options, name: runId, signal });
  } finally {
    kept.close();
    history.close();
  }
}

function integrationsOf(run: PipelineRun, kept: KeptProcesses): Integrations {
  const { input, store, pool, log } = run;
  const now = systemClock.now;
  const scheduler = createScheduler(run.budget);
  const { bucket, prefix } = executionInput({
    runId: run.runId,
    inputUri: input.uri,
    storeUri: store.uri,
    force: false,
  });
  return {
    ...bucketIntegrations([{ name: bucket, prefix, store }]),
    'lambda:invoke': invokeStage(run.loadStage, ({ state, signal }) => ({
      input,
      store,
      pool,
      log: log.child({ state }),
      signal,
      now,
    })),
    'batch:submitJob.sync': submitJob({
      scheduler,
      budget: run.budget,
      logFolder: run.folder,
      storeUri: store.uri,
      now,
      kept,
      onJob: (update) => run.onJob?.(update, scheduler),
      mainOf: run.mainOf,
    }),
    'sns:publish': async ({ Message }) => {
      log.info({ message: Message }, 'Pipeline:Notify');
      return { MessageId: 'local' };
    },
  };
}
