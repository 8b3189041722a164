import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { seededRandom } from '#lib/random.ts';
import { COMPILE_CACHE } from '../../statemachine/local/compile-cache.ts';
import { type Ran, ranAt, ranIn } from './coverage.ts';
import { importGraph, testsOf } from './import-graph.ts';
import { type Mutant, mutantsOf } from './mutants.ts';

/**
 * `npm run mutate -- [--count 300] [--seed 1] [--jobs 2] [--seconds 30] [--again <log>] [folders]`: changes places of the code by
 * seeded chance, one at a time, and runs the unit tests that run the place until one fails, the quickest first. A mutant that
 * all of them pass is printed: a missing test, or a change without effect. With `--seconds` only the quickest tests that take
 * so long together are run, so that fewer mutants are killed than could be. `--again` tries those that survived an earlier run
 * whose output the file holds.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    seconds: { type: 'string', default: 'Infinity' },
    again: { type: 'string' },
  },
});
const FOLDERS =
  positionals.length > 0 ? positionals : ['dvh', 'structures', 'organize', 'qc'].map((name) => `lib/${name}`);
/** A test that a mutant sends into an endless loop has noticed it: it takes so many times longer than before, and more. */
const TIMES_LONGER = 10;
const LEAST_TIMEOUT_MS = 30_000;
/** Tests share a process, so that it loads the code once: first the quickest, which kill most mutants. */
const GROUP_SECONDS = [5, 15, 45];

const TEST = ['--test', '--test-isolation=none'];
const FIRST_FAILURE = resolve('test/mutation/first-failure.mjs');

const folder = mkdtempSync(join(tmpdir(), 'rtpipeline-mutants-'));
const graph = await importGraph();
let killed = 0;
let done = 0;
const mutants = await chosen();
const runs = await runTests([...new Set(mutants.flatMap(({ file }) => testsOf(graph, file)))]);
await inParallel(mutants, tryMutant);
rmSync(folder, { recursive: true, force: true });
console.log(
  `${killed} of ${mutants.length} killed, ${((100 * killed) / mutants.length).toFixed(1)} %, seed ${values.seed}`,
);

async function tryMutant(mutant: Mutant, worker: number): Promise<void> {
  const killer = await killerOf(mutant, join(folder, `mutant-${worker}.ts`));
  if (killer) killed++;
  console.log(`${++done}/${mutants.length} ${killer ? `killed by ${killer}` : 'SURVIVED'}: ${placeOf(mutant)}`);
}

function placeOf({ file, line, offset, source, from, to }: Mutant): string {
  const column = offset - source.lastIndexOf('\n', offset - 1);
  return `${file}:${line}:${column} ${from} -> ${to}`;
}

/** Takes the items from a queue that as many workers share as there are jobs. */
async function inParallel<T>(items: T[], work: (item: T, worker: number) => Promise<void>): Promise<void> {
  const queue = items.values();
  const workers = Array.from({ length: Number(values.jobs) }, async (_, worker) => {
    for (const item of queue) await work(item, worker);
  });
  await Promise.all(workers);
}

/** How long each test takes on the code as it is, and what it runs. */
async function runTests(tests: string[]): Promise<Map<string, { seconds: number; ran: Ran }>> {
  const found = new Map<string, { seconds: number; ran: Ran }>();
  await inParallel(tests, async (test) => {
    const coverage = mkdtempSync(join(folder, 'coverage-'));
    const began = performance.now();
    const env = { NODE_V8_COVERAGE: coverage };
    const { exitCode } = await execa(process.execPath, [...TEST, test], { env, reject: false });
    if (exitCode !== 0) throw new Error(`${test} fails without a mutant`);
    found.set(test, { seconds: (performance.now() - began) / 1000, ran: ranIn(coverage, resolve('lib')) });
    rmSync(coverage, { recursive: true });
  });
  return found;
}

/** As many of all mutants, each as likely as the others; or those that survived before. */
async function chosen(): Promise<Mutant[]> {
  const files: string[] = [];
  for (const name of FOLDERS) for await (const file of glob(`${name}/**/*.ts`)) files.push(file);
  const all = files.sort().flatMap((file) => mutantsOf(file, readFileSync(file, 'utf8')));
  if (values.again !== undefined) {
    const survived = new Set(
      [...readFileSync(values.again, 'utf8').matchAll(/SURVIVED: (.*)/g)].map(([, place]) => place),
    );
    return all.filter((mutant) => survived.has(placeOf(mutant)));
  }
  const random = seededRandom(Number(values.seed));
  const count = Math.min(Number(values.count), all.length);
  for (let i = 0; i < count; i++) {
    const j = i + Math.floor(random() * (all.length - i));
    [all[i], all[j]] = [all[j], all[i]];
  }
  return all.slice(0, count);
}

/** The test file that fails under the mutant. */
async function killerOf(mutant: Mutant, replaced: string): Promise<string | undefined> {
  writeFileSync(replaced, mutant.source);
  const env = {
    NODE_OPTIONS: `--import=${pathToFileURL(resolve('test/mutation/replace-source.mjs'))}`,
    MUTANT_URL: pathToFileURL(resolve(mutant.file)).href,
    MUTANT_SOURCE: replaced,
    NODE_COMPILE_CACHE: COMPILE_CACHE,
  };
  const failing = async (tests: string[]) => {
    const args = [...TEST, `--test-reporter=${FIRST_FAILURE}`, ...tests];
    const usualMs = 1000 * tests.reduce((sum, test) => sum + secondsOf(test), 0);
    const timeout = LEAST_TIMEOUT_MS + TIMES_LONGER * usualMs;
    const { exitCode, stdout } = await execa(process.execPath, args, {
      env,
      reject: false,
      timeout,
      killSignal: 'SIGKILL',
    });
    return exitCode === 0 ? undefined : relative('.', stdout.split('\n').at(-1)?.split('\t')[0] || tests[0]);
  };
  for (const group of groups(testsThatRun(mutant))) {
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

/** The quickest first. Where none runs the place, all that reach the file: a thread that was ended tells nothing. */
function testsThatRun({ file, offset }: Mutant): string[] {
  const url = pathToFileURL(resolve(file)).href;
  const reaching = testsOf(graph, file);
  const running = reaching.filter((test) => ranAt(runs.get(test)!.ran, url, offset));
  return quickest((running.length > 0 ? running : reaching).sort((a, b) => secondsOf(a) - secondsOf(b)));
}

/** The first of them that take so many seconds together as are given; at least one. */
function quickest(tests: string[]): string[] {
  let left = Number(values.seconds);
  return tests.filter((test, n) => {
    left -= secondsOf(test);
    return n === 0 || left >= 0;
  });
}

function secondsOf(test: string): number {
  return runs.get(test)!.seconds;
}

/** Groups that take about so many seconds, each longer than the one before. */
function groups(tests: string[]): string[][] {
  const found: string[][] = [];
  let left = 0;
  for (const test of tests) {
    if (left <= 0) {
      left = GROUP_SECONDS[Math.min(found.length, GROUP_SECONDS.length - 1)];
      found.push([]);
    }
    found[found.length - 1].push(test);
    left -= secondsOf(test);
  }
  return found;
}
