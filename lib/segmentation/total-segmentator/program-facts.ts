import { PipelineError } from '../../errors.ts';
import { runProgram } from '../../pool/program.ts';

const TIMEOUT_MS = 120_000;

/** The release that is installed, `unknown` when it does not say. */
export async function totalSegmentatorVersion(command: string, signal: AbortSignal): Promise<string> {
  const text = await answer(command, ['--version'], signal);
  return /\b\d+\.\d+(?:\.\d+)?\S*/.exec(text ?? '')?.[0] ?? 'unknown';
}

/** Names of the classes of a task; undefined from releases that do not list them. */
export async function knownClasses(command: string, task: string, signal: AbortSignal): Promise<string[] | undefined> {
  const text = await answer(command, ['--list-classes', task], signal);
  const names = [...(text ?? '').matchAll(/^[ \t]*\d+[ \t]+([a-z]\w*)\s*$/gm)].map(([, name]) => name);
  return names.length > 0 ? names : undefined;
}

async function answer(command: string, args: string[], signal: AbortSignal): Promise<string | undefined> {
  let text = '';
  const output = (more: string) => {
    text += more;
  };
  try {
    await runProgram({ command, args, signal, timeoutMs: TIMEOUT_MS, output });
    return text;
  } catch (error) {
    if (signal.aborted || !(error instanceof PipelineError)) throw error;
    return undefined;
  }
}
