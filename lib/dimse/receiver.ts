import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { TransferSyntax } from '../dicom/uid.ts';
import type { Identity } from '../received/identity.ts';
import { type Association, associationOver, LONGEST_BODY, type Message } from './association.ts';
import { Field, Status } from './command-set.ts';
import type { AnsweredContext, Pdu, ProposedContext } from './pdu.ts';
import { secureServer } from './secure-connection.ts';
import { answerStore, type Keep } from './store-request.ts';

export interface ReceiverOptions {
  /** Our application entity title: who calls for another one is refused. */
  title: string;
  host: string;
  /** 0: a free one. */
  port: number;
  /** Who may send; empty: everybody who reaches the port. */
  callers: string[];
  mostAssociations: number;
  idleSeconds: number;
  /** Encrypted connections alone; with an authority only those of who shows a certificate of it. Absent: no TLS. */
  identity?: Identity;
  keep: Keep;
  onEvent(event: ReceiverEvent): void;
  /** After each association that was accepted: whether others are under way, `open` tells. */
  onIdle?(): void;
}

export type ReceiverEvent =
  | { kind: 'opened' | 'released'; caller: string; stored: number }
  | { kind: 'broken'; caller: string; stored: number; message: string }
  | { kind: 'refused'; message: string }
  | { kind: 'stored' }
  | { kind: 'not_stored'; message: string };

export interface Receiver {
  port: number;
  /** Associations under way. */
  open(): number;
  /** Resolves when no association is under way. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Takes C-STORE and C-ECHO on a port, over several associations at once: PS3.4 annexes A and B. @throws BadInput */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const sockets = new Set<Socket>();
  let connections = 0;
  let open = 0;
  const waiting: (() => void)[] = [];
  const onConnection = async (socket: Socket) => {
    connections += 1;
    const hasRoom = connections <= options.mostAssociations;
    let isAssociation = false;
    await serve(socket, options, hasRoom, () => {
      isAssociation = true;
      open += 1;
    });
    connections -= 1;
    socket.end();
    if (isAssociation) {
      open -= 1;
      options.onIdle?.();
    }
    if (connections === 0) for (const go of waiting.splice(0)) go();
  };
  const { identity, onEvent } = options;
  const server: Server = identity
    ? secureServer(identity, onConnection, (message) => onEvent({ kind: 'refused', message }))
    : createServer(onConnection);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((done, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, done);
  });
  return {
    port: (server.address() as AddressInfo).port,
    open: () => open,
    settled: () => (connections === 0 ? Promise.resolve() : new Promise((done) => waiting.push(done))),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

/** One association, from its request to its end. Errors end it alone. */
async function serve(
  socket: Socket,
  options: ReceiverOptions,
  hasRoom: boolean,
  onAccepted: () => void,
): Promise<void> {
  const association = associationOver(socket, options.idleSeconds);
  let caller = '';
  let stored = 0;
  try {
    const request = await association.readPdu();
    if (request.type !== 'request') throw new Error('the connection does not begin with a request for an association');
    const refusal = refusalOf(request, options, hasRoom);
    if (refusal) {
      await association.writePdu({ type: 'reject', ...refusal.pdu });
      return options.onEvent({ kind: 'refused', message: refusal.message });
    }
    caller = request.calling;
    const contexts = request.contexts.map(answerContext);
    association.longest = request.longest;
    const { called, calling } = request;
    await association.writePdu({ type: 'accept', called, calling, longest: LONGEST_BODY, contexts, roles: [] });
    onAccepted();
    options.onEvent({ kind: 'opened', caller, stored });
    for (let message = await association.receive(); message; message = await association.receive())
      if (await answer(association, message, contexts, options)) stored += 1;
    options.onEvent({ kind: 'released', caller, stored });
  } catch (error) {
    association.abort();
    // Somebody who only looks whether the port is open, as load balancers do.
    if (socket.bytesRead === 0) return;
    options.onEvent({
      kind: 'broken',
      caller,
      stored,
      message: error instanceof Error ? error.message : String(error),
    });
  }
}

/** PS3.8 table 9-21. */
const REFUSED = {
  calledTitle: { result: 1, source: 1, reason: 7 },
  callingTitle: { result: 1, source: 1, reason: 3 },
  full: { result: 2, source: 3, reason: 2 },
};

function refusalOf(
  { called, calling }: Pdu & { type: 'request' },
  { title, callers }: ReceiverOptions,
  hasRoom: boolean,
) {
  if (called !== title)
    return {
      pdu: REFUSED.calledTitle,
      message: `a sender calls the title ${printable(called)}, but our title is ${title}`,
    };
  if (callers.length > 0 && !callers.includes(calling))
    return { pdu: REFUSED.callingTitle, message: `${printable(calling)} may not send` };
  return hasRoom ? undefined : { pdu: REFUSED.full, message: 'too many associations at the same time' };
}

function printable(title: string): string {
  return title.replace(/[^\x20-\x7e]/g, '?');
}

const VERIFICATION = '1.2.840.10008.1.1';
/** Storage of instances, PS3.4 table B.5-1, and the classes of manufacturers' own, which lie outside of DICOM's root. */
const STORAGE = /^(1\.2\.840\.10008\.5\.1\.4\.(1\.1|34\.7|34\.10|43\.1|44\.1|45\.1)(\.|$)|(?!1\.2\.840\.10008\.))/;
const NO_SUCH_CLASS = 3;
const NO_SUCH_SYNTAX = 4;

/** The first syntax of the sender that can be read here; the data set is kept as it comes, compressed or not. */
function answerContext({ id, abstractSyntax, transferSyntaxes }: ProposedContext): AnsweredContext {
  const isTaken = abstractSyntax === VERIFICATION || STORAGE.test(abstractSyntax);
  const known: string[] = Object.values(TransferSyntax);
  const transferSyntax = transferSyntaxes.find((uid) => known.includes(uid));
  if (!isTaken) return { id, result: NO_SUCH_CLASS, transferSyntax: transferSyntaxes[0] ?? '' };
  if (!transferSyntax) return { id, result: NO_SUCH_SYNTAX, transferSyntax: transferSyntaxes[0] ?? '' };
  return { id, result: 0, transferSyntax };
}

/** Whether an instance was stored. */
async function answer(
  association: Association,
  message: Message,
  contexts: AnsweredContext[],
  { keep, onEvent }: ReceiverOptions,
): Promise<boolean> {
  const { command, contextId } = message;
  const { affectedSopClass, messageId: respondedTo } = command;
  if (command.field === Field.cancel) return false;
  if (command.field !== Field.storeRequest) {
    const isEcho = command.field === Field.echoRequest;
    const field = isEcho ? Field.echoResponse : (command.field ?? 0) | 0x8000;
    const status = isEcho ? Status.success : Status.unrecognized;
    await association.send(contextId, { affectedSopClass, field, respondedTo, status });
    return false;
  }
  const context = contexts.find(({ id, result }) => id === contextId && result === 0);
  if (!context) throw new Error('an instance comes in a context that was not accepted');
  const onFault = (error: unknown) =>
    onEvent({ kind: 'not_stored', message: error instanceof Error ? error.message : String(error) });
  const response = await answerStore(message, context.transferSyntax, keep, onFault);
  await association.send(contextId, response);
  if (response.status !== Status.success) return false;
  onEvent({ kind: 'stored' });
  return true;
}
