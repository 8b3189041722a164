import { existsSync, readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runsPrograms } from '../runner/select-files.ts';

/** Every file that a unit test reaches by its imports, by test. */
export type Graph = Map<string, Set<string>>;

const SPECIFIER = /from\s*['"]([.#][^'"]+)['"]|import\(\s*['"]([.#][^'"]+)['"]|new URL\(\s*['"](\.[^'"]+\.ts)['"]/g;

export async function importGraph(): Promise<Graph> {
  const imports = new Map<string, string[]>();
  const graph: Graph = new Map();
  for await (const test of glob('test/lib/**/*.test.ts')) {
    if (!runsPrograms(test)) graph.set(test, reached(test, imports));
  }
  return graph;
}

/** Tests that reach a file: those that reach least come first, being the nearest and the quickest. */
export function testsOf(graph: Graph, file: string): string[] {
  const found = [...graph].filter(([, files]) => files.has(file));
  return found.sort((a, b) => a[1].size - b[1].size || (a[0] < b[0] ? -1 : 1)).map(([test]) => test);
}

function reached(test: string, imports: Map<string, string[]>): Set<string> {
  const found = new Set([test]);
  for (const file of found) {
    if (!imports.has(file)) imports.set(file, importsOf(file));
    for (const next of imports.get(file) ?? []) found.add(next);
  }
  return found;
}

function importsOf(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(SPECIFIER)]
    .map(([, from, dynamic, url]) => from ?? dynamic ?? url)
    .map((name) => (name.startsWith('#') ? name.slice(1) : join(dirname(file), name)))
    .filter((path) => path.endsWith('.ts') && existsSync(path));
}
