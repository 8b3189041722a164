import { endProcess } from '#lib/pool/end-process.ts';
import { lateWork } from '#lib/pool/time-limit.ts';
import { keepCompiledCode } from '../statemachine/local/compile-cache.ts';
import { DEFECT, explain } from './explain.ts';
import { keepFilesToOwner } from './file-modes.ts';
import { programFor } from './program.ts';

/** Threads that wait for files, one for each header that is read at once and some for the run itself; before any is used. */
process.env.UV_THREADPOOL_SIZE ??= '40';

standWhereTheUserStands();
keepCompiledCode();
process.on('uncaughtException', (error) => endProcess(tell(error)));
process.stdout.on('error', (error) => endProcess(tell(error)));
try {
  keepFilesToOwner(process.env);
  const program = await programFor(process.argv.slice(2));
  await program.parseAsync();
} catch (error) {
  process.exitCode = tell(error);
}
if (lateWork() > 0) endProcess(Number(process.exitCode ?? 0));

/** npm starts a script in the folder of the package, and says where it was called from: paths are meant from there. */
function standWhereTheUserStands(): void {
  const { npm_lifecycle_event: script = '', INIT_CWD: place } = process.env;
  if (place && ['rtpipeline', 'demo'].includes(script)) process.chdir(place);
}

/** Answers the exit code: a line for what a person can mend, the whole story for a defect. */
function tell(error: unknown): number {
  const { line, exitCode } = explain(error) ?? { line: undefined, exitCode: DEFECT };
  if (line !== undefined) console.error(`rtpipeline: ${line}`);
  else if (exitCode === DEFECT) console.error(error);
  return exitCode;
}
