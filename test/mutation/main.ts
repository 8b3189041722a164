import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { seededRandom } from '#lib/random.ts';
import { COMPILE_CACHE } from '../../statemachine/local/compile-cache.ts';
import { importGraph, testsOf } from './import-graph.ts';
import { type Mutant, mutantsOf } from './mutants.ts';

/**
 * `npm run mutate -- [--count 300] [--seed 1] [--jobs 2] [folders]`: changes places of the code by seeded chance, one at a time, and
 * runs the unit tests that reach the file until one fails. A mutant that all of them pass is printed: a missing test, or a
 * change without effect.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: String(availableParallelism()) },
  },
});
const FOLDERS =
  positionals.length > 0 ? positionals : ['dvh', 'structures', 'organize', 'qc'].map((name) => `lib/${name}`);
/** A test that a mutant sends into an endless loop has noticed it. */
const TIMEOUT_MS = 300_000;
/** The nearest tests kill most mutants; the others share a process, so that it loads the code once. */
const NEAREST = 3;
const GROUP = 40;

const FIRST_FAILURE = resolve('test/mutation/first-failure.mjs');

const folder = mkdtempSync(join(tmpdir(), 'rtpipeline-mutants-'));
const graph = await importGraph();
let killed = 0;
let done = 0;
const mutants = await chosen();
const queue = mutants.values();
await Promise.all(Array.from({ length: Number(values.jobs) }, (_, worker) => tryMutants(`mutant-${worker}.ts`)));
rmSync(folder, { recursive: true, force: true });
console.log(
  `${killed} of ${mutants.length} killed, ${((100 * killed) / mutants.length).toFixed(1)} %, seed ${values.seed}`,
);

/** Takes mutants from the queue that the workers share until none is left. */
async function tryMutants(replaced: string): Promise<void> {
  for (const mutant of queue) {
    const killer = await killerOf(mutant, join(folder, replaced));
    if (killer) killed++;
    const where = `${mutant.file}:${mutant.line} ${mutant.from} -> ${mutant.to}`;
    console.log(`${++done}/${mutants.length} ${killer ? `killed by ${killer}` : 'SURVIVED'}: ${where}`);
  }
}

/** As many of all mutants, each as likely as the others. */
async function chosen(): Promise<Mutant[]> {
  const files: string[] = [];
  for (const name of FOLDERS) for await (const file of glob(`${name}/**/*.ts`)) files.push(file);
  const all = files.sort().flatMap((file) => mutantsOf(file, readFileSync(file, 'utf8')));
  const random = seededRandom(Number(values.seed));
  const count = Math.min(Number(values.count), all.length);
  for (let i = 0; i < count; i++) {
    const j = i + Math.floor(random() * (all.length - i));
    [all[i], all[j]] = [all[j], all[i]];
  }
  return all.slice(0, count);
}

/** The test file that fails under the mutant; the most specific are tried first. */
async function killerOf({ file, source }: Mutant, replaced: string): Promise<string | undefined> {
  writeFileSync(replaced, source);
  const env = {
    NODE_OPTIONS: `--import=${pathToFileURL(resolve('test/mutation/replace-source.mjs'))}`,
    MUTANT_URL: pathToFileURL(resolve(file)).href,
    MUTANT_SOURCE: replaced,
    NODE_COMPILE_CACHE: COMPILE_CACHE,
  };
  const failing = async (tests: string[]) => {
    const args = ['--test', '--test-isolation=none', `--test-reporter=${FIRST_FAILURE}`, ...tests];
    const { exitCode, stdout } = await execa(process.execPath, args, { env, reject: false, timeout: TIMEOUT_MS });
    return exitCode === 0 ? undefined : relative('.', stdout.split('\n').at(-1)?.split('\t')[0] || tests[0]);
  };
  for (const group of groups(testsOf(graph, file))) {
    for (let left = group; left.length > 0; ) {
      const test = await failing(left);
      if (test === undefined) break;
      // A test of time limits fails on a busy machine too, but not twice.
      if (await failing([test])) return test;
      left = left.filter((other) => other !== test);
    }
  }
  return undefined;
}

function groups(tests: string[]): string[][] {
  const others = tests.slice(NEAREST);
  return [
    ...tests.slice(0, NEAREST).map((test) => [test]),
    ...Array.from({ length: Math.ceil(others.length / GROUP) }, (_, i) => others.slice(i * GROUP, (i + 1) * GROUP)),
  ];
}
