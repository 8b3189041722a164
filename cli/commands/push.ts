import type { Command } from 'commander';
import { readJsonIfAny, readJsonLines } from '#lib/course-store/json.ts';
import { DEFAULT_OPTIONS, dicomwebClient } from '#lib/dicomweb/client.ts';
import { BadAnswer } from '#lib/dicomweb/errors.ts';
import { isDicomweb, placeOf } from '#lib/dicomweb/place.ts';
import { storeInstance } from '#lib/dicomweb/store.ts';
import { BadInput } from '#lib/errors.ts';
import type { CourseEntry } from '#lib/stages/organize.ts';
import type { StructureObject } from '#lib/stages/structures/objects.ts';
import { courseKeys, runKeys } from '#lib/store/keys.ts';
import { openStore } from '#lib/store/open.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import { requireRun } from '../run-status.ts';
import { stopOnInterrupt } from '../stop-on-interrupt.ts';
import { INCOMPLETE } from './fetch.ts';

interface PushOptions {
  to: string;
  course: string[];
  kind: string[];
}

const KINDS = ['RTSTRUCT', 'SEG'];

export function addPush(program: Command): void {
  program
    .command('push')
    .argument('<out>', 'folder or s3:// prefix of a run')
    .requiredOption('--to <archive>', 'dicomweb:https://host/path')
    .option('--course <ids...>', 'only these courses', [])
    .option('--kind <kinds...>', `only these objects: ${KINDS.join(', ')}`, KINDS)
    .addHelpText('after', '\nExit codes: 0 all stored, 2 bad usage or no answer, 3 the archive did not store some.')
    .action(async (out: string, { to, course, kind }: PushOptions) => {
      if (!isDicomweb(to)) throw new BadInput('results go to a DICOMweb service: give dicomweb:https://host/path');
      const unknown = kind.find((one) => !KINDS.includes(one));
      if (unknown) throw new BadInput(`there is no object ${unknown}; objects are ${KINDS.join(', ')}`);
      const store = await openStore(out);
      await requireRun(store, out);
      const keys = await keysOf(store, course, kind);
      const { stored, refused } = await pushAll(store, keys, to);
      console.log(`${stored} objects stored${refused.length > 0 ? `, ${refused.length} NOT stored:` : ''}`);
      for (const line of refused) console.log(`  ${line}`);
      process.exitCode = refused.length > 0 ? INCOMPLETE : 0;
    });
}

/** Of the latest results of each course. */
async function keysOf(store: ObjectStore, courses: string[], kinds: string[]): Promise<string[]> {
  const entries = await readJsonLines<CourseEntry>(store, runKeys.courses);
  const ids = entries.map(({ courseId }) => courseId);
  const unknown = courses.find((id) => !ids.includes(id));
  if (unknown) throw new BadInput(`the run has no course ${unknown}`);
  const keys: string[] = [];
  for (const id of courses.length > 0 ? courses : ids) {
    const written = await readJsonIfAny<{ objects: StructureObject[] }>(store, courseKeys(id).structureObjects);
    keys.push(...(written?.objects ?? []).filter(({ kind }) => kinds.includes(kind)).map(({ key }) => key));
  }
  if (keys.length === 0) throw new BadInput('the run has written no such DICOM objects');
  return keys;
}

async function pushAll(store: ObjectStore, keys: string[], to: string): Promise<{ stored: number; refused: string[] }> {
  const stop = stopOnInterrupt();
  const client = dicomwebClient(placeOf(to, process.env), { ...DEFAULT_OPTIONS, signal: stop.signal });
  const refused: string[] = [];
  try {
    for (const key of keys)
      await storeInstance(client, await store.get(key)).catch((error: unknown) => {
        if (!(error instanceof BadAnswer)) throw error;
        refused.push(`${key}: ${error.message}`);
      });
  } finally {
    client.close();
    stop.forget();
  }
  return { stored: keys.length - refused.length, refused };
}
