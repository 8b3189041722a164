import type { Command } from 'commander';
import { BadInput } from '#lib/errors.ts';
import { mapConcurrently } from '#lib/pool/concurrent.ts';
import { openStore } from '#lib/store/open.ts';
import { executionState } from '../cloud/execution.ts';
import { bucketPlace } from '../cloud/place.ts';
import { deleteVersions, redriveRun, runNames, stopRun } from '../cloud/runs.ts';
import { textTable } from '../text-table.ts';

const RUN = 's3://<bucket for results>/runs/<upload>';

export function addRuns(program: Command): void {
  program
    .command('runs')
    .argument('<results>', 's3://<bucket for results>, as the deployment says it')
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
      console.log('Stopped. What was computed stays: `rtpipeline redrive` goes on.');
    });
}

export function addRedrive(program: Command): void {
  program
    .command('redrive')
    .argument('<run>', RUN)
    .action(async (run: string) => {
      await redriveRun(await openStore(placeOfRun(run).uri));
      console.log('Goes on where it failed: `rtpipeline watch` shows how far it is.');
    });
}

export function addDelete(program: Command): void {
  program
    .command('delete')
    .argument('<run>', RUN)
    .option('--uploads <uri>', 's3://<bucket for uploads>: also what was sent')
    .option('--yes', 'delete: without it the command only says what it would do', false)
    .action(async (run: string, { uploads, yes }: { uploads?: string; yes: boolean }) => {
      const { uri, bucket, name } = placeOfRun(run);
      const places = [
        { bucket, prefix: `runs/${name}/` },
        ...(uploads === undefined ? [] : uploadPlaces(bucketPlace(uploads).bucket, name)),
      ];
      if (!yes) {
        for (const place of places)
          console.log(`would delete every version below s3://${place.bucket}/${place.prefix}`);
        return console.log('Nothing is deleted: --yes does it, and nothing can be brought back then.');
      }
      const { status } = await executionState(await openStore(uri));
      if (status === 'RUNNING') throw new BadInput('it still runs: `rtpipeline stop` first', { where: uri });
      for (const place of places) {
        const count = await deleteVersions(place.bucket, place.prefix);
        console.log(`${count} versions deleted below s3://${place.bucket}/${place.prefix}`);
      }
    });
}

/** Where what was sent under a name lies: a folder, or an archive and the place that it was put to. */
function uploadPlaces(bucket: string, name: string): { bucket: string; prefix: string }[] {
  return [`incoming/${name}${name.endsWith('.zip') ? '' : '/'}`, `archives/${name}/`].map((prefix) => ({
    bucket,
    prefix,
  }));
}

/** @throws BadInput for anything but a run: a shorter address would be that of all runs */
function placeOfRun(run: string): { uri: string; bucket: string; name: string } {
  const { bucket, prefix } = bucketPlace(run);
  const [, name] = /^runs\/([^/]+)$/.exec(prefix) ?? [];
  if (name === undefined) throw new BadInput(`not a run: ${RUN}`, { where: run });
  return { uri: `s3://${bucket}/runs/${name}`, bucket, name };
}
