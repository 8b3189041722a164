import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BadInput, describeError } from '#lib/errors.ts';
import { type Lock, refusalOf, tokenCookie } from './guard.ts';

export interface Answer {
  type: string;
  body: Uint8Array | string;
  headers?: Record<string, string>;
}

/** Answers a path; undefined where there is nothing. */
export type Answering = (path: string) => Promise<Answer | undefined>;

export interface RunningServer {
  /** With the token: who has it sees the patients. */
  url: string;
  close(): Promise<void>;
}

/**
 * Nothing but the page's own files: no request leaves it. Styles of elements are set by the drawing library. Its shaders
 * are compiled by the graphics driver, and no script is made from text.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Patients are shown: nothing stays in the browser's memory, and no other page may take any of it. */
const HEADERS = {
  'Content-Security-Policy': POLICY,
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
};

const TOKEN_BYTES = 32;

/** Serves on the loopback interface alone, at a free port, to those who have the token. */
export async function startServer(answer: Answering): Promise<RunningServer> {
  const lock: Lock = { port: 0, token: randomBytes(TOKEN_BYTES).toString('base64url') };
  const server = createServer((request, response) => {
    respond(request, response, lock, answer).catch((error) => failed(response, error));
  });
  lock.port = await listen(server);
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${lock.port}/?token=${lock.token}`, close };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  lock: Lock,
  answer: Answering,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const token = searchParams.get('token');
  const refusal = refusalOf({ method: request.method ?? '', headers: request.headers, token }, lock);
  if (refusal) return send(response, refusal.status, text(refusal.message));
  const found = await answer(pathname);
  if (!found) return send(response, 404, text('this page does not exist'));
  if (token !== null) response.setHeader('Set-Cookie', tokenCookie(lock));
  send(response, 200, found, request.method === 'HEAD');
}

function send(response: ServerResponse, status: number, { type, body, headers }: Answer, isHead = false): void {
  response.writeHead(status, {
    ...HEADERS,
    ...headers,
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(isHead ? undefined : body);
}

/**
 * The page reports what cannot be shown, also our own defects, so that nobody mistakes a missing picture for an empty
 * one.
 */
function failed(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  send(response, error instanceof BadInput ? 422 : 500, text(describeError(error)));
}

function text(body: string): Answer {
  return { type: 'text/plain; charset=utf-8', body };
}
