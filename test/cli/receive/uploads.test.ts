import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { readDataSet } from '#lib/dicom/read.ts';
import { SopClass, TransferSyntax } from '#lib/dicom/uid.ts';
import { Field } from '#lib/dimse/command-set.ts';
import { peerOf, requestAssociation } from '#lib/dimse/request-association.ts';
import type { StoredInstance } from '#lib/dimse/store-request.ts';
import { fileStore } from '#lib/store/file.ts';
import { receivedUploads } from '../../../cli/receive/uploads.ts';
import { archivedFiles } from '../../fixtures/archived-files.ts';
import { freePort } from '../../fixtures/free-port.ts';
import { startLocalAws } from '../../fixtures/local-aws.ts';

const MAIN = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'rtpipeline-uploads-'));
after(() => rmSync(root, { recursive: true, force: true }));

const instance = (file: Uint8Array): StoredInstance => {
  const read = readDataSet(file);
  return {
    uids: {
      studyInstanceUid: read.text('StudyInstanceUID'),
      seriesInstanceUid: read.text('SeriesInstanceUID'),
      sopInstanceUid: read.text('SOPInstanceUID'),
    },
    patientId: read.text('PatientID'),
    file,
  };
};

/** Keys below `place`, the random ends of the uploads' names left out. */
async function keysIn(place: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of fileStore(place).list('')) keys.push(key.replace(/-[0-9a-f]{8}(?=[/.])/, ''));
  return keys;
}

interface Ear {
  say(line: string): void;
  /** Resolves when so many uploads are complete. */
  completed(count: number): Promise<void>;
}

function ear(): Ear {
  const said: string[] = [];
  const waiting: (() => void)[] = [];
  const complete = () => said.filter((line) => line.includes('is complete')).length;
  return {
    say(line) {
      said.push(line);
      for (const go of waiting) go();
    },
    completed: (count) =>
      new Promise((done) => {
        const look = () => complete() >= count && done();
        waiting.push(look);
        look();
      }),
  };
}

test('each patient becomes an upload of its own, with a marker that counts it; what comes later is another one', async () => {
  const place = join(root, 'patients');
  const heard = ear();
  let clock = Date.UTC(2026, 0, 1);
  const uploads = await receivedUploads({ place, quietSeconds: 0.05, say: heard.say, now: () => new Date(clock++) });
  const [first, second] = [archivedFiles('4711', 1, 3), archivedFiles('4712', 1, 2)];
  const kept = await Promise.all([...first, ...second].map((file) => uploads.keep(instance(file))));
  assert.deepEqual(kept, ['new', 'new', 'new', 'new', 'new']);
  await heard.completed(2);
  await uploads.keep(instance(first[1]));
  await heard.completed(3);
  await uploads.close();
  const keys = await keysIn(place);
  const markerKeys = keys.filter((key) => key.endsWith('_READY.json'));
  assert.equal(markerKeys.length, 3);
  for (const key of markerKeys) assert.match(key, /^incoming\/received-2026010100000000\d\/_READY\.json$/);
  assert.equal(keys.filter((key) => key.endsWith('.dcm')).length, 6);
  assert.deepEqual(
    keys.filter((key) => key.startsWith('receiving/')),
    [],
  );
  const markers: { count: number }[] = [];
  for await (const { key } of fileStore(place).list(''))
    if (key.endsWith('_READY.json')) markers.push(JSON.parse(Buffer.from(await fileStore(place).get(key)).toString()));
  assert.deepEqual(
    markers.map(({ count }) => count),
    [3, 2, 1],
  );
});

test('a receiver that was stopped before the end of an upload leaves no marker, and the next one goes on with it', async () => {
  const place = join(root, 'stopped');
  const heard = ear();
  const options = { place, say: heard.say, now: () => new Date(0) };
  const files = archivedFiles('4711', 1, 3);
  const stopped = await receivedUploads({ ...options, quietSeconds: 600 });
  await stopped.keep(instance(files[0]));
  await stopped.close();
  assert.ok((await keysIn(place)).every((key) => !key.endsWith('_READY.json')));
  const next = await receivedUploads({ ...options, quietSeconds: 0.05 });
  await next.keep(instance(files[1]));
  await heard.completed(1);
  await next.close();
  const folders = (await keysIn(place)).map((key) => key.split('/').slice(0, 2).join('/'));
  assert.deepEqual(new Set(folders), new Set(['incoming/received-19700101000000000']));
  assert.equal(folders.length, 3);
});

test('the command as it runs on AWS: what senders send lies in the bucket with its marker, and no name or number of a patient is said', async () => {
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
