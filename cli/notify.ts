import { execa } from 'execa';

/** What a command that is told of the end of a run finds in its environment. */
export interface RunEnd {
  exitCode: number;
  out: string;
  courses: number;
  done: number;
  failed: number;
  seconds: number;
}

const LIMIT_MS = 60_000;

/**
 * Runs a command of the person's shell at the end of a run, which tells it the outcome by variables. That it fails changes
 * nothing: answers with a sentence then.
 */
export async function notify(command: string, end: RunEnd): Promise<string | undefined> {
  const env = {
    RTPIPELINE_EXIT_CODE: String(end.exitCode),
    RTPIPELINE_OUT: end.out,
    RTPIPELINE_COURSES: String(end.courses),
    RTPIPELINE_DONE: String(end.done),
    RTPIPELINE_FAILED: String(end.failed),
    RTPIPELINE_SECONDS: String(Math.round(end.seconds)),
  };
  const { failed, shortMessage } = await execa(command, {
    shell: true,
    env,
    reject: false,
    timeout: LIMIT_MS,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return failed ? `--notify: ${shortMessage}` : undefined;
}
