import { type Receiver, type ReceiverOptions, startReceiver } from '#lib/dimse/receiver.ts';
import type { StoredInstance } from '#lib/dimse/store-request.ts';
import type { Kept } from '#lib/received/keep-instance.ts';
import { MS_PER_S } from '#lib/units.ts';

export interface Reception extends Pick<ReceiverOptions, 'title' | 'host' | 'port' | 'callers' | 'identity'> {
  keep(instance: StoredInstance): Promise<Kept>;
  /**
   * After the first instance: the reception ends when no association is open and nothing arrived for this time. Absent:
   * it never ends.
   */
  quietSeconds?: number;
  /** At once, at most: each holds an instance in memory. */
  mostAssociations: number;
  say(message: string): void;
  signal: AbortSignal;
}

/** What came while the port was open. */
export interface Came {
  /** Instances that were not here before. */
  new: number;
  /** Sent again with the same bytes. */
  same: number;
  /** Sent with other content under the UIDs of an instance that is here. */
  other: number;
  /** Instances that could not be stored; their senders got an error. */
  notStored: number;
  /** Associations that ended before they were released: their senders may not have sent all. */
  broken: number;
}

const IDLE_SECONDS = 120;

/** Receives until the senders are quiet or the person stops it. */
export async function receive(reception: Reception): Promise<Came> {
  const { keep, say, signal, quietSeconds, ...place } = reception;
  const came: Came = { new: 0, same: 0, other: 0, notStored: 0, broken: 0 };
  const ended = Promise.withResolvers<void>();
  let quiet: NodeJS.Timeout | undefined;
  let receiver: Receiver | undefined;
  const touch = () => {
    clearTimeout(quiet);
    if (quietSeconds === undefined) return;
    if (came.new + came.same + came.other > 0 && receiver?.open() === 0)
      quiet = setTimeout(() => receiver?.open() === 0 && ended.resolve(), quietSeconds * MS_PER_S);
  };
  signal.addEventListener('abort', () => ended.resolve(), { once: true });
  receiver = await startReceiver({
    ...place,
    idleSeconds: IDLE_SECONDS,
    async keep(instance) {
      came[await keep(instance)] += 1;
    },
    onEvent(event) {
      if (event.kind === 'released') say(`${event.caller}: ${event.stored} instances`);
      if (event.kind === 'refused' || event.kind === 'not_stored') say(event.message);
      if (event.kind === 'not_stored') came.notStored += 1;
      if (event.kind === 'broken') {
        came.broken += 1;
        say(`${event.caller || 'a connection'}: ${event.message}, after ${event.stored} instances`);
      }
    },
    onIdle: touch,
  });
  say(`listening as ${place.title} on port ${receiver.port}${place.identity ? ', by TLS' : ''}`);
  await ended.promise;
  clearTimeout(quiet);
  await receiver.close();
  return came;
}
