import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeCommand, encodeCommand, Field } from '#lib/dimse/command-set.ts';
import { decodePdu, encodePdu, HEADER_BYTES, type Pdu, pduHeader } from '#lib/dimse/pdu.ts';
import { seededRandom } from '#lib/random.ts';

const fields = { called: 'RTPIPE', calling: 'SENDER', longest: 16384 };
const role = { sopClass: '1.2.840.10008.5.1.4.1.1.2', scu: false, scp: true };
const PDUS: Pdu[] = [
  {
    type: 'request',
    ...fields,
    contexts: [
      { id: 1, abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: ['1.2.840.10008.1.2'] },
      { id: 3, abstractSyntax: '1.2.3', transferSyntaxes: ['1.2.840.10008.1.2.1', '1.2.840.10008.1.2.4.90'] },
    ],
    roles: [role],
  },
  { type: 'accept', ...fields, contexts: [{ id: 1, result: 0, transferSyntax: '1.2.840.10008.1.2' }], roles: [] },
  { type: 'reject', result: 1, source: 1, reason: 7 },
  {
    type: 'data',
    fragments: [
      { contextId: 1, isCommand: true, isLast: true, bytes: Buffer.from('abc') },
      { contextId: 1, isCommand: false, isLast: false, bytes: Buffer.from('') },
    ],
  },
  { type: 'release' },
  { type: 'released' },
  { type: 'abort', source: 2, reason: 6 },
];

for (const pdu of PDUS)
  test(`a data unit of type ${pdu.type} reads back as written`, () => {
    assert.deepEqual(decoded(encodePdu(pdu)), pdu);
  });

function decoded(bytes: Buffer): Pdu {
  const { type, bytes: length } = pduHeader(bytes.subarray(0, HEADER_BYTES));
  assert.equal(length, bytes.length - HEADER_BYTES);
  return decodePdu(type, bytes.subarray(HEADER_BYTES));
}

test('A-RELEASE-RQ and A-ASSOCIATE-RJ equal PS3.8 tables 9-24 and 9-21 byte by byte', () => {
  assert.equal(encodePdu({ type: 'release' }).toString('hex'), '05000000000400000000');
  assert.equal(encodePdu({ type: 'reject', result: 1, source: 1, reason: 7 }).toString('hex'), '03000000000400010107');
});

test('truncated or changed bytes are read or refused as bad input, nothing else', () => {
  const random = seededRandom(7);
  for (const pdu of PDUS)
    for (let round = 0; round < 300; round++) {
      const bytes = Buffer.from(encodePdu(pdu));
      for (let change = 0; change < 3; change++)
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      const cut = bytes.subarray(0, HEADER_BYTES + Math.floor(random() * (bytes.length - HEADER_BYTES + 1)));
      for (const text of [bytes, cut])
        try {
          decodePdu(pdu.type, text.subarray(HEADER_BYTES));
        } catch (error) {
          assert.equal((error as Error).name, 'BadInput', String(error));
        }
    }
  assert.throws(() => pduHeader(Buffer.from('GET / ')), { name: 'BadInput', message: /no DICOM/ });
});

test('a command set reads back as written; text is padded to an even length', () => {
  const command = {
    affectedSopClass: '1.2.840.10008.5.1.4.1.1.2',
    field: Field.storeRequest,
    messageId: 7,
    priority: 0,
    dataSetType: 0,
    affectedSopInstance: '1.2.3',
  };
  const bytes = encodeCommand(command);
  assert.equal(bytes.length % 2, 0);
  assert.equal(bytes.readUInt32LE(8), bytes.length - 12);
  assert.deepEqual(decodeCommand(bytes), command);
  assert.throws(() => decodeCommand(bytes.subarray(0, 30)), /cut off/);
  assert.throws(() => decodeCommand(Buffer.from('no command set')), /begins with no command set/);
});
