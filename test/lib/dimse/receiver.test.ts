import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, beforeEach, test } from 'node:test';
import { readDataSet } from '#lib/dicom/read.ts';
import { SopClass, TransferSyntax } from '#lib/dicom/uid.ts';
import { Field, Status } from '#lib/dimse/command-set.ts';
import { type ReceiverEvent, type ReceiverOptions, startReceiver } from '#lib/dimse/receiver.ts';
import { type Accepted, peerOf, requestAssociation } from '#lib/dimse/request-association.ts';
import type { StoredInstance } from '#lib/dimse/store-request.ts';
import { archivedFiles } from '../../fixtures/archived-files.ts';

const EXPLICIT = TransferSyntax.explicitVrLittleEndian;
const CT = { abstractSyntax: SopClass.ctImage, transferSyntaxes: [EXPLICIT] };
const FILES = archivedFiles('4711', 1, 4);
const options: ReceiverOptions = {
  title: 'RTPIPE',
  host: '127.0.0.1',
  port: 0,
  callers: [],
  mostAssociations: 3,
  idleSeconds: 5,
  keep: async (instance) => {
    await before(instance);
    kept.push(instance);
  },
  onEvent: (event) => void events.push(event),
};
const receiver = await startReceiver(options);
after(() => receiver.close());
let kept: StoredInstance[] = [];
let events: ReceiverEvent[] = [];
let before: ReceiverOptions['keep'];

beforeEach(async () => {
  await receiver.settled();
  kept = [];
  events = [];
  before = async () => {};
});

const peer = (title = 'RTPIPE', calling = 'SENDER') => ({
  ...peerOf(`dimse:${title}@127.0.0.1:${receiver.port}`, calling, {}),
  idleSeconds: 5,
});

async function store({ association, contexts }: Accepted, file: Uint8Array, sopInstance?: string): Promise<number> {
  const affectedSopInstance = sopInstance ?? readDataSet(file).text('SOPInstanceUID');
  const request = {
    affectedSopClass: SopClass.ctImage,
    field: Field.storeRequest,
    messageId: 1,
    priority: 0,
    affectedSopInstance,
  };
  await association.send(contexts[0].id, request, dataSetOf(file));
  const answer = await association.receive();
  return answer?.command.status ?? -1;
}

function dataSetOf(file: Uint8Array): Uint8Array {
  return file.subarray(144 + Buffer.from(file).readUInt32LE(140));
}

test('the sender gets its answer after the instance is stored with its original bytes', async () => {
  const accepted = await requestAssociation(peer(), [CT]);
  for (const file of FILES) assert.equal(await store(accepted, file), Status.success);
  assert.deepEqual(
    kept.map(({ file }) => dataSetOf(file)),
    FILES.map(dataSetOf),
  );
  assert.deepEqual(
    kept.map(({ uids }) => uids.sopInstanceUid),
    FILES.map((file) => readDataSet(file).text('SOPInstanceUID')),
  );
  await accepted.association.release();
  await receiver.settled();
  assert.deepEqual(events.at(-1), { kind: 'released', caller: 'SENDER', stored: 4 });
});

test('for each class the first readable transfer syntax of the sender is accepted', async () => {
  const { association, contexts } = await requestAssociation(peer(), [
    {
      abstractSyntax: SopClass.rtDose,
      transferSyntaxes: ['1.2.840.113619.5.2', TransferSyntax.jpeg2000Lossless, EXPLICIT],
    },
    { abstractSyntax: SopClass.ctImage, transferSyntaxes: ['1.2.840.113619.5.2'] },
    { abstractSyntax: '1.2.840.10008.5.1.4.1.2.2.1', transferSyntaxes: [EXPLICIT] },
    { abstractSyntax: '1.2.246.352.70.1.70', transferSyntaxes: [TransferSyntax.implicitVrLittleEndian] },
  ]);
  assert.deepEqual(
    contexts.map(({ abstractSyntax, transferSyntax }) => [abstractSyntax, transferSyntax]),
    [
      [SopClass.rtDose, TransferSyntax.jpeg2000Lossless],
      ['1.2.246.352.70.1.70', TransferSyntax.implicitVrLittleEndian],
    ],
  );
  await association.release();
});

