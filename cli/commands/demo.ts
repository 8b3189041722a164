import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { demoCohort } from '#lib/phantom/demo/cohort.ts';
import { run } from './run.ts';

const CONFIG = fileURLToPath(new URL('../demo/config.yaml', import.meta.url));

export function addDemo(program: Command): void {
  program
    .command('demo')
    .option('--dir <dir>', 'folder for the sample cohort (input) and its results (out)', 'demo')
    .option('--force', 'compute everything again', false)
    .action(async ({ dir, force }: { dir: string; force: boolean }) => {
      const input = join(dir, 'input');
      if (!existsSync(input)) await writeCohort(input);
      const nothing = { stage: [], patient: [], set: {}, forceRedo: false, quiet: false, json: false };
      process.exitCode = await run(input, { ...nothing, out: join(dir, 'out'), config: CONFIG, force });
    });
}

/** Appears whole or not at all, so that an interrupted demo starts over. */
async function writeCohort(folder: string): Promise<void> {
  console.log(`Creating the sample cohort in ${folder} ...`);
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  for (const { path, bytes } of demoCohort()) {
    await mkdir(join(partial, dirname(path)), { recursive: true });
    await writeFile(join(partial, path), bytes);
  }
  await rename(partial, folder);
}
