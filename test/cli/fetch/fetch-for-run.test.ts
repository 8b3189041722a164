import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { addFetch } from '../../../cli/commands/fetch.ts';
import { addValidate } from '../../../cli/commands/validate.ts';
import { queryTexts } from '../../../cli/fetch/archive.ts';
import { fetchForRun } from '../../../cli/fetch/fetch-for-run.ts';
import { archivedFiles } from '../../fixtures/archived-files.ts';
import { runCommand } from '../../fixtures/command.ts';
import { startDicomweb } from '../../fixtures/dicomweb-server.ts';

const out = mkdtempSync(join(tmpdir(), 'rtpipeline-fetch-'));
const server = await startDicomweb([...archivedFiles('4711', 1, 3), ...archivedFiles('0815', 1, 2)]);
const location = `dicomweb:${server.place.url.href}`;
after(async () => {
  await server.close();
  rmSync(out, { recursive: true, force: true });
});

async function keysFor(...queries: string[]): Promise<string[]> {
  const signal = new AbortController().signal;
  const store = await fetchForRun({ location, queries, out, say: () => {}, signal });
  const keys: string[] = [];
  for await (const { key } of store.list('')) if (key.endsWith('.dcm')) keys.push(key);
  return keys;
}

test('each request has its own folder, and the same request continues there', async () => {
  assert.equal((await keysFor('PatientID=4711')).length, 3);
  assert.equal((await keysFor('PatientID=0815')).length, 2);
  server.asked.length = 0;
  assert.equal((await keysFor('PatientID=4711')).length, 3);
  assert.equal(server.asked.filter((path) => /instances\/[\d.]+$/.test(path)).length, 0);
  assert.deepEqual(readdirSync(join(out, 'private', 'fetched')).sort(), ['1', '1.json', '2', '2.json']);
});

test('files that name patients are under private, which only the owner can read', () => {
  const named = readdirSync(out, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.jsonl?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => /4711|0815/.test(readFileSync(path, 'utf8')));
  assert.deepEqual(
    named.sort(),
    ['1.json', '2.json'].map((name) => join(out, 'private', 'fetched', name)),
  );
  assert.equal(statSync(join(out, 'private')).mode & 0o077, 0);
});

test('a query can come from a file', () => {
  const file = join(out, 'query.txt');
  writeFileSync(file, '# who\nPatientID=1\n\nPatientID=2\n');
  assert.deepEqual(queryTexts([`@${file}`, 'Modality=CT']), ['PatientID=1', 'PatientID=2', 'Modality=CT']);
  assert.throws(() => queryTexts(['@/nowhere']), /cannot read the file named in --query/);
});

test('an incomplete fetch exits with code 3, and a wrong address is refused', async () => {
  server.countedMore = 1;
  const told = console.error;
  console.error = () => {};
  try {
    const words = ['fetch', '--from', location, '--query', 'PatientID=4711', '--out', join(out, 'inbox')];
    assert.equal((await runCommand(addFetch, ...words)).exitCode, 3);
    const elsewhere = ['fetch', '--from', 'nothing', '--query', 'PatientID=1', '--out', join(out, 'none')];
    assert.match((await runCommand(addFetch, ...elsewhere)).refusal ?? '', /dimse:AET@host:port or dimse-tls/);
  } finally {
    console.error = told;
  }
  assert.match(
    (await runCommand(addValidate, 'validate', location)).refusal ?? '',
    /Fetch the data into a folder first/,
  );
});
