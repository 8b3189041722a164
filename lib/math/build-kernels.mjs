/**
 * Compiles the kernels in the assembly/ folders with AssemblyScript and writes each as a module: npm run kernels.
 * The result is committed, so that nothing needs to be built to run the product.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OPTIONS = ['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--enable', 'simd'];
const FOLDERS = ['radiomics', 'dvh'].map((room) => new URL(`../${room}/kernels/`, import.meta.url));

/** The WebAssembly module of a folder of kernels as bytes. */
export function compileKernels(kernels) {
  const folder = mkdtempSync(join(tmpdir(), 'kernels-'));
  try {
    const compiler = createRequire(import.meta.url).resolve('assemblyscript/bin/asc.js');
    const source = fileURLToPath(new URL('assembly/kernels.ts', kernels));
    const output = join(folder, 'kernels.wasm');
    const run = spawnSync(process.execPath, [compiler, source, '-o', output, ...OPTIONS], { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(run.stderr);
    return readFileSync(output);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const kernels of FOLDERS) {
    const lines = compileKernels(kernels)
      .toString('base64')
      .match(/.{1,112}/g)
      .map((line) => `  '${line}',`);
    writeFileSync(
      new URL('kernels-wasm.ts', kernels),
      `/** The WebAssembly module that assembly/ compiles to (npm run kernels), in base64. */\nexport const KERNELS_WASM = [\n${lines.join('\n')}\n].join('');\n`,
    );
  }
}
