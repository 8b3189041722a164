import type { Command } from 'commander';
import { BadInput } from '#lib/errors.ts';
import { openStore } from '#lib/store/open.ts';
import { checkCopies, describeCheck } from '../deidentify/check-copies.ts';
import { copyFiles } from '../deidentify/copy.ts';
import { addDeidentifyFlags, type DeidentifyFlags, deidentifyRun } from '../deidentify/flags.ts';
import { writeSuspicions } from '../deidentify/suspicions-page.ts';
import { openTally, type RecordLine } from '../deidentify/tally.ts';
import { openLineRecord } from '../line-record.ts';
import { openInput } from '../open-input.ts';

interface DeidentifyOptions extends DeidentifyFlags {
  out: string;
  record?: string;
  check: boolean;
}

/** Something of an original is in its copy. */
const EXIT_REMAINS = 3;

export function addDeidentify(program: Command): void {
  const command = program
    .command('deidentify')
    .argument('<dir>', 'folder with DICOM')
    .requiredOption('--out <dir>', 'folder for the copies. Use the same folder again to resume')
    .option('--record <file>', 'list of originals and their copies (default <out>.deidentified.jsonl)')
    .option('--check', 'afterwards search every copy for removed identities; exit code 3 if any are left', false);
  addDeidentifyFlags(command).action(async (dir: string, options: DeidentifyOptions) => {
    const input = await openInput(dir, options.out);
    const out = await openStore(options.out);
    const file = options.record ?? `${options.out.replace(/(?<!\/)\/+$/, '')}.deidentified.jsonl`;
    const run = deidentifyRun(options, dir);
    const tally = openTally(run, options.key, file);
    const settings = run.fingerprint;
    const copies = await copyFiles({ input, out, tally, settings });
    console.log(tally.summary());
    const page = file.replace(/(\.jsonl)?$/, '.suspicions.html');
    const lines = openLineRecord<RecordLine>(file).lines.filter((line) => line.settings === settings);
    const suspicious = await writeSuspicions(input, lines, page);
    if (suspicious > 0)
      console.log(`Check the ${suspicious} images that may show text: ${page}. It shows patients: keep it private.`);
    if (copies === 0)
      throw new BadInput('no file could be de-identified; the record file lists the reasons', { where: options.out });
    if (!options.check) return;
    const checked = await checkCopies(
      input,
      out,
      openLineRecord<RecordLine>(file).lines,
      run.settings.options.has('uids'),
    );
    console.log(describeCheck(checked));
    if (checked.remains.size > 0) process.exitCode = EXIT_REMAINS;
  });
}
