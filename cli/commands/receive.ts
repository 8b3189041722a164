import { resolve } from 'node:path';
import type { Command } from 'commander';
import { DIMSE_IDENTITY } from '#lib/dimse/secure-connection.ts';
import { BadInput } from '#lib/errors.ts';
import { identityOf } from '#lib/received/identity.ts';
import { keepInstance } from '#lib/received/keep-instance.ts';
import { openStore } from '#lib/store/open.ts';
import { positive, whole } from '../config-flags.ts';
import { DEFAULT_TITLE } from '../fetch/fetch.ts';
import { type Came, type Reception, receive } from '../receive/receive.ts';
import { receivedUploads } from '../receive/uploads.ts';
import { stopOnInterrupt } from '../stop-on-interrupt.ts';
import { INCOMPLETE } from './fetch.ts';
import { run } from './run.ts';

interface ReceiveOptions {
  aet: string;
  port: number;
  host: string;
  from: string[];
  tls: boolean;
  associations: number;
  out: string;
  quietPeriod: number;
  service: boolean;
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
    .option('--associations <n>', 'at once, at most; each holds the instance that comes in memory', whole, 32)
    .option('--tls', `encrypted connections alone, as whom ${DIMSE_IDENTITY.certificate} and ..._KEY_FILE say`, false)
    .requiredOption('--out <dir>', 'folder or s3:// prefix for what comes')
    .option(
      '--quiet-period <s>',
      'seconds without a sender that end it; with --service: without an instance of a patient',
      positive,
      60,
    )
    .option('--service', 'go on: each patient that was quiet becomes an upload of its own in the bucket --out', false)
    .option('--run <dir>', 'then run the pipeline on the folder, into this one')
    .option('--config <file>', 'configuration of that run, YAML')
    .addHelpText(
      'after',
      '\nExit codes: 0 all kept, 2 bad usage, 3 an association broke off or an instance was not kept. With --service 0 when it is stopped.',
    )
    .action(async (options: ReceiveOptions) => {
      requirePlaceOfRun(options);
      const stop = stopOnInterrupt();
      const { aet: title, from: callers, port, host } = options;
      const identity = options.tls ? identityOf(process.env, DIMSE_IDENTITY) : undefined;
      const say = (message: string) => console.error(message);
      const place = { title, host, port, callers, identity, mostAssociations: options.associations };
      const reception = { ...place, say, signal: stop.signal };
      const came = await (options.service ? serve : receiveOnce)(reception, options).finally(stop.forget);
      console.log(cameText(came));
      if (options.service) return;
      process.exitCode = came.broken + came.notStored > 0 ? INCOMPLETE : 0;
      if (options.run === undefined || stop.signal.aborted) return;
      const nothing = { stage: [], patient: [], set: {}, force: false, forceRedo: false, quiet: false, json: false };
      const code = await run(resolve(options.out), { ...nothing, out: options.run, config: options.config });
      if (code !== 0) process.exitCode = code;
    });
}

function requirePlaceOfRun({ run, out, service }: ReceiveOptions): void {
  if (run !== undefined && service) throw new BadInput('--service never ends: --run would not begin');
  if (run !== undefined && /^s3:/.test(out))
    throw new BadInput('--run is for a folder: what comes into a bucket is run by `rtpipeline run s3://...`');
}

type Place = Omit<Reception, 'keep' | 'quietSeconds'>;

async function receiveOnce(place: Place, { out, quietPeriod: quietSeconds }: ReceiveOptions): Promise<Came> {
  const store = await openStore(out);
  return receive({ ...place, keep: ({ uids, file }) => keepInstance(store, uids, file), quietSeconds });
}

/** Until it is stopped. What is under way then goes on with the next start. */
async function serve(place: Place, { out, quietPeriod: quietSeconds }: ReceiveOptions): Promise<Came> {
  const uploads = await receivedUploads({ place: out, quietSeconds, say: place.say, now: () => new Date() });
  return receive({ ...place, keep: uploads.keep }).finally(uploads.close);
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
