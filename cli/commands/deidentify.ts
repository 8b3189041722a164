import type { Command } from 'commander';
import { BadInput } from '#lib/errors.ts';
import { mapConcurrently } from '#lib/pool/concurrent.ts';
import { openStore } from '#lib/store/open.ts';
import type { ObjectInfo, ObjectStore } from '#lib/store/store.ts';
import { addDeidentifyFlags, type DeidentifyFlags, deidentifyRun } from '../deidentify/flags.ts';
import { openTally } from '../deidentify/tally.ts';
import { openInput } from '../open-input.ts';
import { byteBar } from '../progress/byte-bar.ts';

interface DeidentifyOptions extends DeidentifyFlags {
  out: string;
  record?: string;
}

/** Files under way at once: enough to hide the disk behind the CPU. */
const PARALLEL = 4;
/** What fits into one array. */
const LARGEST = 2 ** 31 - 1;

export function addDeidentify(program: Command): void {
  const command = program
    .command('deidentify')
    .argument('<dir>', 'folder with DICOM')
    .requiredOption('--out <dir>', 'folder for the copies')
    .option('--record <file>', 'list of originals and their copies (default <out>.deidentified.jsonl)');
  addDeidentifyFlags(command).action(async (dir: string, options: DeidentifyOptions) => {
    const input = await openInput(dir, options.out);
    const out = await openStore(options.out);
    for await (const _ of out.list(''))
      throw new BadInput('the folder for the copies is not empty', { where: options.out });
    const record = options.record ?? `${options.out.replace(/(?<!\/)\/+$/, '')}.deidentified.jsonl`;
    const tally = openTally(deidentifyRun(options, dir), options.key, record);
    const written = await copyFiles(input, out, tally);
    console.log(tally.summary());
    if (written === 0) throw new BadInput('no file could be de-identified', { where: options.out });
  });
}

/** Answers how many files were written, as `<patient>/<SOP Instance UID>.dcm`. */
async function copyFiles(input: ObjectStore, out: ObjectStore, tally: ReturnType<typeof openTally>): Promise<number> {
  const files: ObjectInfo[] = [];
  for await (const file of input.list('', { everything: true })) files.push(file);
  const bar = byteBar(
    'de-identifying',
    files.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  const copies = new Map<string, number>();
  await mapConcurrently(files, PARALLEL, async ({ key, bytes, blocked }) => {
    if (blocked) return tally.holdBack(key, blocked.message);
    if (bytes > LARGEST) return tally.holdBack(key, 'it has more than 2 GiB');
    const outcome = tally.take(key, await input.get(key));
    if (outcome.kind === 'written') {
      const name = `${outcome.patient}/${outcome.sopInstanceUid}`;
      const count = (copies.get(name) ?? 0) + 1;
      copies.set(name, count);
      await out.put(count === 1 ? `${name}.dcm` : `${name}-${count}.dcm`, outcome.bytes);
    }
    bar.add(bytes);
  }).finally(bar.stop);
  return copies.size;
}
