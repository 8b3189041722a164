import { BadInput } from '#lib/errors.ts';
import { mapConcurrently } from '#lib/pool/concurrent.ts';
import type { ObjectInfo, ObjectStore } from '#lib/store/store.ts';
import { byteBar } from '../progress/byte-bar.ts';
import type { RecordLine, Tally } from './tally.ts';

export interface CopyFiles {
  input: ObjectStore;
  out: ObjectStore;
  tally: Tally;
  /** Digest of key and settings. */
  settings: string;
}

/** Files under way at once: enough to hide the disk behind the CPU. */
const PARALLEL = 4;
/** What fits into one array. */
const LARGEST = 2 ** 31 - 1;

/**
 * Writes the copies as `<patient>/<SOP Instance UID>.dcm`, and answers how many there are. Goes on behind an interrupted run
 * of the same key and settings: what it has written down, and has not changed since, is done.
 * @throws BadInput when the folder holds something else
 */
export async function copyFiles({ input, out, tally, settings }: CopyFiles): Promise<number> {
  const there = new Set<string>();
  for await (const { key } of out.list('')) there.add(key);
  const done = standingLines(tally.earlier, settings, there);
  const known = new Set([...done.values()].flatMap(({ copy }) => copy ?? []));
  if (there.size > 0 && !tally.earlier.some((line) => line.settings === settings))
    throw new BadInput(
      'the output folder is not empty, and its files come from another key or other settings. Use a new folder',
      {
        where: out.uri,
      },
    );

  const files: ObjectInfo[] = [];
  for await (const file of input.list('', { everything: true })) files.push(file);
  const isDone = ({ key, version }: ObjectInfo) => done.get(key)?.version === version;
  const open = files.filter((file) => !isDone(file));
  tally.resume(files.filter(isDone).map(({ key }) => done.get(key)!));
  const bar = byteBar(
    'de-identifying',
    open.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  await mapConcurrently(open, PARALLEL, async ({ key, bytes, version, blocked }) => {
    const of = { version, settings };
    if (blocked) return tally.holdBack(key, blocked.message, of);
    if (bytes > LARGEST) return tally.holdBack(key, 'it is larger than 2 GiB', of);
    const outcome = tally.judge(await input.get(key));
    if (outcome.kind === 'held_back') tally.account(key, outcome, of);
    else {
      const copy = freeName(`${outcome.patient}/${outcome.sopInstanceUid}`, known);
      await out.put(copy, outcome.bytes);
      tally.account(key, outcome, { ...of, copy });
    }
    bar.add(bytes);
  }).finally(bar.stop);
  return known.size;
}

/** The last line of each original that was made with these settings, and whose copy is still there. */
function standingLines(record: readonly RecordLine[], settings: string, there: Set<string>): Map<string, RecordLine> {
  const lines = record.filter(
    (line) => line.settings === settings && (line.copy === undefined || there.has(line.copy)),
  );
  return new Map(lines.map((line) => [line.path, line]));
}

/** Two originals may have one SOP Instance UID: the later one gets a number. */
function freeName(name: string, known: Set<string>): string {
  let number = 1;
  const named = () => (number === 1 ? `${name}.dcm` : `${name}-${number}.dcm`);
  while (known.has(named())) number += 1;
  known.add(named());
  return named();
}
