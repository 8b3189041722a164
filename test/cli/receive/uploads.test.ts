import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readDataSet } from '#lib/dicom/read.ts';
import type { StoredInstance } from '#lib/dimse/store-request.ts';
import { fileStore } from '#lib/store/file.ts';
import { receivedUploads } from '../../../cli/receive/uploads.ts';
import { archivedFiles } from '../../fixtures/archived-files.ts';

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

test('each patient becomes a separate upload with a counting marker; later instances become another upload', async () => {
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

test('a receiver stopped within an upload writes no marker, and the next one continues that upload', async () => {
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
