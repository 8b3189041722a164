import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '#lib/random.ts';
import { nameOf, spelled } from '#lib/store/name-bytes.ts';

const latin = (text: string) => Buffer.from(text, 'latin1');

for (const [what, name, key] of [
  ['a name of UTF-8 is its own key', Buffer.from('Müller 鍵'), 'Müller 鍵'],
  ['an umlaut of Latin-1 is spelled', latin('M\xfcller.dcm'), 'M\\xfcller.dcm'],
  ['what follows is read as text again', Buffer.concat([latin('\xe9'), Buffer.from('é')]), '\\xe9é'],
  ['a character that is cut off is spelled', Buffer.from('鍵').subarray(0, 2), '\\xe9\\x8d'],
  ['a surrogate is no character of UTF-8', Buffer.from([0xed, 0xa0, 0x80]), '\\xed\\xa0\\x80'],
  ['a name that looks like a spelling is another name', Buffer.from('M\\xfcller.dcm'), 'M\\x5cxfcller.dcm'],
  ['and so is one that looks like that', Buffer.from('M\\x5cxfcller.dcm'), 'M\\x5cx5cxfcller.dcm'],
  ['other backslashes stay', Buffer.from('a\\b\\x41\\xFC'), 'a\\b\\x41\\xFC'],
] as [string, Buffer, string][]) {
  test(what, () => {
    assert.equal(spelled(name), key);
    assert.deepEqual(Buffer.from(nameOf(key)), name);
  });
}

test('no key decodes to a path separator, so no name leads out of its folder', () => {
  assert.equal(nameOf('\\x2e\\x2e\\x2fetc'), '\\x2e\\x2e\\x2fetc');
});

test('any bytes have one key, and the key gives them back', () => {
  const random = seededRandom(7);
  const pieces = ['\\', 'x', '5c', 'fc', 'e9', '\\x', 'ü', '鍵'].map((text) => Buffer.from(text));
  const keys = new Map<string, string>();
  for (let n = 0; n < 20_000; n++) {
    const parts = Array.from({ length: 1 + Math.floor(6 * random()) }, () =>
      random() < 0.4 ? Buffer.from([128 + Math.floor(128 * random())]) : pieces[Math.floor(pieces.length * random())],
    );
    const name = Buffer.concat(parts);
    const key = spelled(name);
    assert.deepEqual(Buffer.from(nameOf(key)), name, key);
    assert.equal(keys.get(key) ?? name.toString('hex'), name.toString('hex'));
    keys.set(key, name.toString('hex'));
  }
});
