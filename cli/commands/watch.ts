import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from 'commander';
import { BadInput } from '#lib/errors.ts';
import { COURSE_STAGE_NAMES } from '#lib/stages/table.ts';
import { openStore } from '#lib/store/open.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import { type ExecutionState, executionState } from '../cloud/execution.ts';
import { logStreamUrl, stageFailures } from '../cloud/failures.ts';
import { bucketPlace } from '../cloud/place.ts';
import { runStatus, verdictOf } from '../run-status.ts';
import { textTable } from '../text-table.ts';

interface WatchOptions {
  every: string;
  once: boolean;
  wait: string;
  logGroup: string;
}

/** States in which nothing changes any more. */
const ENDED = ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'REJECTED'];

export function addWatch(program: Command): void {
  program
    .command('watch')
    .argument('<run>', 's3://<bucket for results>/runs/<upload>')
    .option('--every <seconds>', 'seconds between two updates', '5')
    .option('--once', 'show the state once', false)
    .option('--wait <seconds>', 'seconds to wait for a run that has not started yet', '300')
    .option('--log-group <name>', 'CloudWatch log group of the jobs', '/rtpipeline/jobs')
    .action(async (run: string, options: WatchOptions) => {
      bucketPlace(run);
      const store = await openStore(run);
      const giveUpAt = performance.now() + 1000 * (options.once ? 0 : Number(options.wait));
      for (;;) {
        const state = await executionState(store);
        if (state.status === 'WAITING' && performance.now() >= giveUpAt && (await isEmpty(store)))
          throw new BadInput('no run found here. Use the run name that `rtpipeline upload` printed', { where: run });
        show(await courseTable(store), state);
        if (ENDED.includes(state.status) || options.once) return end(store, state, options.logGroup);
        await wait(1000 * Number(options.every));
      }
    });
}

async function isEmpty(store: ObjectStore): Promise<boolean> {
  for await (const _ of store.list('')) return false;
  return true;
}

/** On a terminal the picture is drawn over the last one. */
function show(table: string, { name, status, error }: ExecutionState): void {
  if (process.stdout.isTTY) process.stdout.write('\u001b[2J\u001b[H');
  console.log(`${name || 'run'}: ${status}${error && ` (${error})`}\n${table}`);
}

async function courseTable(store: ObjectStore): Promise<string> {
  const courses = await runStatus(store);
  if (courses.length === 0) return 'No courses yet.';
  const rows = courses.map((course) => [
    course.courseId,
    verdictOf(course),
    ...course.stages.map(({ status }) => status),
  ]);
  return textTable(['course', 'state', ...COURSE_STAGE_NAMES], rows);
}

/** Every failed stage with its reason and the page of its log. */
async function end(store: ObjectStore, { status }: ExecutionState, logGroup: string): Promise<void> {
  const region = process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'us-east-1';
  for (const { courseId, stage, why, reason, attempts, logStream } of await stageFailures(store)) {
    console.log(`\n${courseId} ${stage}: ${why} after ${attempts} attempts, ${reason}`);
    if (logStream) console.log(logStreamUrl(region, logGroup, logStream));
  }
  if (ENDED.includes(status) && status !== 'SUCCEEDED') process.exitCode = 1;
}
