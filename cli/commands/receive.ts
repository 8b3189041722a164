import { resolve } from 'node:path';
import type { Command } from 'commander';
import { BadInput } from '#lib/errors.ts';
import { openStore } from '#lib/store/open.ts';
import { positive, whole } from '../config-flags.ts';
import { DEFAULT_TITLE } from '../fetch/fetch.ts';
import { type Came, receive } from '../receive.ts';
import { stopOnInterrupt } from '../stop-on-interrupt.ts';
import { INCOMPLETE } from './fetch.ts';
import { run } from './run.ts';

interface ReceiveOptions {
  aet: string;
  port: number;
  host: string;
  from: string[];
  out: string;
  quietPeriod: number;
  run?: string;
  config?: string;
}

export function addReceive(program: Command): void {
  program
    .command('receive')
    .option('--aet <title>', 'our application entity title: who calls for another one is refused', DEFAULT_TITLE)
    .option('--port <n>', 'port to listen on', whole, 11112)
    .option('--host <address>', 'address to listen on; 127.0.0.1: this machine alone', '0.0.0.0')
    .option('--from <titles...>', 'senders that may send (default: everybody who reaches the port)', [])
    .requiredOption('--out <dir>', 'folder or s3:// prefix for what comes')
    .option('--quiet-period <s>', 'seconds without a sender that end it', positive, 60)
    .option('--run <dir>', 'then run the pipeline on the folder, into this one')
    .option('--config <file>', 'configuration of that run, YAML')
    .addHelpText(
      'after',
      '\nExit codes: 0 all kept, 2 bad usage, 3 an association broke off or an instance was not kept.',
    )
    .action(async (options: ReceiveOptions) => {
      if (options.run !== undefined && /^s3:/.test(options.out))
        throw new BadInput('--run is for a folder: what comes into a bucket is run by `rtpipeline run s3://...`');
      const stop = stopOnInterrupt();
      const { aet: title, from: callers, port, host, quietPeriod: quietSeconds } = options;
      const store = await openStore(options.out);
      const say = (message: string) => console.error(message);
      const place = { title, host, port, callers };
      const came = await receive({ ...place, store, quietSeconds, say, signal: stop.signal }).finally(stop.forget);
      console.log(cameText(came));
      process.exitCode = came.broken + came.notStored > 0 ? INCOMPLETE : 0;
      if (options.run === undefined || stop.signal.aborted) return;
      const nothing = { stage: [], patient: [], set: {}, force: false, forceRedo: false, quiet: false, json: false };
      const code = await run(resolve(options.out), { ...nothing, out: options.run, config: options.config });
      if (code !== 0) process.exitCode = code;
    });
}

function cameText({ new: fresh, same, other, notStored, broken }: Came): string {
  const lines = [`${fresh} instances received, ${same} of them or earlier ones sent again`];
  if (other > 0)
    lines.push(`${other} came with other content under the UIDs of an instance that is here: both are kept`);
  if (notStored > 0) lines.push(`${notStored} could not be kept: their senders were told, and must send them again`);
  if (broken > 0)
    lines.push(`${broken} associations broke off: have their senders send everything again, nothing gets double`);
  return lines.join('\n');
}
