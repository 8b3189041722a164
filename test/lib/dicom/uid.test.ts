import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  IMPLEMENTATION_CLASS_UID,
  isUid,
  SopClass,
  TransferSyntax,
  uidFromDigest,
  uidFromName,
} from '#lib/dicom/uid.ts';

test('the greatest digest gives the greatest UUID of version 8 and a valid UID', () => {
  const uid = uidFromDigest(new Uint8Array(32).fill(255));
  assert.equal(uid, `2.25.${BigInt('0xffffffffffff8fffbfffffffffffffff')}`);
  assert.ok(isUid(uid));
});

test('a digest of zeros gives a valid UID and is not modified', () => {
  const digest = Buffer.alloc(16);
  assert.equal(uidFromDigest(digest), `2.25.${BigInt('0x00000000000080008000000000000000')}`);
  assert.ok(digest.every((byte) => byte === 0));
  assert.throws(() => uidFromDigest(new Uint8Array(15)), RangeError);
});

/** FNV-1a test vectors of 128 bits: http://www.isthe.com/chongo/tech/comp/fnv/ and RFC 9923 appendix. */
test('UIDs of names hash the name with FNV-1a', () => {
  assert.equal(uidFromName(''), uidFromDigest(Buffer.from('6c62272e07bb014262b821756295c58d', 'hex')));
  assert.equal(uidFromName('a'), uidFromDigest(Buffer.from('d228cb696f1a8caf78912b704e4a8964', 'hex')));
  assert.equal(uidFromName('foobar'), uidFromDigest(Buffer.from('343e1662793c64bf6f0d3597ba446f18', 'hex')));
});

test('twenty thousand names give twenty thousand UIDs', () => {
  const uids = new Set(Array.from({ length: 20_000 }, (_, i) => uidFromName(`course ${i >> 8} slice ${i & 255}`)));
  assert.equal(uids.size, 20_000);
});

const UIDS: [string, boolean][] = [
  ['1.2.840.10008.1.2', true],
  ['2.25.0', true],
  ['1', false],
  ['1..2', false],
  ['1.02', false],
  ['1.2.', false],
  ['1.2a', false],
  ['', false],
  [`1.${'2'.repeat(62)}`, true],
  [`1.${'2'.repeat(63)}`, false],
];
for (const [text, valid] of UIDS)
  test(`"${text}" is ${valid ? 'a valid' : 'not a valid'} UID`, () => assert.equal(isUid(text), valid));

test('every UID of this product is valid', () => {
  for (const uid of [...Object.values(SopClass), ...Object.values(TransferSyntax), IMPLEMENTATION_CLASS_UID])
    assert.ok(isUid(uid), uid);
});
