import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';
import { test } from 'node:test';

/** The loose files of lib, and the folders with their parts: the vocabulary that everyone may import. */
const VOCABULARY = 'v';
const VOCABULARY_FOLDERS = ['config', 'finding-register'];

/** The engine that PyRadiomics' and IBSI's conventions share. */
const ENGINE = ['kernels', 'settings', 'region', 'matrices', 'features', 'preprocessing', 'image-types'].map(
  (folder) => `lib/radiomics/${folder}`,
);

/** Which folder may import which; its own files always. The documentation of the arrows: they only go down. */
const MAY_IMPORT: Record<string, string[]> = {
  [VOCABULARY]: [],
  'lib/aws': [],
  'lib/math': [],
  'lib/image': ['lib/math'],
  'lib/dicom': [],
  'lib/nifti': ['lib/math', 'lib/image'],
  'lib/tables': [],
  'lib/store': [],
  'lib/pool': [],
  'lib/received': ['lib/store', 'lib/dicom'],
  'lib/dicomweb': ['lib/dicom', 'lib/received'],
  'lib/dimse': ['lib/dicom', 'lib/received'],
  'lib/rt': ['lib/math', 'lib/image', 'lib/dicom', 'lib/tables'],
  'lib/phantom': ['lib/math', 'lib/image', 'lib/dicom'],
  'lib/organize': ['lib/math', 'lib/image', 'lib/dicom', 'lib/rt', 'lib/tables', 'lib/deidentify'],
  'lib/segmentation': ['lib/math', 'lib/image', 'lib/nifti', 'lib/pool', 'lib/store'],
  'lib/structures': ['lib/math', 'lib/image', 'lib/dicom', 'lib/rt', 'lib/tables'],
  'lib/dvh/solid': ['lib/math', 'lib/image', 'lib/rt'],
  'lib/dvh/metrics': ['lib/rt', 'lib/tables'],
  'lib/dvh/kernels': [],
  'lib/dvh': ['lib/math', 'lib/image', 'lib/rt', 'lib/tables', 'lib/dvh/solid', 'lib/dvh/metrics', 'lib/dvh/kernels'],
  'lib/radiomics/kernels': [],
  'lib/radiomics/settings': ['lib/radiomics/kernels'],
  'lib/radiomics/region': ['lib/math', 'lib/image', 'lib/rt', 'lib/radiomics/kernels'],
  'lib/radiomics/matrices': ['lib/math', 'lib/radiomics/kernels', 'lib/radiomics/region'],
  'lib/radiomics/features': [
    'lib/math',
    'lib/image',
    'lib/radiomics/kernels',
    'lib/radiomics/region',
    'lib/radiomics/matrices',
  ],
  'lib/radiomics/preprocessing': [
    'lib/math',
    'lib/image',
    'lib/radiomics/kernels',
    'lib/radiomics/settings',
    'lib/radiomics/region',
  ],
  'lib/radiomics/image-types': [
    'lib/radiomics/preprocessing',
    'lib/math',
    'lib/image',
    'lib/radiomics/kernels',
    'lib/radiomics/settings',
    'lib/radiomics/region',
  ],
  'lib/radiomics/pyradiomics': ['lib/math', 'lib/image', 'lib/rt', 'lib/tables', ...ENGINE],
  'lib/radiomics/ibsi': ['lib/math', 'lib/image', 'lib/rt', 'lib/tables', ...ENGINE],
  'lib/robustness': ['lib/math', 'lib/image', 'lib/rt', 'lib/tables', 'lib/radiomics/pyradiomics', ...ENGINE],
  'lib/qc': ['lib/math', 'lib/image', 'lib/dicom', 'lib/rt', 'lib/tables'],
  'lib/report': ['lib/math', 'lib/image', 'lib/rt', 'lib/tables'],
  'lib/structured-report': ['lib/dicom', 'lib/tables'],
  'lib/viewer': ['lib/math', 'lib/image', 'lib/structures', 'lib/dvh', 'lib/report'],
  'lib/deidentify': ['lib/dicom', 'lib/structures'],
  'lib/course-store': [
    'lib/math',
    'lib/image',
    'lib/dicom',
    'lib/nifti',
    'lib/tables',
    'lib/store',
    'lib/pool',
    'lib/rt',
    'lib/structures',
    'lib/dvh',
    'lib/deidentify',
  ],
  'lib/stages': ['lib/*'],
  statemachine: ['lib/stages', 'lib/course-store', 'lib/store', 'lib/pool', 'lib/rt', 'lib/aws'],
  functions: ['lib/stages', 'lib/course-store', 'lib/store', 'lib/pool', 'lib/aws', 'statemachine'],
  containers: ['lib/stages', 'lib/store', 'lib/pool'],
  cli: ['statemachine', 'containers', 'lib/*'],
  infra: ['statemachine', 'lib/stages', 'lib/store', 'lib/phantom'],
  bench: ['lib/*', 'statemachine', 'cli', 'test'],
  test: ['lib/*', 'statemachine', 'functions', 'containers', 'cli', 'infra', 'bench'],
};

