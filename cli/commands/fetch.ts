import type { Command } from 'commander';
import { openStore } from '#lib/store/open.ts';
import { whole } from '../config-flags.ts';
import { queryTexts } from '../fetch/archive.ts';
import { DEFAULT_TITLE, fetchArchive } from '../fetch/fetch.ts';
import { GOES_ON, INTERRUPTED, stopOnInterrupt, unlessStopped } from '../stop-on-interrupt.ts';

interface FetchOptions {
  from: string;
  query: string[];
  out: string;
  aet: string;
  movePort?: number;
}

/** Exit code where announced instances were not received. */
export const INCOMPLETE = 3;

export function addFetch(program: Command): void {
  program
    .command('fetch')
    .requiredOption(
      '--from <archive>',
      'dicomweb:https://host/path, AET@host:port (C-FIND and C-GET), or dimse-tls:AET@host:port',
    )
    .requiredOption(
      '--query <Keyword=value...>',
      'what to fetch, such as PatientID=4711. @file reads one Keyword=value per line',
    )
    .requiredOption('--out <dir>', 'folder or s3:// prefix. Repeat the command to resume')
    .option('--aet <title>', 'our application entity title', DEFAULT_TITLE)
    .option(
      '--move-port <n>',
      'fetch by C-MOVE: the archive sends to this port. It must know our title and this port',
      whole,
    )
    .addHelpText(
      'after',
      '\nExit codes: 0 all instances received, 2 wrong usage or no answer, 3 some announced instances are missing.',
    )
    .action(async ({ from, query, out, ...dimse }: FetchOptions) => {
      const stop = stopOnInterrupt();
      const say = (message: string) => console.error(message);
      const store = await openStore(out);
      const request = { location: from, queries: queryTexts(query), store, say, signal: stop.signal, dimse };
      const done = await fetchArchive(request).catch(unlessStopped(stop.signal)).finally(stop.forget);
      if (done) process.exitCode = done.missing > 0 ? INCOMPLETE : 0;
      else {
        console.error(GOES_ON);
        process.exitCode = INTERRUPTED;
      }
    });
}
