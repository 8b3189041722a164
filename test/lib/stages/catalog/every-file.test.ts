import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { codeDigest } from '#lib/code-digest.ts';
import { writeJson } from '#lib/course-store/json.ts';
import { silentLog } from '#lib/log.ts';
import { demoCohort } from '#lib/phantom/demo/cohort.ts';
import { inlinePool } from '#lib/pool/inline-pool.ts';
import { catalog } from '#lib/stages/catalog/catalog.ts';
import { organize } from '#lib/stages/organize/organize.ts';
import { readOrganized } from '#lib/stages/organize/organized.ts';
import { fileStore } from '#lib/store/file.ts';
import { runKeys } from '#lib/store/keys.ts';
import { memoryStore } from '#lib/store/memory.ts';
import { storedZip } from '#test/fixtures/stored-zip.ts';

const NOBODY = 65534;
const slices = demoCohort().take(12).toArray();

/** A folder with everything that lies in old exports beside files; `locked` is what nobody may read. */
function writeOddFolder(): { root: string; locked: string[] } {
  const root = mkdtempSync(join(tmpdir(), 'rtpipeline-every-file-'));
  const latin = (path: string) => Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, 'latin1')]);
  for (const { path, bytes } of slices) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), bytes);
  }
  mkdirSync(latin('Stra\xdfe'));
  writeFileSync(latin('Stra\xdfe/M\xfcller.dcm'), slices[0].bytes);
  writeFileSync(latin('notes \xfc.txt'), 'text');
  for (const name of ['_READY.json', '.partial-x.dcm', 'line\nbreak.txt']) writeFileSync(join(root, name), '{}');
  writeFileSync(join(root, '.partial-5e3ab3f2-2b73-4d6c-8c50-3d9b3f1f8a11'), 'half');
  symlinkSync('nowhere', join(root, 'dangling'));
  execFileSync('mkfifo', [join(root, 'pipe')]);
  const long: [string, Uint8Array] = ['x'.repeat(300), slices[1].bytes];
  writeFileSync(join(root, 'export.zip'), storedZip([long, long, ['ok.dcm', slices[2].bytes]]));
  const locked = [join(root, 'locked'), join(root, 'locked.dcm')];
  mkdirSync(locked[0]);
  writeFileSync(join(locked[0], 'hidden.dcm'), slices[3].bytes);
  writeFileSync(locked[1], slices[4].bytes);
  chmodSync(root, 0o755);
  return { root, locked };
}

/** Work that is done without the rights of root, which nothing is locked for. */
async function withoutRights<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(NOBODY);
  return work().finally(() => process.seteuid?.(0));
}

test('every file of the input is counted in exactly one place: courses, duplicates or unassigned', async () => {
  const { root, locked } = writeOddFolder();
  try {
    const entries = execFileSync('find', [root, '!', '-type', 'd', '-print0'], { encoding: 'latin1' }).split('\0');
    codeDigest();
    const store = memoryStore();
    await writeJson(store, runKeys.config, {});
    const signal = new AbortController().signal;
    const context = {
      ...{ input: fileStore(root), store, pool: inlinePool(), log: silentLog },
      ...{ signal, now: () => new Date(0) },
    };
    for (const path of locked) chmodSync(path, 0);
    await withoutRights(async () => {
      await catalog.run({ force: false }, context);
      await organize.run({ force: false }, context);
    });
    const { counts, tables } = await readOrganized(store);
    const rows = tables.find(({ name }) => name === 'unassigned')?.rows ?? [];
    assert.equal(counts.assigned + counts.duplicates + rows.length, counts.files);
    // `find` ends with a separator and looks into the locked folder; the archive adds its three entries.
    assert.equal(counts.files, entries.length - 1 + 3);
    const reasons = new Map(rows.map(({ key, reason }) => [String(key).replace(/x{300}/, 'x…'), reason]));
    for (const [key, reason] of [
      ['notes \\xfc.txt', 'not_dicom'],
      ['_READY.json', 'not_dicom'],
      ['.partial-x.dcm', 'not_dicom'],
      ['line\nbreak.txt', 'not_dicom'],
      ['.partial-5e3ab3f2-2b73-4d6c-8c50-3d9b3f1f8a11', 'not_a_file'],
      ['dangling', 'not_a_file'],
      ['pipe', 'not_a_file'],
      ['locked/', 'unreadable'],
      ['locked.dcm', 'unreadable'],
      ['export.zip!x…', 'not_dicom'],
      ['export.zip!x… (2)', 'not_dicom'],
    ])
      assert.equal(reasons.get(key), reason, key);
  } finally {
    for (const path of locked) chmodSync(path, 0o700);
    rmSync(root, { recursive: true });
  }
});
