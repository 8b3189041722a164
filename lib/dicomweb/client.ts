import type { IncomingMessage } from 'node:http';
import http from 'node:http';
import https from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { rootCertificates } from 'node:tls';
import { BadInput } from '../errors.ts';
import { MS_PER_S } from '../units.ts';
import type { Dialect } from './dialect.ts';
import { BadAnswer, NoService } from './errors.ts';
import type { Place } from './place.ts';
import { signedHeaders } from './sign.ts';

export interface Answer {
  status: number;
  contentType: string;
  body: Uint8Array;
}

export interface Request {
  /** Below the base of the service, with its query. */
  path: string;
  accept: string;
  /** Absent: GET. */
  post?: { contentType: string; body: Uint8Array };
}

export interface ClientOptions {
  /** Requests that begin in a second, at most. */
  perSecond: number;
  /** A server that sends no byte for this time counts as silent. */
  idleSeconds: number;
  /** Of one request, however steadily it drips. */
  totalSeconds: number;
  attempts: number;
  signal?: AbortSignal;
  /** Waits between attempts and for the rate; a test looks at it instead. */
  wait?: (ms: number) => Promise<void>;
}

export const DEFAULT_OPTIONS: ClientOptions = { perSecond: 20, idleSeconds: 60, totalSeconds: 900, attempts: 5 };

/** Requests to one DICOMweb service: at a rate, again after what passes, each at last an answer or an error in one line. */
export interface Client {
  /** Answers of status 200 and 204. @throws BadAnswer, NoService */
  send(request: Request): Promise<Answer>;
  close(): void;
  dialect: Dialect;
}

/** One answer is held in memory, and a typed array cannot hold more bytes. */
const MOST_BYTES = 2 ** 31 - 1;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30 * MS_PER_S;

export function dicomwebClient(place: Place, options: ClientOptions = DEFAULT_OPTIONS): Client {
  const { signal, wait = (ms) => pause(ms, undefined, { signal }) } = options;
  const { protocol, host } = place.url;
  const agent = protocol === 'https:' ? secureAgent(place) : new http.Agent({ keepAlive: true });
  const turn = atRate(options.perSecond, wait);

  async function send(request: Request): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      await turn();
      const outcome = await once(place, agent, request, options).catch((error: Error) => error);
      const passing = passingFault(outcome);
      if (passing === undefined) return settled(outcome, host);
      if (attempt === options.attempts) throw passing.error(`${passing.what}, ${attempt} times`, host);
      await wait(passing.waitMs ?? Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS));
    }
  }

  return { send, close: () => agent.destroy(), dialect: place.dialect };
}

/** Our own authority is added to Node's list. If we passed it alone, Node would drop its list. */
function secureAgent({ certificate, key, authority }: Place): https.Agent {
  const ca = authority === undefined ? undefined : [...rootCertificates, authority];
  return new https.Agent({ keepAlive: true, cert: certificate, key, ca });
}

/** Lets one request begin after another, so many in a second. */
function atRate(perSecond: number, wait: (ms: number) => Promise<void>): () => Promise<void> {
  const gap = MS_PER_S / perSecond;
  let free = 0;
  return async () => {
    const now = performance.now();
    const at = Math.max(now, free);
    free = at + gap;
    if (at > now) await wait(at - now);
  };
}

type Raw = Answer & { retryAfter?: string };

/** What goes over the wire: a method, the whole address and the headers. */
interface Wired {
  method: string;
  url: URL;
  headers: Record<string, string>;
}

async function wired({ url: base, authorization, dialect }: Place, { path, accept, post }: Request): Promise<Wired> {
  // A space as `+` is a space in a form alone: what is signed must be read in one way.
  const url = new URL(base.href.replace(/\/$/, '') + path.replaceAll('+', '%20'));
  const method = post ? 'POST' : 'GET';
  const headers = {
    Accept: accept,
    'Accept-Encoding': 'identity',
    ...(authorization && { Authorization: authorization }),
    ...(post && { 'Content-Type': post.contentType, 'Content-Length': String(post.body.length) }),
  };
  if (authorization || !dialect.signing) return { method, url, headers };
  const signed = await signedHeaders(dialect.signing, { method, url, headers, body: post?.body }).catch((cause) => {
    const why = 'requests to AWS are signed, and no credentials are found: set AWS_PROFILE, or what the AWS SDK reads';
    throw new NoService(why, { where: url.host, cause });
  });
  return { method, url, headers: signed };
}

