import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { deidentify } from '#lib/deidentify/deidentify.ts';
import { DEFAULT_OPTIONS, type ProfileOption } from '#lib/deidentify/profile.ts';
import { pseudonyms } from '#lib/deidentify/pseudonyms.ts';
import { readDataSet } from '#lib/dicom/read.ts';
import { demoCohort } from '#lib/phantom/demo/cohort.ts';
import { conformanceErrors } from '#test/fixtures/conformance.ts';
import { sharedPath } from '#test/fixtures/shared.ts';

/** Without an option for dates they are left empty even where an image must have one: a made-up one would give an SUV. */
const LEFT_EMPTY = /^Error - Empty attribute \(no value\) Type 1 Required Element=<\w+(Date|Time)>/;
const OPTION_SETS: ProfileOption[][] = [[], [...DEFAULT_OPTIONS]];

/** One object of each kind in the sample cohort, and the public objects that other programs wrote. */
function examples(): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  for (const { bytes } of demoCohort()) {
    const sopClass = classOf(bytes);
    if (sopClass !== undefined && !found.has(sopClass)) found.set(sopClass, bytes);
  }
  const folder = sharedPath('data/pydicom-rt');
  const files = folder ? readdirSync(folder).filter((name) => /^(rt|CT|MR).*\.dcm$/.test(name)) : [];
  for (const name of files) found.set(name, new Uint8Array(readFileSync(join(folder as string, name))));
  return found;
}

function classOf(bytes: Uint8Array): string | undefined {
  try {
    return readDataSet(bytes).text('SOPClassUID');
  } catch {
    return undefined;
  }
}

test('dciodvfy finds no new error in a de-identified object', { skip: unlessInstalled() }, () => {
  const objects = [...examples()].map(([name, original]) => [name, original, new Set(errorsOf(original))] as const);
  assert.ok(objects.length >= 5);
  for (const options of OPTION_SETS)
    for (const [name, original, known] of objects) {
      const outcome = deidentify(original, {
        options: new Set(options),
        pseudonyms: pseudonyms((text) => createHmac('sha256', 'secret').update(text).digest()),
        allowedNames: [],
        allowBurnedIn: true,
      });
      assert.equal(outcome.kind, 'written', name);
      assert.deepEqual(
        errorsOf(outcome.bytes).filter((error) => !known.has(error) && !LEFT_EMPTY.test(error)),
        [],
        `${name} ${options}`,
      );
    }
});

/** Without the values and places, which de-identifying moves. */
function errorsOf(file: Uint8Array): string[] {
  return (conformanceErrors(file) ?? []).map((line) =>
    line.replaceAll(/<[^>]*>|\[[^\]]*\]|= .*$/g, (part) => (/^<[A-Z][A-Za-z]+>$/.test(part) ? part : '')),
  );
}

function unlessInstalled(): string | false {
  const isThere = conformanceErrors(new Uint8Array()) !== undefined;
  return isThere ? false : 'dciodvfy is not installed (Debian: dicom3tools)';
}
