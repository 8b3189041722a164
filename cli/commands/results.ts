import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import type { Command } from 'commander';
import { BadInput } from '#lib/errors.ts';
import { mapConcurrently } from '#lib/pool/concurrent.ts';
import { openStore } from '#lib/store/open.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import { bucketPlace } from '../cloud/place.ts';

export function addResults(program: Command): void {
  program
    .command('results')
    .argument('<run>', 's3://<bucket for results>/runs/<upload>')
    .requiredOption('--out <dir>', 'folder for the files')
    .option('--courses', 'also download the course folders: masks, statuses, logs', false)
    .action(async (run: string, { out, courses }: { out: string; courses: boolean }) => {
      bucketPlace(run);
      const store = await openStore(run);
      const files = await fetchBelow(store, 'results/', out);
      if (files === 0)
        throw new BadInput('the run has no results yet. Follow it with `rtpipeline watch`', { where: run });
      const more = courses ? await fetchBelow(store, 'courses/', join(out, 'courses')) : 0;
      console.log(`${files + more} files in ${out}`);
    });
}

/** How many files were written. */
async function fetchBelow(store: ObjectStore, prefix: string, out: string): Promise<number> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  await mapConcurrently(keys, 8, async (key) => {
    const path = below(resolve(out), key.slice(prefix.length));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, await store.get(key));
  });
  return keys.length;
}

function below(folder: string, name: string): string {
  const path = resolve(folder, name);
  if (!path.startsWith(folder + sep))
    throw new BadInput('an object of the run has a path outside its folder; nothing is written there', { where: name });
  return path;
}
