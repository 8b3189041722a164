import { Command } from 'commander';
import { VERSION } from '#lib/code-version.ts';
import { ExitCode, PipelineError } from '#lib/errors.ts';
import { endProcess } from '#lib/pool/end-process.ts';
import { lateWork } from '#lib/pool/time-limit.ts';
import { addConfig } from './commands/config.ts';
import { addDeidentify } from './commands/deidentify.ts';
import { addDemo } from './commands/demo.ts';
import { addDoctor } from './commands/doctor.ts';
import { addDvh } from './commands/dvh.ts';
import { addEstimate } from './commands/estimate.ts';
import { addRadiomics } from './commands/radiomics.ts';
import { addResults } from './commands/results.ts';
import { addRun } from './commands/run.ts';
import { addStatus } from './commands/status.ts';
import { addTop } from './commands/top.ts';
import { addUpload } from './commands/upload.ts';
import { addValidate } from './commands/validate.ts';
import { addWatch } from './commands/watch.ts';

/** Bad usage or input; commander uses 1 for usage, which here means a defect of the product. */
const USAGE = 2;

/** Threads that wait for files, one for each header that is read at once and some for the run itself; before any is used. */
process.env.UV_THREADPOOL_SIZE ??= '40';

const program = new Command('rtpipeline')
  .description('Radiotherapy DICOM to research tables, on one machine or on AWS')
  .version(VERSION)
  .showHelpAfterError('(--help tells more)')
  .exitOverride();

for (const add of [
  addRun,
  addDemo,
  addStatus,
  addTop,
  addConfig,
  addDoctor,
  addDeidentify,
  addEstimate,
  addUpload,
  addWatch,
  addResults,
  addValidate,
  addDvh,
  addRadiomics,
])
  add(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = explain(error);
}
if (lateWork() > 0) endProcess(Number(process.exitCode ?? 0));

/** One clear line for what a person can mend; the whole story for a defect. */
function explain(error: unknown): number {
  if (error instanceof Error && 'code' in error && String(error.code).startsWith('commander.')) {
    return ['commander.help', 'commander.helpDisplayed', 'commander.version'].includes(String(error.code)) ? 0 : USAGE;
  }
  if (error instanceof PipelineError && error.exitCode === ExitCode.badInput) {
    console.error(`rtpipeline: ${error.message}`);
    return USAGE;
  }
  console.error(error);
  return 1;
}
