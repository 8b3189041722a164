import { ExitCode, PipelineError } from '#lib/errors.ts';
import { endProcess } from '#lib/pool/end-process.ts';
import { lateWork } from '#lib/pool/time-limit.ts';
import { programFor } from './program.ts';

/** Bad usage or input; commander uses 1 for usage, which here means a defect of the product. */
const USAGE = 2;

/** Threads that wait for files, one for each header that is read at once and some for the run itself; before any is used. */
process.env.UV_THREADPOOL_SIZE ??= '40';

standWhereTheUserStands();
try {
  const program = await programFor(process.argv.slice(2));
  await program.parseAsync();
} catch (error) {
  process.exitCode = explain(error);
}
if (lateWork() > 0) endProcess(Number(process.exitCode ?? 0));

/** npm starts a script in the folder of the package, and says where it was called from: paths are meant from there. */
function standWhereTheUserStands(): void {
  const { npm_lifecycle_event: script = '', INIT_CWD: place } = process.env;
  if (place && ['rtpipeline', 'demo'].includes(script)) process.chdir(place);
}

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
