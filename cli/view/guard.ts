import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What a request must know to be answered. */
export interface Lock {
  port: number;
  token: string;
}

export interface AskedFor {
  method: string;
  headers: IncomingHttpHeaders;
  /** The `token` of the address; null without one. */
  token: string | null;
}

export interface Refusal {
  status: 403 | 405;
  message: string;
}

/**
 * Why a request is not answered; undefined when it is. The name of the host keeps out pages whose own name was made to
 * lead here (DNS rebinding); the token keeps out other programs and people of this machine; the place that a browser says
 * it asks from keeps out other pages.
 */
export function refusalOf({ method, headers, token }: AskedFor, lock: Lock): Refusal | undefined {
  const names = ['127.0.0.1', 'localhost'].map((name) => `${name}:${lock.port}`);
  if (!names.includes(headers.host ?? ''))
    return { status: 403, message: 'this host name is not allowed: open the address that `rtpipeline view` prints' };
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, message: 'only GET is allowed here' };
  const isOwn = headers.origin === undefined || names.map((name) => `http://${name}`).includes(headers.origin);
  const isForeign = ['cross-site', 'same-site'].includes(String(headers['sec-fetch-site'])) && token === null;
  if (!isOwn || isForeign) return { status: 403, message: 'another page asks' };
  const given = token ?? cookie(headers.cookie ?? '', cookieName(lock));
  if (!isSame(given, lock.token))
    return { status: 403, message: 'open the full address that `rtpipeline view` prints, with its token' };
}

/** Cookies ignore ports, so each viewer has its own cookie name. */
export function cookieName({ port }: Lock): string {
  return `rtpipeline-view-${port}`;
}

/** Lets the page ask for more: it is sent to this server alone, never from other sites, and no script reads it. */
export function tokenCookie(lock: Lock): string {
  return `${cookieName(lock)}=${lock.token}; HttpOnly; SameSite=Strict; Path=/`;
}

function cookie(header: string, name: string): string {
  const pairs = header.split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([key]) => key === name)?.[1] ?? '';
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
