import type { Socket } from 'node:net';
import { BadInput } from '../errors.ts';
import { identityOf } from '../received/identity.ts';
import { type Association, associationOver, LONGEST_BODY } from './association.ts';
import type { AnsweredContext, ProposedContext, Role } from './pdu.ts';
import { connection, type Destination, DIMSE_IDENTITY, tlsFault } from './secure-connection.ts';

/** An archive that is asked by DIMSE, and who asks. */
export interface Peer extends Destination {
  /** Its application entity title. */
  title: string;
  /** Our own title. */
  calling: string;
}

const LOCATION = /^(dimse:|dimse-tls:)?([^@]{1,16})@(\[[^\]]+\]|[^:]+):(\d+)$/;
export const IDLE_SECONDS = 60;

/**
 * `dimse:AET@host:port`, or without its scheme; `dimse-tls:AET@host:port` with TLS, as whom the environment says.
 * @throws BadInput
 */
export function peerOf(location: string, calling: string, environment: NodeJS.ProcessEnv): Peer {
  const [, scheme, title, host, port] = LOCATION.exec(location) ?? [];
  if (title === undefined || Number(port) > 65535)
    throw new BadInput(
      'not an archive: give dicomweb:https://host/path, dimse:AET@host:port or dimse-tls:AET@host:port',
      { where: location },
    );
  const identity = scheme === 'dimse-tls:' ? identityOf(environment, DIMSE_IDENTITY) : undefined;
  const place = { host: host.replace(/^\[|\]$/g, ''), port: Number(port), idleSeconds: IDLE_SECONDS };
  return { ...place, title, calling, identity };
}

/** Nobody answers, or we are refused: no request can succeed until that changes. */
export class NoAssociation extends BadInput {}

export interface Accepted {
  association: Association;
  /** Contexts that were accepted, with the SOP class of each. */
  contexts: (AnsweredContext & { abstractSyntax: string })[];
}

/**
 * Asks for an association.
 * @throws NoAssociation when nobody answers or it is refused, in one line
 */
export async function requestAssociation(
  peer: Peer,
  proposed: Omit<ProposedContext, 'id'>[],
  roles: Role[] = [],
): Promise<Accepted> {
  const { title: called, host, port, calling, idleSeconds } = peer;
  const where = `${called}@${host}:${port}`;
  const socket = await connected(peer, where);
  const association = associationOver(socket, idleSeconds);
  // Ids are odd: PS3.8 section 9.3.2.2.
  const contexts = proposed.map((context, i) => ({ ...context, id: 2 * i + 1 }));
  try {
    await association.writePdu({ type: 'request', called, calling, longest: LONGEST_BODY, contexts, roles });
    const answer = await association.readPdu();
    if (answer.type === 'reject') throw new BadInput(`the archive refuses the association: ${reasonOf(answer)}`);
    if (answer.type !== 'accept')
      throw new BadInput(`the archive answers the request for an association by ${answer.type}`);
    association.longest = answer.longest;
    const accepted = answer.contexts.filter(({ result }) => result === 0);
    return {
      association,
      contexts: accepted.map((context) => ({
        ...context,
        abstractSyntax: contexts.find(({ id }) => id === context.id)?.abstractSyntax ?? '',
      })),
    };
  } catch (error) {
    socket.destroy();
    const why = error instanceof Error ? error.message : String(error);
    throw new NoAssociation(why.startsWith('the archive') ? why : `no association with the archive: ${why}`, {
      where,
      cause: error,
    });
  }
}

async function connected(peer: Peer, where: string): Promise<Socket> {
  try {
    return await connection(peer);
  } catch (cause) {
    const why = `no trusted connection to the archive: ${tlsFault(cause as Error)}; ${TRUST}`;
    throw new NoAssociation(why, { where, cause });
  }
}

const TRUST = `name the authority of its certificate in ${DIMSE_IDENTITY.authority}, or mend the certificate`;

/** PS3.8 table 9-21, what a person can mend. */
function reasonOf({ source, reason }: { source: number; reason: number }): string {
  if (source === 1 && reason === 7) return 'it does not know the called title: check AET@host:port';
  if (source === 1 && reason === 3) return 'it does not know our title: register it in the archive, or set --aet';
  if (source === 3) return 'it is busy';
  return `reason ${reason} of source ${source}`;
}
