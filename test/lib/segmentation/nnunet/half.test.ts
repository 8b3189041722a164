import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { halfArray, toHalf } from '#lib/segmentation/nnunet/half.ts';

const HALF = new URL('../../../../lib/segmentation/nnunet/half.ts', import.meta.url);
const VALUES = [0, 1 / 3, -2 / 3, 1e-7, 2049, 65504, 65520, -1e9, 0.1 + 0.2];

test('without Float16Array the same half-precision values are stored', () => {
  const here = halfArray(VALUES.length);
  for (const [n, value] of VALUES.entries()) here[n] = toHalf(value);
  const elsewhere = `
    delete globalThis.Float16Array;
    const { halfArray, toHalf } = await import(${JSON.stringify(HALF.href)});
    const stored = halfArray(${VALUES.length});
    for (const [n, value] of ${JSON.stringify(VALUES)}.entries()) stored[n] = toHalf(value);
    process.stdout.write(JSON.stringify([stored.constructor.name, ...Array.from(stored, String)]));`;
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', elsewhere], {
    encoding: 'utf8',
    cwd: fileURLToPath(new URL('.', HALF)),
  });
  assert.deepEqual(JSON.parse(said), ['Float32Array', ...Array.from(here, String)]);
});
