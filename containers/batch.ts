import { writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { useCodeDigest } from '#lib/code-digest.ts';
import { BadInput, describeError, ExitCode, PipelineError } from '#lib/errors.ts';
import { createLog, type Log } from '#lib/log.ts';
import { collectGarbage } from '#lib/pool/collect-garbage.ts';
import { createPool, type ResizablePool } from '#lib/pool/create-pool.ts';
import { endProcess } from '#lib/pool/end-process.ts';
import { type Machine, readMachine } from '#lib/pool/machine.ts';
import { isMemoryError, memoryKindOf } from '#lib/pool/memory-error.ts';
import { WORK_DONE } from '#lib/pool/process-group.ts';
import { startThreads } from '#lib/pool/threads.ts';
import { lateWork } from '#lib/pool/time-limit.ts';
import type { WidthUse } from '#lib/pool/width.ts';
import type { AnyStage, StageLoader } from '#lib/stages/stage.ts';
import { type TaskDocument, taskSchema } from '#lib/stages/task.ts';
import { openStore } from '#lib/store/open.ts';
import { fetchFolder } from '#lib/store/published/fetch.ts';

/** What a shell reports for a program that SIGTERM ended. */
const TERMINATED = 128 + 15;
/** A stage that does not stop when told is killed after this time, its programs earlier. */
const GRACE_MS = 10_000;
/** A process that holds more after its job gives the memory back by ending. */
const KEPT_BYTES = 320 * 2 ** 20;

/** A Batch job: `node main.ts <URI of the task document>`. Ends the process with the exit code of the contract. */
export async function runBatchJob(loadStage: StageLoader): Promise<never> {
  useCodeDigest(process.env.RTPIPELINE_CODE);
  const stop = new AbortController();
  process.once('SIGTERM', () => stop.abort(new PipelineError('terminated')));
  process.once('SIGINT', () => stop.abort(new PipelineError('interrupted')));
  const abandon = () => stop.abort(new PipelineError('the run that started this job is gone'));
  process.once('disconnect', abandon);
  stop.signal.addEventListener('abort', () => setTimeout(() => endProcess(TERMINATED, true), GRACE_MS).unref());
  const log = createLog(
    (line) => process.stderr.write(`${JSON.stringify(line)}\n`),
    () => new Date(),
  );
  // A run that was killed while this job loaded its code is not heard of any more.
  if (process.send && !process.connected) abandon();
  // Each job has its own signal, so its listeners go with the job.
  const run = (task: string | undefined) => runTask(task, loadStage, log, AbortSignal.any([stop.signal]));
  let code = await run(process.argv[2]);
  while (code === ExitCode.ok && (await canGoOn())) {
    const task = await nextTask(stop.signal);
    // A process that ends well has done what it was last given.
    code = task === undefined ? TERMINATED : await run(task);
  }
  endProcess(code);
}

/** Threads of one job after another: they wait longer for the next one than the process does. */
const keptThreads = startThreads({ idleMs: 30_000 });

/**
 * A run on one machine gives a process one job after another: what it has loaded and compiled serves them all. What it holds
 * needlessly is given back first.
 */
async function canGoOn(): Promise<boolean> {
  if (!process.connected || lateWork() > 0) return false;
  if (isSmall()) return true;
  collectGarbage();
  if (isSmall()) return true;
  await keptThreads.close();
  return isSmall();
}

function isSmall(): boolean {
  return process.memoryUsage.rss() <= KEPT_BYTES;
}

/** Tells the run that the work is done and waits for the URI of the next task; none when the run is over. */
function nextTask(signal: AbortSignal): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const hear = ({ task, environment }: { task?: string; environment?: Record<string, string | undefined> }) => {
    // Messages about CPUs of the previous job may arrive until the run learns that it is done.
    if (task === undefined) return;
    for (const [name, value] of Object.entries(environment ?? {})) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    process.off('message', hear);
    signal.removeEventListener('abort', none);
    process.title = `${process.argv[1]} ${task}`;
    resolve(task);
  };
  process.on('message', hear);
  const none = () => resolve(undefined);
  signal.addEventListener('abort', none, { once: true });
  if (signal.aborted) none();
  forgetPeakMemory();
  // The name in `ps` shows that this process waits, instead of its last job.
  process.title = `${process.argv[1]} waits`;
  for (const stream of [process.stdout, process.stderr]) stream.write(WORK_DONE);
  return promise;
}

