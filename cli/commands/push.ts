import type { Command } from 'commander';
import { DEFAULT_OPTIONS, dicomwebClient } from '#lib/dicomweb/client.ts';
import { BadAnswer } from '#lib/dicomweb/errors.ts';
import { isDicomweb, placeOf } from '#lib/dicomweb/place.ts';
import { storeInstance } from '#lib/dicomweb/store.ts';
import { BadInput } from '#lib/errors.ts';
import { openStore } from '#lib/store/open.ts';
import { coursesOf, isKind, KINDS, type PushedObject, pushedObjects } from '../push/objects.ts';
import { requireRun } from '../run-status.ts';
import { stopOnInterrupt } from '../stop-on-interrupt.ts';
import { INCOMPLETE } from './fetch.ts';

interface PushOptions {
  to: string;
  course: string[];
  kind: string[];
}

interface Pushed {
  stored: number;
  /** A line for each object that the archive did not store. */
  refused: string[];
}

export function addPush(program: Command): void {
  program
    .command('push')
    .argument('<out>', 'folder or s3:// prefix of a run')
    .requiredOption('--to <archive>', 'dicomweb:https://host/path')
    .option('--course <ids...>', 'only these courses', [])
    .option('--kind <kinds...>', `only these objects: ${KINDS.join(', ')}`, [...KINDS])
    .addHelpText(
      'after',
      '\nExit codes: 0 all objects stored, 2 wrong usage or no answer, 3 the archive did not store every object.',
    )
    .action(async (out: string, { to, course, kind }: PushOptions) => {
      if (!isDicomweb(to)) throw new BadInput('--to needs a DICOMweb address: dicomweb:https://host/path');
      const unknown = kind.find((one) => !isKind(one));
      if (unknown) throw new BadInput(`--kind ${unknown} does not exist; use one of ${KINDS.join(', ')}`);
      const store = await openStore(out);
      await requireRun(store, out);
      const objects = pushedObjects(store, await coursesOf(store, course), kind);
      const { stored, refused } = await pushAll(objects, to);
      console.log(`${stored} objects stored${refused.length > 0 ? `, ${refused.length} NOT stored:` : ''}`);
      for (const line of refused) console.log(`  ${line}`);
      process.exitCode = refused.length > 0 ? INCOMPLETE : 0;
    });
}

async function pushAll(objects: AsyncIterable<PushedObject>, to: string): Promise<Pushed> {
  const stop = stopOnInterrupt();
  const client = dicomwebClient(placeOf(to, process.env), { ...DEFAULT_OPTIONS, signal: stop.signal });
  const pushed: Pushed = { stored: 0, refused: [] };
  try {
    for await (const { name, file } of objects)
      try {
        await storeInstance(client, file);
        pushed.stored += 1;
      } catch (error) {
        if (!(error instanceof BadAnswer)) throw error;
        pushed.refused.push(`${name}: ${error.message}`);
      }
  } finally {
    client.close();
    stop.forget();
  }
  if (pushed.stored + pushed.refused.length === 0) throw new BadInput('the run wrote no DICOM objects of this kind');
  return pushed;
}
