import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { codeDigestText } from '../lib/code-digest.ts';

const FUNCTIONS = fileURLToPath(new URL('../functions', import.meta.url));

/** ESM has no `require`, which CommonJS parts of bundled packages call. */
const REQUIRE = "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);";

/**
 * Bundles every function at once, which takes as long as one, into a folder of `outdir` for each.
 * The SDK is pinned with the rest. Class names stay: they are what the state machine matches.
 */
export function bundleFunctions(names: string[], outdir: string): string {
  buildSync({
    entryPoints: names.map((name) => ({ in: join(FUNCTIONS, name, 'index.ts'), out: join(name, 'index') })),
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    outExtension: { '.js': '.mjs' },
    banner: { js: REQUIRE },
    define: { RTPIPELINE_CODE: JSON.stringify(codeDigestText()) },
    keepNames: true,
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: 'error',
  });
  return outdir;
}
