import type { Command } from 'commander';
import { mapConcurrently } from '#lib/pool/concurrent.ts';
import { openStore } from '#lib/store/open.ts';
import { executionState } from '../cloud/execution.ts';
import { bucketPlace, placeOfRun } from '../cloud/place.ts';
import { redriveRun, runNames, stopRun } from '../cloud/runs.ts';
import { textTable } from '../text-table.ts';

const RUN = 's3://<bucket for results>/runs/<upload>';

export function addRuns(program: Command): void {
  program
    .command('runs')
    .argument('<results>', 's3://<bucket for results>; the deployment prints it')
    .action(async (results: string) => {
      const { bucket } = bucketPlace(results);
      const rows: [string, string, string][] = [];
      await mapConcurrently(await runNames(bucket), 8, async (name) => {
        const { status, error } = await executionState(await openStore(`s3://${bucket}/runs/${name}`));
        rows.push([name, status, error]);
      });
      const inOrder = rows.sort(([a], [b]) => (a < b ? -1 : 1));
      console.log(rows.length === 0 ? 'No runs yet.' : textTable(['run', 'state', 'reason'], inOrder));
    });
}

export function addStop(program: Command): void {
  program
    .command('stop')
    .argument('<run>', RUN)
    .action(async (run: string) => {
      await stopRun(await openStore(placeOfRun(run).uri));
      console.log('Stopped. Finished results stay. Continue with `rtpipeline redrive`.');
    });
}

export function addRedrive(program: Command): void {
  program
    .command('redrive')
    .argument('<run>', RUN)
    .action(async (run: string) => {
      await redriveRun(await openStore(placeOfRun(run).uri));
      console.log('The run continues where it ended. Follow it with `rtpipeline watch`.');
    });
}