test("a wrong AE title and a fourth association are rejected with the standard's reason", async () => {
  await assert.rejects(requestAssociation(peer('OTHER'), [CT]), /does not know the called title/);
  const three = await Promise.all([1, 2, 3].map(() => requestAssociation(peer(), [CT])));
  await assert.rejects(requestAssociation(peer(), [CT]), /it is busy/);
  for (const { association } of three) await association.release();
  assert.deepEqual(
    events.filter(({ kind }) => kind === 'refused').map((event) => 'message' in event && event.message),
    ['a sender calls the title OTHER, but our title is RTPIPE', 'too many associations at the same time'],
  );
});

test('a sender that is not on the list is refused', async () => {
  const strict = await startReceiver({ ...options, callers: ['SCANNER'] });
  const to = { ...peer(), port: strict.port };
  await assert.rejects(requestAssociation(to, [CT]), /does not know our title/);
  await (await requestAssociation({ ...to, calling: 'SCANNER' }, [CT])).association.release();
  await strict.close();
});

test('if an instance cannot be stored, the sender gets the standard status, and the association continues', async () => {
  const accepted = await requestAssociation(peer(), [CT]);
  assert.equal(await store(accepted, FILES[0], '1.2.3'), Status.doesNotMatch);
  assert.equal(
    await store(
      accepted,
      Buffer.concat([
        FILES[0].subarray(0, 144 + Buffer.from(FILES[0]).readUInt32LE(140)),
        Buffer.from('no DICOM at all'),
      ]),
      '1.2.3',
    ),
    Status.cannotUnderstand,
  );
  before = async () => {
    throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
  };
  assert.equal(await store(accepted, FILES[0]), Status.outOfResources);
  before = async () => {};
  assert.equal(await store(accepted, FILES[0]), Status.success);
  assert.equal(kept.length, 1);
  await accepted.association.release();
});

test('an association that breaks off keeps complete instances and discards the partial one', async () => {
  const accepted = await requestAssociation(peer(), [CT]);
  assert.equal(await store(accepted, FILES[0]), Status.success);
  const command = {
    affectedSopClass: SopClass.ctImage,
    field: Field.storeRequest,
    messageId: 2,
    affectedSopInstance: '1.2',
  };
  await accepted.association.send(1, command, undefined);
  accepted.association.abort();
  await receiver.settled();
  assert.equal(kept.length, 1);
  const [last] = events.slice(-1);
  assert.ok(last.kind === 'broken' && last.stored === 1, JSON.stringify(last));
});

const NO_DICOM: [string, string | Buffer][] = [
  ['a request for a web page', 'GET / HTTP/1.1\r\n\r\n'],
  ['a data unit of four gigabytes', Buffer.from('0100ffffffff', 'hex')],
  ['data before an association', Buffer.from('04000000000000', 'hex')],
];
for (const [what, bytes] of NO_DICOM)
  test(`${what} ends only its own connection`, async () => {
    const socket = connect(receiver.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.resume().end(bytes);
    await once(socket, 'close');
    await receiver.settled();
    assert.equal(events.at(-1)?.kind, 'broken');
    await (await requestAssociation(peer(), [CT])).association.release();
  });

test('no listener at the port, and a listener that is not DICOM, each give one line', async () => {
  const closed = await startReceiver(options);
  await closed.close();
  const to = (port: number) => ({ ...peer(), port });
  await assert.rejects(
    requestAssociation(to(closed.port), [CT]),
    /no association with the archive: .*ECONNREFUSED.*\(RTPIPE@127.0.0.1:\d+\)/,
  );
  assert.throws(() => peerOf('dimse:host:104', 'RTPIPE', {}), /dimse:AET@host:port/);
});
