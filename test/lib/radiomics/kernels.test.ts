import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { compileKernels } from '#lib/radiomics/kernels/build.mjs';
import { KERNELS_WASM } from '#lib/radiomics/kernels/kernels-wasm.ts';

const compiler = fileURLToPath(new URL('../../../node_modules/assemblyscript', import.meta.url));
const missing = existsSync(compiler) ? false : 'AssemblyScript is not installed';

test('the committed module equals the compiled sources', { skip: missing }, () => {
  assert.equal(compileKernels().toString('base64'), KERNELS_WASM);
});