/** So that each job tells its own: proc(5), /proc/pid/clear_refs. */
function forgetPeakMemory(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {}
}

/** Reads the task, runs its stage and answers with the exit code. */
export async function runTask(
  uri: string | undefined,
  loadStage: StageLoader,
  log: Log,
  signal: AbortSignal,
): Promise<number> {
  let began = false;
  try {
    const task = await readTask(uri);
    const stage = await loadStage(task.stage);
    if (!stage) throw new BadInput(`stage ${task.stage} does not exist`);
    signal.throwIfAborted();
    began = true;
    const answer = await runStage(stage, task, log.child({ stage: task.stage }), signal);
    log.info({ stage: task.stage, answer }, 'Job:Stage:Done');
    return ExitCode.ok;
  } catch (error) {
    const meant = signal.aborted ? TERMINATED : exitCodeOf(error);
    const code = meant === ExitCode.bug && !began ? ExitCode.notBegun : meant;
    const name = error instanceof Error ? error.name : 'Error';
    const stack = meant === ExitCode.bug && error instanceof Error ? error.stack : undefined;
    log.error({ code, error: name, reason: describeError(error), stack }, 'Job:Stage:Failed');
    return code;
  }
}

/** The exit code that tells the state machine what kind of failure it was. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof PipelineError) return error.exitCode;
  if (!isMemoryError(error)) return ExitCode.bug;
  return memoryKindOf(describeError(error)) === 'gpu' ? ExitCode.gpuOutOfMemory : ExitCode.outOfMemory;
}

async function readTask(uri: string | undefined): Promise<TaskDocument> {
  const [, folder, key] = /^(.+)\/([^/]+)$/.exec(uri ?? '') ?? [];
  if (folder === undefined) throw new BadInput('the job needs one argument: the URI of a task document');
  const body = await (await openStore(folder)).get(key);
  try {
    return taskSchema.parse(JSON.parse(new TextDecoder().decode(body)));
  } catch (cause) {
    throw new BadInput('cannot read the task document', { where: uri, cause });
  }
}

async function runStage(stage: AnyStage, task: TaskDocument, log: Log, signal: AbortSignal): Promise<unknown> {
  const { cores, memoryBytes } = claimed();
  const input = stage.input.safeParse(task.input);
  if (!input.success) throw new BadInput(`not the input of ${stage.name}: ${input.error.message}`);
  const { pool, close } = poolOf(cores, memoryBytes, log);
  log.info({ cores, memoryMiB: Math.round(memoryBytes / 2 ** 20) }, 'Job:Stage:Start');
  try {
    return await stage.run(input.data, {
      input: await openStore(task.inputUri),
      store: await openStore(task.storeUri),
      pool,
      log,
      signal,
      now: () => new Date(),
      fetchFolder: (uri) =>
        fetchFolder(uri, process.env.RTPIPELINE_MODELS ?? join(homedir(), '.cache/rtpipeline/models')),
    });
  } finally {
    await close();
  }
}

/** On one machine the run lends this job more CPUs and takes them back while it goes on. */
function poolOf(width: number, memoryBytes: number, log: Log): { pool: ResizablePool; close(): Promise<void> } {
  const onProgress = (progress: string) => log.info({ progress }, 'Job:Progress');
  const options = { width, memoryBytes: 0.9 * memoryBytes, log, onProgress };
  if (!process.send) {
    const pool = createPool(options);
    return { pool, close: () => pool.close() };
  }
  let turn = 0;
  const onUse = (use: WidthUse) => process.connected && process.send?.({ ...use, turn });
  const pool = createPool({ ...options, onUse, threads: keptThreads });
  const resize = (message: { cpus: number; turn: number }) => {
    turn = message.turn;
    pool.resize(message.cpus);
  };
  process.on('message', resize);
  return {
    pool,
    close: () => {
      process.off('message', resize);
      return pool.close();
    },
  };
}

/** What the job asked for, which is less than what an EC2 host shows it. */
function claimed(): Machine {
  const machine = readMachine();
  const { RTPIPELINE_CPUS: cpus, RTPIPELINE_MEMORY_MIB: memoryMiB } = process.env;
  return {
    cores: Math.max(1, Math.min(machine.cores, Math.floor(Number(cpus ?? machine.cores)))),
    memoryBytes: memoryMiB === undefined ? machine.memoryBytes : Number(memoryMiB) * 2 ** 20,
  };
}
