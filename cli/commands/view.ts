import { once } from 'node:events';
import type { Command } from 'commander';
import { openStore } from '#lib/store/open.ts';
import { openInput } from '../open-input.ts';
import { requireRun } from '../run-status.ts';
import { answersOf } from '../view/answers.ts';
import { startServer } from '../view/server.ts';
import { viewedRun } from '../view/viewed-run.ts';

export function addView(program: Command): void {
  program
    .command('view')
    .argument('<out>', 'output folder of a run, or s3://<bucket for results>/runs/<upload>')
    .option('--input <place>', 'where the DICOM files lie now, when that is not where the run read them')
    .addHelpText(
      'after',
      `
The address that it prints opens on this machine alone, and only with its token: who has the token sees the patients.
Results on AWS are read with your own credentials, as much of them as you look at. Nothing is written. Ctrl+C ends it.`,
    )
    .action(async (out: string, { input }: { input?: string }) => {
      const store = await openStore(out);
      await requireRun(store, out);
      const run = viewedRun(store, input === undefined ? undefined : await openInput(input));
      const server = await startServer(answersOf(run));
      console.log(`Open in the browser: ${server.url}\nCtrl+C ends it.`);
      await Promise.race(['SIGINT', 'SIGTERM'].map((signal) => once(process, signal)));
      await server.close();
    });
}