const PURE =
  'math image dicom nifti tables rt phantom organize structures dvh radiomics robustness qc report viewer deidentify structured-report config finding-register'.split(
    ' ',
  );
/** Those whose subject is the world outside: objects, programs, the network, and what stands on them. */
const OUTSIDE = 'store pool aws received dicomweb dimse segmentation course-store stages'.split(' ');
const STORE_IMPLEMENTATIONS = ['file', 'memory', 's3', 'open'];

const files: string[] = [];
for await (const file of glob('{lib,statemachine,functions,containers,cli,infra,bench,test}/**/*.ts')) files.push(file);

test('every import follows the table: arrows only go down', () => {
  assert.deepEqual(files.flatMap(forbiddenImports), []);
});

test('no file imports itself through others, not even for a type', () => {
  const graph = new Map(files.map((file) => [file, importsOf(file).filter((path) => files.includes(path))]));
  assert.deepEqual(cyclesOf(graph), []);
});

test('pure folders do not use file, network, process, clock or chance', () => {
  assert.deepEqual(files.filter(isPure).flatMap(impurities), []);
});

test('every folder of lib is pure or listed as touching the outside world', () => {
  const rooms = new Set(files.filter((file) => /^lib\/.+\//.test(file)).map((file) => file.split('/')[1]));
  assert.deepEqual([...rooms].sort(), [...PURE, ...OUTSIDE].sort());
});

test('only commands reach archives and senders', () => {
  const network = ['lib/dicomweb', 'lib/dimse'];
  const found = files
    .filter((file) => !/^(cli|test|bench)\//.test(file) && !network.includes(folderOf(file)))
    .filter((file) => importsOf(file).some((path) => network.includes(folderOf(path))));
  assert.deepEqual(found, []);
});

test('stages receive a store and never open one', () => {
  const found = files
    .filter((file) => file.startsWith('lib/stages/'))
    .flatMap((file) =>
      importsOf(file).filter((path) => STORE_IMPLEMENTATIONS.some((s) => path === `lib/store/${s}.ts`)),
    );
  assert.deepEqual(found, []);
});

test('no folder or file is called utils, common, helpers or manager', () => {
  const drawers = files.filter((file) => /(^|\/)(utils?|common|helpers?|managers?)(\/|\.ts$)/.test(file));
  assert.deepEqual(drawers, []);
});

function forbiddenImports(file: string): string[] {
  const from = folderOf(file);
  const allowed = MAY_IMPORT[from];
  if (!allowed) return [`${file}: its folder ${from} is not in the table`];
  return importsOf(file)
    .filter((path) => /^(lib|statemachine|functions|containers|cli|infra|bench|test)\//.test(path))
    .filter((path) => {
      const to = folderOf(path);
      const known = to === from || to === VOCABULARY || allowed.includes(to);
      return !known && !(allowed.includes('lib/*') && to.startsWith('lib/'));
    })
    .map((path) => `${file} imports ${path}`);
}

/** Groups of files that reach each other, by Tarjan's strongly connected components. */
function cyclesOf(graph: Map<string, string[]>): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const cycles: string[][] = [];
  const visit = (node: string): number => {
    order.set(node, order.size);
    let lowest = order.size - 1;
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!order.has(next)) lowest = Math.min(lowest, visit(next));
      else if (stack.includes(next)) lowest = Math.min(lowest, order.get(next) ?? lowest);
    }
    low.set(node, lowest);
    if (lowest === order.get(node)) {
      const group = stack.splice(stack.indexOf(node));
      if (group.length > 1 || graph.get(node)?.includes(node)) cycles.push(group.sort());
    }
    return lowest;
  };
  for (const node of graph.keys()) if (!order.has(node)) visit(node);
  return cycles;
}

function impurities(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const modules = externalImportsOf(text).filter((name) => name.startsWith('node:') && name !== 'node:zlib');
  const calls = [/\bprocess\.\w+/, /\bDate\.now\(/, /\bnew Date\(\)/, /\bMath\.random\(/, /\bfetch\(/];
  return [...modules, ...calls.filter((call) => call.test(text)).map(String)].map((what) => `${file}: ${what}`);
}

function isPure(file: string): boolean {
  return PURE.some((folder) => file.startsWith(`lib/${folder}/`));
}

function folderOf(file: string): string {
  const parts = file.split('/');
  if (parts[0] !== 'lib') return parts[0];
  if (parts.length === 2 || VOCABULARY_FOLDERS.includes(parts[1])) return VOCABULARY;
  const inner = parts.slice(0, 3).join('/');
  return parts.length > 3 && inner in MAY_IMPORT ? inner : `lib/${parts[1]}`;
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\b[^'";]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g;

function importsOf(file: string): string[] {
  return externalImportsOf(readFileSync(file, 'utf8'))
    .filter((name) => name.startsWith('.') || name.startsWith('#'))
    .map((name) =>
      name.startsWith('#')
        ? name.slice(1)
        : normalize(join(dirname(file), name))
            .split(sep)
            .join('/'),
    );
}

function externalImportsOf(text: string): string[] {
  return [...text.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? match[3]);
}
