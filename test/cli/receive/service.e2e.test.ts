import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { readDataSet } from '#lib/dicom/read.ts';
import { SopClass, TransferSyntax } from '#lib/dicom/uid.ts';
import { Field } from '#lib/dimse/command-set.ts';
import { peerOf, requestAssociation } from '#lib/dimse/request-association.ts';
import { archivedFiles } from '../../fixtures/archived-files.ts';
import { freePort } from '../../fixtures/free-port.ts';
import { startLocalAws } from '../../fixtures/local-aws.ts';

const MAIN = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url));

test('the receiver on AWS writes received instances and a marker to the bucket, and its logs name no patient', async () => {
  const aws = await startLocalAws();
  const port = await freePort();
  const service = execa(
    process.execPath,
    [
      ...[MAIN, 'receive', '--service', '--port', String(port), '--host', '127.0.0.1'],
      ...['--out', 's3://uploads', '--quiet-period', '0.2'],
    ],
    { reject: false },
  );
  const lines: string[] = [];
  const listening = Promise.withResolvers<void>();
  const complete = Promise.withResolvers<void>();
  service.stderr.setEncoding('utf8').on('data', (text: string) => {
    lines.push(text);
    if (lines.join('').includes('listening')) listening.resolve();
    if (lines.join('').includes('is complete')) complete.resolve();
  });
  const CT = { abstractSyntax: SopClass.ctImage, transferSyntaxes: [TransferSyntax.explicitVrLittleEndian] };
  const ended = service.then(({ stderr }) => Promise.reject(new Error(stderr)));
  await Promise.race([listening.promise, ended]);
  const peer = peerOf(`RTPIPE@127.0.0.1:${port}`, 'SENDER', {});
  const { association, contexts } = await requestAssociation(peer, [CT]);
  const [file] = archivedFiles('4711', 1, 1);
  const affectedSopInstance = readDataSet(file).text('SOPInstanceUID');
  const request = { affectedSopClass: SopClass.ctImage, field: Field.storeRequest, messageId: 1, affectedSopInstance };
  await association.send(contexts[0].id, request, file.subarray(144 + Buffer.from(file).readUInt32LE(140)));
  assert.equal((await association.receive())?.command.status, 0);
  await association.release();
  await Promise.race([complete.promise, ended]);
  ended.catch(() => {});
  service.kill('SIGTERM');
  const { exitCode, stdout } = await service;
  assert.equal(exitCode, 0, lines.join(''));
  assert.match(stdout, /^1 instances received/);
  const keys = [...aws.objects.keys()];
  assert.deepEqual(
    keys.map((key) => key.replace(/received-\d{17}-[0-9a-f]{8}/, 'NAME').replace(/\/[\d./]+\.dcm$/, '/DICOM')),
    ['/uploads/incoming/NAME/DICOM', '/uploads/incoming/NAME/_READY.json'],
  );
  assert.doesNotMatch(lines.join('') + keys.join(''), /4711/);
  await aws.close();
});
