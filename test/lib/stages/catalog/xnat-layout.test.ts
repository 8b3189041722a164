import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '#lib/config.ts';
import { writeJson } from '#lib/course-store/json.ts';
import { silentLog } from '#lib/log.ts';
import { inlinePool } from '#lib/pool/inline-pool.ts';
import { catalog } from '#lib/stages/catalog/catalog.ts';
import { readCatalog } from '#lib/stages/catalog/list.ts';
import { runKeys } from '#lib/store/keys.ts';
import { memoryStore } from '#lib/store/memory.ts';
import { archivedFiles } from '#test/fixtures/archived-files.ts';
import { storedZip } from '#test/fixtures/stored-zip.ts';

const SESSION = 'LUNG/arc001/S001';
const SCAN = `${SESSION}/SCANS/1/DICOM`;
const files = archivedFiles('XNAT', 1, 3);
const CATALOG = Buffer.from('<?xml version="1.0"?><cat:DCMCatalog xmlns:cat="http://nrg.wustl.edu/catalog"/>');

const LAYOUT: [string, Uint8Array][] = [
  ...files.map((file, i): [string, Uint8Array] => [`${SCAN}/1.2.3-1-${i + 1}.dcm`, file]),
  [`${SCAN}/scan_1_catalog.xml`, CATALOG],
  [`${SESSION}/ASSESSORS/RTStruct_1/out/AIM_1.dcm`, archivedFiles('RTSS', 1, 1)[0]],
];

const PLACES: [string, [string, Uint8Array][]][] = [
  ['the folder of an XNAT archive', LAYOUT],
  ['the ZIP that XNAT lets people download', [['S001.zip', storedZip(LAYOUT)]]],
];
for (const [what, objects] of PLACES)
  test(`${what}: every scan and assessor is an instance, the catalog files are not`, async () => {
    const [input, store] = [memoryStore('memory:input'), memoryStore()];
    for (const [key, body] of objects) await input.put(key, body);
    await writeJson(store, runKeys.config, parseConfig({}));
    const signal = new AbortController().signal;
    await catalog.run(
      { force: false },
      { input, store, pool: inlinePool(), log: silentLog, signal, now: () => new Date(0) },
    );
    const lines = await readCatalog(store);
    const rejected = lines.flatMap((line) => ('rejected' in line ? [line.rejected] : []));
    assert.equal(lines.length - rejected.length, 4);
    const others = rejected.filter(({ reason }) => reason !== 'archive');
    assert.deepEqual(
      others.map(({ key, reason }) => [key.endsWith('_catalog.xml'), reason]),
      [[true, 'not_dicom']],
    );
  });
