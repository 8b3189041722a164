import { resolve } from 'node:path';
import type { Command } from 'commander';
import { BadInput } from '#lib/errors.ts';
import { missingHere, thisSystem } from '#lib/pool/platform.ts';
import { COURSE_STAGE_NAMES, isCourseStage } from '#lib/stages/table.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import { addConfigFlags, type ConfigFlags, configFrom, positive, whole } from '../config-flags.ts';
import { execute } from '../execute.ts';
import { explain } from '../explain.ts';
import { isArchive, queryTexts } from '../fetch/archive.ts';
import { fetchForRun } from '../fetch/fetch-for-run.ts';
import { wishNotes } from '../machine-budget.ts';
import { machineFacts } from '../machine-facts.ts';
import { notify } from '../notify.ts';
import { openInput } from '../open-input.ts';
import { barDisplay, jsonDisplay, lineDisplay, quietDisplay } from '../progress/displays.ts';
import type { Display } from '../progress/progress.ts';
import { GOES_ON, INTERRUPTED, stopOnInterrupt, unlessStopped } from '../stop-on-interrupt.ts';
import { type Summary, summarize } from '../summary.ts';

/** Exit codes of `run`: all done, a defect, bad usage, input or machine, some courses failed or miss results, stopped by the person. */
export const RunExit = { done: 0, broken: 1, badInput: 2, someFailed: 3, interrupted: INTERRUPTED } as const;

interface RunOptions extends ConfigFlags {
  out: string;
  cpus?: number;
  memory?: number;
  courses?: number;
  stage: string[];
  patient: string[];
  query?: string[];
  force: boolean;
  forceRedo: boolean;
  quiet: boolean;
  json: boolean;
  notify?: string;
}

export function addRun(program: Command): void {
  const command = program
    .command('run')
    .argument(
      '<input>',
      'folder, .zip, .tar.gz, s3:// prefix, manifest:<file>, or an archive: dicomweb:https://..., dimse:AET@host:port, dimse-tls:...',
    )
    .requiredOption('--out <dir>', 'output folder. Use the same folder again to resume')
    .option('--cpus <n>', 'CPUs that all jobs share', whole)
    .option('--memory <GB>', 'memory in GB that all jobs share', positive)
    .option('--courses <n>', 'courses processed at the same time (default: as many as fit)', whole)
    .option(
      '--query <Keyword=value...>',
      'what to fetch from an archive, such as PatientID=4711. @file reads one Keyword=value per line',
      [],
    )
    .option('--stage <names...>', `only these stages: ${COURSE_STAGE_NAMES.join(', ')}`, [])
    .option('--patient <ids...>', 'only courses of these patients (PatientID)', [])
    .option('--force', 'compute everything again', false)
    .option('--force-redo', 'the same as --force', false);
  addConfigFlags(command)
    .option(
      '--notify <command>',
      'run this command at the end. It gets the result in RTPIPELINE_EXIT_CODE, _OUT, _COURSES, _DONE, _FAILED, _SECONDS',
    )
    .option('--quiet', 'print only the summary', false)
    .option('--json', 'print each update as a JSON object, the summary last', false)
    .addHelpText('after', EXIT_CODES)
    .action(async (input: string, options: RunOptions) => {
      process.exitCode = await run(input, options);
    });
}

const EXIT_CODES = `
Exit codes: 0 all courses done; 1 internal error; 2 wrong usage, bad input, full disk or missing rights;
3 some courses failed or lack results (the summary lists them with the reason); 130 interrupted.
Ctrl-C stops cleanly. Repeat the command to continue.`;

/** Returns the exit code, after the command of --notify has run. */
export async function run(input: string, options: RunOptions): Promise<number> {
  const begun = performance.now();
  const tell = async (exitCode: number, counts: typeof NO_COURSES) => {
    if (options.notify === undefined) return;
    const seconds = (performance.now() - begun) / 1000;
    const failure = await notify(options.notify, { exitCode, out: resolve(options.out), seconds, ...counts });
    if (failure) console.error(failure);
  };
  try {
    const { exitCode, counts } = await runPipelineOf(input, options);
    await tell(exitCode, counts);
    return exitCode;
  } catch (error) {
    await tell(explain(error)?.exitCode ?? RunExit.broken, NO_COURSES);
    throw error;
  }
}

const NO_COURSES = { courses: 0, done: 0, failed: 0 };

async function runPipelineOf(input: string, options: RunOptions) {
  const unknown = options.stage.find((name) => !isCourseStage(name));
  if (unknown) throw new BadInput(`--stage ${unknown} does not exist; use ${COURSE_STAGE_NAMES.join(', ')}`);
  const { config } = await configFrom(options);
  const machine = await machineFacts(config);
  const wish = { cpus: options.cpus, memoryGib: options.memory };
  for (const what of [...missingHere(thisSystem), ...wishNotes(machine, wish)]) console.error(`note: ${what}`);
  const stop = stopOnInterrupt();
  const executed = async () => {
    const source = await inputOf(input, options, stop.signal);
    return execute({
      input: source,
      out: resolve(options.out),
      config,
      request: { patients: options.patient, stages: options.stage },
      force: options.force || options.forceRedo,
      machine,
      wish,
      courses: options.courses,
      showsPatients: process.stdout.isTTY,
      display: displayOf(options),
      say: (message) => console.error(message),
      signal: stop.signal,
    });
  };
  const ended = await executed().catch(unlessStopped(stop.signal)).finally(stop.forget);

  if (ended === undefined || ended.execution.status === 'ABORTED') {
    console.error(GOES_ON);
    return { exitCode: RunExit.interrupted, counts: NO_COURSES };
  }
  const summary = await summarize(ended, process.stdout.isTTY);
  console.log(options.json ? JSON.stringify(summary) : summary.text);
  const { courses, done, partial, failed } = summary;
  return { exitCode: exitCodeOf(summary), counts: { courses, done, failed: failed + partial } };
}

/** The upload; what an archive holds is fetched first. */
function inputOf(input: string, { out, query = [] }: RunOptions, signal: AbortSignal): Promise<ObjectStore> {
  const say = (message: string) => console.error(message);
  if (isArchive(input)) return fetchForRun({ location: input, queries: queryTexts(query), out, say, signal });
  if (query.length > 0)
    throw new BadInput(
      '--query works only with an archive: dicomweb:https://..., dimse:AET@host:port or dimse-tls:...',
    );
  return openInput(input, out);
}

function exitCodeOf({ failure, partial, failed }: Summary): number {
  if (failure) return failure.isMendable ? RunExit.badInput : RunExit.broken;
  return failed + partial > 0 ? RunExit.someFailed : RunExit.done;
}

function displayOf({ quiet, json }: RunOptions): (nameOf: (courseId: string) => string) => Display {
  return (nameOf) => {
    if (quiet) return quietDisplay;
    if (json) return jsonDisplay((line) => console.log(line));
    return process.stdout.isTTY ? barDisplay(nameOf) : lineDisplay((line) => console.log(line), nameOf);
  };
}
