import type { Socket } from 'node:net';
import { BadInput } from '../errors.ts';
import { MS_PER_S } from '../units.ts';
import { type CommandSet, decodeCommand, encodeCommand, NO_DATA_SET } from './command-set.ts';
import { decodePdu, encodePdu, type Fragment, HEADER_BYTES, type Pdu, pduHeader } from './pdu.ts';
import { tlsFault } from './secure-connection.ts';

/** The association ended before it was released: what was under way is lost, what was answered is not. */
export class Aborted extends BadInput {}

export interface Message {
  contextId: number;
  command: CommandSet;
  /** As it came, in the transfer syntax of the context. */
  dataSet?: Uint8Array;
}

/** Data units one by one, and messages made of them, over a connection. */
export interface Association {
  readPdu(): Promise<Pdu>;
  writePdu(pdu: Pdu): Promise<void>;
  /** The next message; undefined when the other side releases the association. @throws Aborted, BadInput */
  receive(): Promise<Message | undefined>;
  send(contextId: number, command: CommandSet, dataSet?: Uint8Array): Promise<void>;
  /** Bodies of data units that the other side takes. */
  longest: number;
  /** Ends in order, as the requestor does. */
  release(): Promise<void>;
  abort(): void;
}

/** What we take in one data unit, and ask others to keep to. */
export const LONGEST_BODY = 256 * 1024;
/** Beyond what any implementation sends for a list of contexts. */
const LONGEST_TAKEN = 4 * 1024 * 1024;
const MOST_MESSAGE_BYTES = 2 ** 31 - 1;
/** Where the other side says no limit. */
const PIECE_BYTES = 64 * 1024;
const FRAGMENT_HEAD = 6;

/** @param idleSeconds a side that is silent for this time counts as gone */
export function associationOver(socket: Socket, idleSeconds: number): Association {
  socket.setNoDelay(true);
  let fault: Error | undefined;
  const fail = (error: Error) => {
    fault ??= error;
  };
  socket.on('error', fail);
  socket.setTimeout(idleSeconds * MS_PER_S, () => socket.destroy(new Error(`silent for ${idleSeconds} s`)));
  const waiting: Fragment[] = [];

  const arriving = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let buffered: Buffer = Buffer.alloc(0);

  async function take(bytes: number): Promise<Buffer> {
    const parts = [buffered];
    for (let size = buffered.length; size < bytes; ) {
      const { value, done } = await arriving.next().catch((error: Error) => {
        throw new Aborted(`the association broke: ${tlsFault(fault ?? error)}`);
      });
      if (done) throw new Aborted('the association broke');
      parts.push(value);
      size += value.length;
    }
    const all = parts.length === 1 ? buffered : Buffer.concat(parts);
    buffered = all.subarray(bytes);
    return all.subarray(0, bytes);
  }

  async function readPdu(): Promise<Pdu> {
    const { type, bytes } = pduHeader(await take(HEADER_BYTES));
    if (bytes > LONGEST_TAKEN) throw new BadInput(`a data unit of ${bytes} bytes is longer than ${LONGEST_TAKEN}`);
    return decodePdu(type, await take(bytes));
  }

  async function writePdu(pdu: Pdu): Promise<void> {
    const error = await new Promise<Error | null | undefined>((done) => socket.write(encodePdu(pdu), done));
    if (error) throw new Aborted(`the association broke: ${tlsFault(fault ?? error)}`);
  }

  /** The next fragment; undefined when the association is released. */
  async function nextFragment(): Promise<Fragment | undefined> {
    while (waiting.length === 0) {
      const pdu = await readPdu();
      if (pdu.type === 'abort') throw new Aborted('the other side aborted the association');
      if (pdu.type === 'release') {
        await writePdu({ type: 'released' });
        return undefined;
      }
      if (pdu.type !== 'data') throw new BadInput(`a data unit of type ${pdu.type} in the middle of an association`);
      waiting.push(...pdu.fragments);
    }
    return waiting.shift();
  }

  /** All fragments of a command or of a data set. */
  async function whole(isCommand: boolean): Promise<{ contextId: number; bytes: Buffer } | undefined> {
    const parts: Uint8Array[] = [];
    let size = 0;
    for (;;) {
      const fragment = await nextFragment();
      if (!fragment && isCommand && parts.length === 0) return undefined;
      if (!fragment || fragment.isCommand !== isCommand) throw new BadInput('a message ends before its last fragment');
      size += fragment.bytes.length;
      if (size > MOST_MESSAGE_BYTES) throw new BadInput(`a message is longer than ${MOST_MESSAGE_BYTES} bytes`);
      parts.push(fragment.bytes);
      if (fragment.isLast) return { contextId: fragment.contextId, bytes: Buffer.concat(parts) };
    }
  }

  const association: Association = {
    readPdu,
    writePdu,
    longest: 0,
    async receive() {
      const head = await whole(true);
      if (!head) return undefined;
      const command = decodeCommand(head.bytes);
      if (command.dataSetType === NO_DATA_SET) return { contextId: head.contextId, command };
      const body = await whole(false);
      return { contextId: head.contextId, command, dataSet: body && bytesOf(body.bytes) };
    },
    async send(contextId, command, dataSet) {
      const taken = association.longest === 0 ? PIECE_BYTES : association.longest - FRAGMENT_HEAD;
      const piece = Math.max(1, Math.min(taken, PIECE_BYTES));
      const dataSetType = dataSet ? 0 : NO_DATA_SET;
      const fragment = (isCommand: boolean, bytes: Uint8Array, isLast: boolean): Pdu => ({
        type: 'data',
        fragments: [{ contextId, isCommand, isLast, bytes }],
      });
      await writePdu(fragment(true, encodeCommand({ ...command, dataSetType }), true));
      for (let at = 0; dataSet && at < dataSet.length; at += piece)
        await writePdu(fragment(false, dataSet.subarray(at, at + piece), at + piece >= dataSet.length));
    },
    async release() {
      await writePdu({ type: 'release' });
      while ((await readPdu()).type !== 'released');
      socket.end();
    },
    abort() {
      socket.end(encodePdu({ type: 'abort', source: 0, reason: 0 }));
    },
  };
  return association;
}

/** The same memory: data sets are large. */
function bytesOf({ buffer, byteOffset, length }: Buffer): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length);
}
