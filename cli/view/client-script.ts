import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

const ENTRY = fileURLToPath(new URL('client/main.ts', new URL('.', import.meta.url)));

/** The page's script in one file, with all that it imports: nothing is fetched from elsewhere. */
export async function clientScript(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [ENTRY],
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2023',
    charset: 'utf8',
    legalComments: 'eof',
    define: { global: 'window' },
    plugins: [unused()],
    logLevel: 'error',
  });
  return outputFiles[0].text;
}

/** What the drawing library imports for files that it never reads or writes here: XML of VTK, and files of Node. */
export function unused(): Plugin {
  return {
    name: 'unused',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^(xmlbuilder2|fs|path)$/ }, ({ path }) => ({ path, namespace: 'unused' }));
      onLoad({ filter: /./, namespace: 'unused' }, () => ({ contents: 'export const create = undefined;' }));
    },
  };
}
