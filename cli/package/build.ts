import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { codeDigestText } from '#lib/code-digest.ts';
import { clientScript } from '../view/client-script.ts';

/**
 * Writes dist/: the product as JavaScript for Node 20, one file for each of the source and in the same places, so that
 * workers, jobs and commands are still found and read one by one, when they are needed. Packages stay outside.
 */
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const OUT = join(ROOT, 'dist');

const SOURCES = '{cli,containers,lib,statemachine}/**/*.ts';
/** Pages run in the browser: of each, one script is shipped that is made of these. */
const NOT_SHIPPED =
  /\.d\.ts$|^cli\/package\/build\.ts$|^lib\/(radiomics|dvh)\/kernels\/assembly\/|^(lib\/report\/browser|cli\/view\/client)\//;
/** Files that the code reads beside itself. */
const ASSETS = [
  '{cli,lib}/**/*.yaml',
  'lib/segmentation/conversion/*.py',
  'cli/view/*.{html,css}',
  'statemachine/*.asl.json',
  'models/**/*.{yaml,json,onnx}',
];
/** Where processes and threads begin: what an older Node lacks is there before anything else. */
const BEGINNINGS = [
  'cli/main.ts',
  'containers/analysis/main.ts',
  'containers/segmentation/main.ts',
  'lib/pool/worker.ts',
];
const OLDER_NODE = join(ROOT, 'cli/package/older-node.ts');
/** `new URL('./task.ts', import.meta.url)` */
const BESIDE = /(new URL\(\s*['"`][^'"`]*)\.ts(['"`],\s*import\.meta\.url)/g;

rmSync(OUT, { recursive: true, force: true });
await build({
  absWorkingDir: ROOT,
  entryPoints: globSync(SOURCES, { cwd: ROOT }).filter((path) => !NOT_SHIPPED.test(slashed(path))),
  outdir: OUT,
  outbase: ROOT,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20.15',
  charset: 'utf8',
  define: { RTPIPELINE_CODE: JSON.stringify(codeDigestText()) },
  logLevel: 'warning',
  logLimit: 10,
  plugins: [onePerSource()],
});
for (const path of ASSETS.flatMap((pattern) => globSync(pattern, { cwd: ROOT }))) {
  mkdirSync(dirname(join(OUT, path)), { recursive: true });
  copyFileSync(join(ROOT, path), join(OUT, path));
}
writeFileSync(join(OUT, 'cli/view/client.js'), await clientScript());
const lost = globSync('**/*.js', { cwd: OUT }).flatMap(lostFiles);
if (lost.length > 0) throw new Error(`the package lacks what it reads:\n${lost.join('\n')}`);

/** Imports between our files stay imports, now of JavaScript; JSON goes into the file that reads it. */
function onePerSource(): Plugin {
  return {
    name: 'one-per-source',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^[.#].*\.ts$/ }, ({ path, importer, kind }) => {
        if (kind === 'entry-point') return undefined;
        const target = path.startsWith('#') ? join(ROOT, path.slice(1)) : resolve(dirname(importer), path);
        return { path: javascript(fromTo(importer, target)), external: true };
      });
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const text = readFileSync(path, 'utf8').replace(
          BESIDE,
          (_, before: string, after: string) => `${before}.js${after}`,
        );
        const begins = BEGINNINGS.includes(slashed(relative(ROOT, path)));
        return { contents: begins ? `import '${fromTo(path, OLDER_NODE)}';\n${text}` : text, loader: 'ts' };
      });
    },
  };
}

function fromTo(from: string, to: string): string {
  const path = slashed(relative(dirname(from), to));
  return path.startsWith('.') ? path : `./${path}`;
}

function javascript(path: string): string {
  return `${path.slice(0, -extname(path).length)}.js`;
}

function slashed(path: string): string {
  return path.split(sep).join('/');
}

/** What a file imports or names beside itself and is not there; places with a part that is known later are left out. */
function lostFiles(file: string): string[] {
  const text = readFileSync(join(OUT, file), 'utf8');
  const named = [
    ...text.matchAll(/(?:from|import\(|import)\s*"(\.[^"]+)"/g),
    ...text.matchAll(/new URL\(\s*["'`](\.[^"'`$]*)["'`],\s*import\.meta\.url/g),
  ];
  return named
    .map(([, path]) => join(dirname(join(OUT, file)), path))
    .filter((path) => !existsSync(path))
    .map((path) => `${file}: ${relative(OUT, path)}`);
}
