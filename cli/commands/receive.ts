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
    .option(
      '--aet <title>',
      'our application entity title. A sender that calls another title is refused',
      DEFAULT_TITLE,
    )
    .option('--port <n>', 'port to listen on', whole, 11112)
    .option('--host <address>', 'address to listen on; 127.0.0.1: only this machine', '0.0.0.0')
    .option('--from <titles...>', 'titles of the senders to accept (default: everyone who reaches the port)', [])
    .option('--associations <n>', 'associations at the same time; each holds its current instance in memory', whole, 32)
    .option(
      '--tls',
      `accept only encrypted connections, with the certificate in ${DIMSE_IDENTITY.certificate} and ..._KEY_FILE`,
      false,
    )
    .requiredOption('--out <dir>', 'folder or s3:// prefix for the received files')
    .option(
      '--quiet-period <s>',
      'stop after this many seconds without a sender; with --service: end an upload after this many seconds without an instance of the patient',
      positive,
      60,
    )
    .option('--service', 'do not stop: each patient becomes a separate upload in the bucket --out', false)
    .option('--run <dir>', 'then run the pipeline on the received files; output folder of that run')
    .option('--config <file>', 'configuration file of that run (YAML)')
    .addHelpText(
      'after',
      '\nExit codes: 0 all instances stored, 2 wrong usage, 3 an association broke or an instance was not stored. With --service 0 after a stop.',
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
  if (run !== undefined && service)
    throw new BadInput('--service never ends, so --run would never start: use one of the two');
  if (run !== undefined && /^s3:/.test(out))
    throw new BadInput(
      '--run works only if --out is a folder. For a bucket start `rtpipeline run s3://...` afterwards',
    );
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
  const lines = [`${fresh} instances received, ${same} received more than once`];
  if (other > 0) lines.push(`${other} have the UID of a stored instance but other content: both are stored`);
  if (notStored > 0)
    lines.push(`${notStored} could not be stored. The senders got an error: let them send these again`);
  if (broken > 0)
    lines.push(`${broken} associations broke. Let the senders send everything again: nothing is stored twice`);
  return lines.join('\n');
}
