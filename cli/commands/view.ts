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
    .option('--input <place>', 'folder with the DICOM files, if they have moved since the run')
    .addHelpText(
      'after',
      `
The printed address works on this machine only, and only with its token. Anyone with the token can see the patients.
For a run on AWS it reads only what you open, with your own credentials. It writes nothing. Stop it with Ctrl+C.`,
    )
    .action(async (out: string, { input }: { input?: string }) => {
      const store = await openStore(out);
      await requireRun(store, out);
      const run = viewedRun(store, input === undefined ? undefined : await openInput(input));
      const server = await startServer(answersOf(run));
      console.log(`Open in the browser: ${server.url}\nStop it with Ctrl+C.`);
      await Promise.race(['SIGINT', 'SIGTERM'].map((signal) => once(process, signal)));
      await server.close();
    });
}
