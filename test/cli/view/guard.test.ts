import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cookieName, refusalOf, tokenCookie } from '../../../cli/view/guard.ts';

const LOCK = { port: 4711, token: 'a-token-that-nobody-guesses' };
const COOKIE = `other=1; ${cookieName(LOCK)}=${LOCK.token}`;
const HOST = '127.0.0.1:4711';

const ask = (headers: Record<string, string>, token: string | null = null, method = 'GET') =>
  refusalOf({ method, headers, token }, LOCK);

test('a request with the token in address or cookie is answered', () => {
  assert.equal(ask({ host: HOST }, LOCK.token), undefined);
  assert.equal(ask({ host: HOST, cookie: COOKIE }), undefined);
  assert.equal(ask({ host: 'localhost:4711', cookie: COOKIE, origin: 'http://localhost:4711' }), undefined);
  assert.equal(ask({ host: HOST, cookie: COOKIE, 'sec-fetch-site': 'same-origin' }), undefined);
});

test('a link from elsewhere opens the page once it carries the token', () => {
  assert.equal(ask({ host: HOST, 'sec-fetch-site': 'cross-site' }, LOCK.token), undefined);
});

for (const [what, headers, token] of [
  ['no token', { host: HOST }, null],
  ['a wrong token', { host: HOST }, `${LOCK.token}x`],
  ['a token of the same length', { host: HOST }, LOCK.token.replace('a', 'b')],
  ['an empty token', { host: HOST }, ''],
  ['a wrong token beside the right cookie', { host: HOST, cookie: COOKIE }, 'x'],
  ['the cookie of another viewer', { host: HOST, cookie: `rtpipeline-view-4712=${LOCK.token}` }, null],
  ['a name that was made to lead here', { host: 'evil.example:4711', cookie: COOKIE }, LOCK.token],
  ['a name without the port', { host: '127.0.0.1', cookie: COOKIE }, null],
  ['no name', { cookie: COOKIE }, LOCK.token],
  ['a script of another page', { host: HOST, cookie: COOKIE, origin: 'http://evil.example' }, null],
  ['a page of another port', { host: HOST, cookie: COOKIE, origin: 'http://127.0.0.1:80' }, null],
  ['a picture in another page', { host: HOST, cookie: COOKIE, 'sec-fetch-site': 'cross-site' }, null],
] as const)
  test(`refused: ${what}`, () => {
    assert.equal(ask(headers, token)?.status, 403);
  });

test('the viewer refuses all requests that would change something', () => {
  assert.equal(ask({ host: HOST, cookie: COOKIE }, null, 'POST')?.status, 405);
  assert.equal(ask({ host: HOST, cookie: COOKIE }, null, 'DELETE')?.status, 405);
});

test('the cookie is hidden from scripts and not sent to other sites', () => {
  assert.match(tokenCookie(LOCK), /HttpOnly; SameSite=Strict/);
});
