import { connect as connectPlainly, isIP, type Server, type Socket } from 'node:net';
import { connect, createServer, rootCertificates } from 'node:tls';
import { BadInput } from '../errors.ts';
import type { Identity } from '../received/identity.ts';
import { MS_PER_S } from '../units.ts';

/** The files of our identity on encrypted associations. */
export const DIMSE_IDENTITY = {
  certificate: 'RTPIPELINE_DIMSE_CERT_FILE',
  key: 'RTPIPELINE_DIMSE_KEY_FILE',
  authority: 'RTPIPELINE_DIMSE_CA_FILE',
} as const;

/**
 * TLS as PS3.15 annex B.12 asks for it (BCP 195: RFC 8996 and RFC 9325): 1.2 or 1.3, keys that are agreed anew for each
 * connection, and encryption that authenticates.
 */
const PROFILE = {
  minVersion: 'TLSv1.2',
  ciphers: [
    ...['TLS_AES_256_GCM_SHA384', 'TLS_AES_128_GCM_SHA256', 'TLS_CHACHA20_POLY1305_SHA256'],
    ...['ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384'],
    ...['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
  ].join(':'),
} as const;

/**
 * A server that takes encrypted connections. With an authority in the identity, who connects must show a certificate of it.
 * @param onRefused hears why a connection came to nothing
 * @throws BadInput when the identity has no certificate
 */
export function secureServer(
  { certificate, key, authority }: Identity,
  serve: (socket: Socket) => void,
  onRefused: (why: string) => void,
): Server {
  if (certificate === undefined)
    throw new BadInput(`TLS needs a certificate: set ${DIMSE_IDENTITY.certificate} and ${DIMSE_IDENTITY.key}`);
  const isMutual = authority !== undefined;
  const options = { ...PROFILE, cert: certificate, key, ca: authority };
  const server = createServer({ ...options, requestCert: isMutual, rejectUnauthorized: isMutual }, serve);
  server.on('tlsClientError', (error: NodeJS.ErrnoException) => {
    // Somebody who only looks whether the port is open.
    if (error.code !== 'ECONNRESET') onRefused(`a connection is refused: ${tlsFault(error)}`);
  });
  return server;
}

export interface Destination {
  host: string;
  port: number;
  /** A side that is silent for this time counts as gone. */
  idleSeconds: number;
  /** Absent: no TLS. */
  identity?: Identity;
}

/**
 * A connection, encrypted where there is an identity; the archive's certificate must be of the identity's authority or of one that
 * Node knows, and name the host.
 */
export async function connection({ host, port, idleSeconds, identity }: Destination): Promise<Socket> {
  if (!identity) return connectPlainly({ host, port });
  const { certificate, key, authority } = identity;
  const ca = authority === undefined ? undefined : [...rootCertificates, authority];
  const servername = isIP(host) ? undefined : host;
  const socket = connect({ ...PROFILE, host, port, servername, cert: certificate, key, ca });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once('error', reject).once('secureConnect', resolve);
  socket.setTimeout(idleSeconds * MS_PER_S, () => socket.destroy(new Error(`silent for ${idleSeconds} s`)));
  await promise;
  return socket.off('error', reject);
}

/** What went wrong on an encrypted connection, without OpenSSL's file names. */
export function tlsFault(error: NodeJS.ErrnoException): string {
  return error.code ?? error.message;
}
