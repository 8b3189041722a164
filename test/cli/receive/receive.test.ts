import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDataSet } from '#lib/dicom/read.ts';
import { SopClass, TransferSyntax } from '#lib/dicom/uid.ts';
import { Field } from '#lib/dimse/command-set.ts';
import { peerOf, requestAssociation } from '#lib/dimse/request-association.ts';
import { keepInstance } from '#lib/received/keep-instance.ts';
import { memoryStore } from '#lib/store/memory.ts';
import { receive } from '../../../cli/receive/receive.ts';
import { archivedFiles } from '../../fixtures/archived-files.ts';

const CT = { abstractSyntax: SopClass.ctImage, transferSyntaxes: [TransferSyntax.explicitVrLittleEndian] };
const FILES = archivedFiles('4711', 1, 3);

async function send(port: number, files: Uint8Array[], isBroken = false): Promise<void> {
  const { association, contexts } = await requestAssociation(peerOf(`RTPIPE@127.0.0.1:${port}`, 'SENDER', {}), [CT]);
  for (const file of files) {
    const affectedSopInstance = readDataSet(file).text('SOPInstanceUID');
    const command = {
      affectedSopClass: SopClass.ctImage,
      field: Field.storeRequest,
      messageId: 1,
      affectedSopInstance,
    };
    await association.send(contexts[0].id, command, file.subarray(144 + Buffer.from(file).readUInt32LE(140)));
    await association.receive();
  }
  if (isBroken) association.abort();
  else await association.release();
}

test('a reception ends after the quiet period, once something arrived and nobody is connected', async () => {
  const said: string[] = [];
  const store = memoryStore();
  const listening = Promise.withResolvers<number>();
  const came = receive({
    title: 'RTPIPE',
    host: '127.0.0.1',
    port: 0,
    callers: [],
    mostAssociations: 8,
    keep: ({ uids, file }) => keepInstance(store, uids, file),
    quietSeconds: 0.05,
    say(line) {
      said.push(line);
      const [, port] = /listening as RTPIPE on port (\d+)/.exec(line) ?? [];
      if (port) listening.resolve(Number(port));
    },
    signal: new AbortController().signal,
  });
  const port = await listening.promise;
  await assert.rejects(
    requestAssociation(peerOf(`OTHER@127.0.0.1:${port}`, 'SENDER', {}), [CT]),
    /does not know the called title/,
  );
  const slow = requestAssociation(peerOf(`RTPIPE@127.0.0.1:${port}`, 'SLOW', {}), [CT]);
  const { association } = await slow;
  await send(port, FILES, true);
  await send(port, FILES);
  await association.release();
  assert.deepEqual(await came, { new: 3, same: 3, other: 0, notStored: 0, broken: 1 });
  assert.ok(said.some((line) => line === 'SENDER: 3 instances'));
  assert.ok(said.every((line) => !line.includes('4711')));
});
