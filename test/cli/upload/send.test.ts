import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readDataSet } from '#lib/dicom/read.ts';
import { writeDicom } from '#lib/dicom/write.ts';
import { runCommand } from '#test/fixtures/command.ts';
import { type LocalAws, startLocalAws } from '#test/fixtures/local-aws.ts';
import { addUpload } from '../../../cli/commands/upload.ts';

const CT = '1.2.840.10008.5.1.4.1.1.2';

let s3: LocalAws;
let work: string;

before(async () => {
  s3 = await startLocalAws();
  work = mkdtempSync(join(tmpdir(), 'rtpipeline-upload-'));
  process.chdir(work);
  mkdirSync(join(work, 'data', 'QZNAMEXJ'), { recursive: true });
  for (let i = 1; i <= 3; i += 1)
    writeFileSync(
      join(work, 'data', 'QZNAMEXJ', `${i}.dcm`),
      writeDicom({
        SOPClassUID: CT,
        SOPInstanceUID: `1.2.3.4444.${i}`,
        StudyInstanceUID: '1.2.3.4444.0',
        PatientName: 'QZNAMEXJ^ANN',
        PatientID: 'QZ817XJ',
        StudyDate: '20230102',
        SeriesDescription: 'CT of QZNAMEXJ',
      }),
    );
  writeFileSync(join(work, 'data', 'letter of QZNAMEXJ.txt'), 'Dear QZNAMEXJ');
});

after(async () => {
  await s3.close();
  process.chdir(tmpdir());
  rmSync(work, { recursive: true });
});

function upload(name: string, ...flags: string[]) {
  return runCommand(addUpload, 'upload', 'data', '--to', 's3://uploads', '--name', name, ...flags);
}

function objectsOf(name: string): [string, Buffer][] {
  return [...s3.objects].filter(([path]) => path.startsWith(`/uploads/incoming/${name}/`));
}

function markerOf(name: string): Record<string, unknown> {
  return JSON.parse(String(s3.objects.get(`/uploads/incoming/${name}/_READY.json`)));
}

test('every file arrives unchanged, and the marker comes last with count and bytes', async () => {
  const { refusal } = await upload('plain');
  assert.equal(refusal, undefined);
  const objects = objectsOf('plain');
  assert.equal(objects.length, 5);
  assert.match(objects.at(-1)?.[0] as string, /_READY\.json$/);
  const bytes = objects.slice(0, 4).reduce((sum, [, body]) => sum + body.length, 0);
  const { count, bytes: told } = markerOf('plain');
  assert.deepEqual([count, told], [4, bytes]);
});

test('a de-identified upload reveals no patient in bodies, keys, marker or output', async () => {
  const { output, refusal } = await upload('clean', '--deidentify', '--patient', 'QZ817XJ');
  assert.equal(refusal, undefined);
  const objects = objectsOf('clean');
  assert.equal(objects.length, 4);
  for (const [path, body] of [...objects, ['output', Buffer.from(output)] as const])
    assert.doesNotMatch(path + body.toString('latin1'), /QZ|XJ|1\.2\.3\.4444|20230102/, path);
  const marker = markerOf('clean') as { count: number; bytes: number; request: { patients: string[] } };
  assert.equal(marker.count, 3);
  const images = objects.filter(([path]) => path.includes('/files/')).map(([, body]) => readDataSet(body));
  assert.deepEqual(new Set(images.map((image) => image.text('PatientID'))), new Set(marker.request.patients));
  assert.equal(new Set(images.map((image) => image.text('StudyInstanceUID'))).size, 1);
  assert.equal(new Set(images.map((image) => image.text('SOPInstanceUID'))).size, 3);
  assert.match(output, /held back: 1, not DICOM/);
});

test('the list of files and the key stay on this machine, readable by their owner alone', () => {
  const record = readFileSync(join(work, 'clean.deidentified.jsonl'), 'utf8');
  assert.match(record, /"path":"letter of QZNAMEXJ\.txt","heldBack":"not DICOM/);
  for (const file of ['rtpipeline.key', 'clean.deidentified.jsonl'])
    assert.equal(statSync(join(work, file)).mode & 0o077, 0, file);
});

test('an interrupted upload continues, and never mixes pseudonym keys', async () => {
  assert.match((await upload('clean', '--deidentify')).output, /3 files, .*; 0 sent now/);
  const first = objectsOf('clean').map(([, body]) => body);
  assert.match((await upload('clean', '--deidentify', '--key', 'other.key')).output, /3 files, .*; 3 sent now/);
  assert.equal(existsSync(join(work, 'other.key')), true);
  const [id] = objectsOf('clean')
    .filter(([path]) => path.includes('/files/'))
    .map(([, body]) => readDataSet(body).text('PatientID'));
  assert.notEqual(id, readDataSet(first[0]).text('PatientID'));
});

test('the same key gives a patient the same pseudonym in another upload', async () => {
  await upload('later', '--deidentify', '--key', 'other.key');
  const idOf = (name: string) => readDataSet(objectsOf(name)[0][1]).text('PatientID');
  assert.equal(idOf('later'), idOf('clean'));
});

test('options that would reveal the patient are refused before anything is sent', async () => {
  const cases = [
    ['--keep-names', /--keep-names and --deidentify exclude each other/],
    ['--key=data/k.key', /inside the data folder/],
    ['--keep=full-dates,modified-dates', /is invalid/],
  ] as const;
  for (const [flag, message] of cases) {
    const { exitCode, refusal } = await upload('refused', '--deidentify', flag);
    assert.equal(exitCode, 2);
    assert.match(refusal as string, message);
  }
  assert.equal(objectsOf('refused').length, 0);
});
