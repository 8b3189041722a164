import assert from 'node:assert/strict';
import { test } from 'node:test';
import { multipartOf, multipartParts } from '#lib/dicomweb/multipart.ts';

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
const texts = (type: string, text: string) =>
  multipartParts(type, bytes(text)).map(({ content }) => Buffer.from(content).toString('latin1'));

test('parts are returned byte for byte, even with line breaks and half delimiters inside', () => {
  const files = ['\r\n--se\r\n', '', '\0\xff--sep', 'a\r\n'].map(bytes);
  const { contentType, body } = multipartOf('application/dicom', files, 'sep');
  const parts = multipartParts(contentType, body);
  assert.deepEqual(
    parts.map(({ content }) => content),
    files,
  );
  assert.ok(parts.every((part) => part.contentType === 'application/dicom'));
});

test('RFC 2046: preamble, epilogue, quoted boundary and a part without headers are accepted', () => {
  const text = 'preamble\r\n--a b\r\n\r\none\r\n--a b\r\nContent-Type: x/y\r\nX: 1\r\n\r\ntwo\r\n--a b--\r\nepilogue';
  assert.deepEqual(texts('multipart/related; type="x/y"; boundary="a b"', text), ['one', 'two']);
});

const BAD: [string, string, string, RegExp][] = [
  [
    'no closing delimiter',
    'multipart/related; boundary=s',
    '--s\r\n\r\nhalf a fi',
    /ends before its closing delimiter/,
  ],
  [
    'a part and no closing delimiter',
    'multipart/related; boundary=s',
    '--s\r\n\r\none\r\n--s\r\n\r\ntw',
    /ends before/,
  ],
  ['nothing', 'multipart/related; boundary=s', '', /ends before/],
  ['no boundary', 'multipart/related', '--s\r\n\r\none\r\n--s--', /not multipart\/related with a boundary/],
  ['a page of a proxy', 'text/html', '<html>', /but text\/html/],
  ['headers without an end', 'multipart/related; boundary=s', '--s\r\nA: b\r\n--s--', /incomplete headers/],
];
for (const [what, type, text, message] of BAD)
  test(`${what} is refused`, () => {
    assert.throws(() => texts(type, text), { name: 'BadInput', message });
  });