/** One attempt. Its error names neither the query nor a header. */
async function once(place: Place, agent: http.Agent, request: Request, options: ClientOptions): Promise<Raw> {
  const { method, url, headers } = await wired(place, request);
  const module = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    let slow: Slow | undefined;
    const fail = (error: Error) => {
      clearTimeout(whole);
      reject(slow ?? error);
    };
    // What was under way then ends as broken off, which is not what happened.
    const giveUp = (why: string) => {
      slow = new Slow(why);
      sent.destroy(slow);
    };
    const sent = module.request(
      {
        protocol: url.protocol,
        hostname: url.hostname.replace(/^\[|\]$/g, ''),
        port: url.port,
        agent,
        headers,
        method,
        path: url.pathname + url.search,
        signal: options.signal,
      },
      (message) => {
        bodyOf(message).then((body) => {
          clearTimeout(whole);
          const { statusCode: status = 0, headers } = message;
          resolve({ status, contentType: headers['content-type'] ?? '', body, retryAfter: headers['retry-after'] });
        }, fail);
      },
    );
    const { idleSeconds, totalSeconds } = options;
    const whole = setTimeout(() => giveUp(`not done after ${totalSeconds} s`), totalSeconds * MS_PER_S);
    sent.setTimeout(idleSeconds * MS_PER_S, () => giveUp(`silent for ${idleSeconds} s`));
    sent.on('error', fail);
    sent.end(request.post?.body);
  });
}

class Slow extends Error {}

async function bodyOf(message: IncomingMessage): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of message) {
    bytes += part.length;
    if (bytes > MOST_BYTES) throw new BadAnswer(`the answer is larger than ${MOST_BYTES} bytes`);
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

interface PassingFault {
  what: string;
  /** What it is when it does not pass: the service is away, or this one answer is bad. */
  error: (what: string, host: string) => Error;
  waitMs?: number;
}

const awayFor = (what: string, host: string) =>
  new NoService(`the DICOMweb service does not answer: ${what}`, { where: host });
const badFor = (what: string, host: string) =>
  new BadAnswer(`the DICOMweb service does not return it: ${what}`, { where: host });

/** Errors of a connection that may be there the next time. */
const CONNECTION = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'];
const HALF_ANSWER = ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'];
const BUSY = [408, 429, 502, 503, 504];

function passingFault(outcome: Raw | Error): PassingFault | undefined {
  if (outcome instanceof Slow) return { what: outcome.message, error: awayFor };
  if (outcome instanceof Error) {
    const code = (outcome as NodeJS.ErrnoException).code ?? '';
    if (CONNECTION.includes(code)) return { what: code, error: awayFor };
    if (HALF_ANSWER.includes(code) || code.startsWith('HPE_'))
      return { what: `the connection broke during the transfer (${code})`, error: badFor };
    return undefined;
  }
  const { status, retryAfter } = outcome;
  const seconds = Number(retryAfter);
  const waitMs = seconds > 0 ? Math.min(seconds * MS_PER_S, LONGEST_WAIT_MS) : undefined;
  if (BUSY.includes(status)) return { what: `status ${status}`, error: awayFor, waitMs };
  if (status >= 500) return { what: `status ${status}`, error: badFor, waitMs };
  return undefined;
}

/** An answer to go on with, or the error that stays. */
function settled(outcome: Raw | Error, host: string): Answer {
  const where = { where: host };
  if (outcome instanceof BadInput || (outcome instanceof Error && outcome.name === 'AbortError')) throw outcome;
  if (outcome instanceof Error) {
    const code = (outcome as NodeJS.ErrnoException).code ?? outcome.name;
    throw new NoService(`no trusted connection to the DICOMweb service: ${code}; ${TRUST}`, { where: host });
  }
  const { status, contentType, body } = outcome;
  if (status === 200 || status === 202 || status === 204) return { status, contentType, body };
  if (status === 401)
    throw new NoService('the DICOMweb service rejects the login (401): set the token, or user and password', where);
  if (status === 403)
    throw new NoService('the DICOMweb service refuses access (403): request read permission there', where);
  if (status >= 300 && status < 400)
    throw new NoService(`the DICOMweb service redirects to another address (${status}): use that address`, where);
  throw new BadAnswer(`the DICOMweb service answers ${status}`, where);
}

const TRUST = 'set RTPIPELINE_DICOMWEB_CA_FILE to the certificate of its authority, or correct its certificate';
