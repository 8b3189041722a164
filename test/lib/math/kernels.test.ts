import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { KERNELS_WASM as dvh } from '#lib/dvh/kernels/kernels-wasm.ts';
import { compileKernels } from '#lib/math/build-kernels.mjs';
import { KERNELS_WASM as radiomics } from '#lib/radiomics/kernels/kernels-wasm.ts';

const compiler = fileURLToPath(new URL('../../../node_modules/assemblyscript', import.meta.url));
const missing = existsSync(compiler) ? false : 'AssemblyScript is not installed';

for (const [room, committed] of Object.entries({ dvh, radiomics }))
  test(`the committed module of ${room} equals the compiled sources`, { skip: missing }, () => {
    const folder = new URL(`../../../lib/${room}/kernels/`, import.meta.url);
    assert.equal(compileKernels(folder).toString('base64'), committed);
  });
