import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { parseConfig } from '#lib/config.ts';
import { readsAtOnce } from '#lib/stages/aggregate/read-courses.ts';
import type { JobStageName } from '#lib/stages/table.ts';
import type { Budget } from '#statemachine/local/budget.ts';
import { budgetOf } from '../../cli/machine-budget.ts';

const ROOT = new URL('../../', import.meta.url);
const inRepository = (path: string) => new URL(path, ROOT);
const page = readFileSync(inRepository('docs/execution-validation.md'), 'utf8');
const guide = readFileSync(inRepository('docs/execution.md'), 'utf8');
const section = page.split('## Code and test of each behaviour')[1].split('\n## ', 1)[0];

/** Rows of the table that says where each behaviour lives and what proves it. */
const rows = [...section.matchAll(/^\| (\S.*?) \| (.*?) \| (.*?) \|$/gm)]
  .map(([, behaviour, places, tests]) => ({ behaviour, places, tests }))
  .filter(({ behaviour }) => behaviour !== 'behaviour' && !behaviour.startsWith('---'));

/** Test files named by a path or, once it was given in full, by their last part. */
function testFiles(cell: string): string[] {
  return [...cell.matchAll(/[\w./-]+\.test\.ts/g)].flatMap(([name]) => {
    const found = globSync(name.startsWith('test/') ? name : `test/**/${name}`, { cwd: ROOT });
    assert.ok(found.length > 0, `${name} is not there`);
    return found;
  });
}

test('every behaviour in the table names its code and its test', () => {
  assert.ok(rows.length > 35, `${rows.length} rows`);
  for (const { behaviour, places, tests } of rows) {
    assert.ok(places.trim() !== '' && tests.trim() !== '', behaviour);
    for (const [path] of places.matchAll(/(?:lib|cli|containers|statemachine)\/[\w./-]*\w/g)) {
      assert.ok(existsSync(inRepository(path)), `${behaviour}: ${path} is not there`);
    }
    const folders = [...tests.matchAll(/test\/[\w/-]+(?![\w./-])/g)].map(([path]) => path);
    for (const path of folders) assert.ok(statSync(inRepository(path)).isDirectory(), `${behaviour}: ${path}`);
    assert.ok(testFiles(tests).length + folders.length > 0, `${behaviour} names no test`);
  }
});

test('every test title quoted in the table exists in a file of its row', () => {
  for (const { behaviour, tests } of rows) {
    const text = testFiles(tests)
      .map((path) => readFileSync(inRepository(path), 'utf8'))
      .join('\n');
    for (const [, title] of tests.matchAll(/"([^"]+)"/g)) {
      assert.ok(text.includes(title), `${behaviour}: no test "${title}"`);
    }
  }
});

/** Rows of the table of the guide that says what 2, 8 and 64 cores give. */
const given = new Map(
  [...guide.matchAll(/^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)].map(([, what, ...values]) => [
    what.trim(),
    values,
  ]),
);

test('the guide gives the numbers that the code computes for 2, 8 and 64 cores', () => {
  const gpu = { index: 0, name: 'NVIDIA L4', memoryMiB: 23_034 };
  const config = parseConfig({});
  const expected = [2, 8, 64].map((cores) => {
    const facts = { cores, memoryBytes: 2 ** 40, hasSegmenter: true, hasPredictor: true };
    const [without, on] = [[], [gpu]].map((gpus) => budgetOf({ ...facts, gpus }, config));
    const of = ({ stages }: Budget, stage: JobStageName) => stages?.[stage] ?? {};
    const each = (budget: Budget) => {
      const { jobs, cpus } = of(budget, 'segmentation');
      return `${jobs} x ${cpus}`;
    };
    return {
      'budget, CPUs': without.cpus,
      'DVH, workers of a course: half of the budget, at least 2': of(without, 'dvh').cpus,
      'radiomics and robustness, workers of a course: the budget minus one, at least 2': of(without, 'radiomics').cpus,
      'structures, QC, CPUs of a course': of(without, 'qc').cpus,
      'segmentation without a GPU, courses at the same time x CPUs each': each(without),
      'segmentation on a GPU, courses at the same time x CPUs each': each(on),
      'files read at the same time for the tables': readsAtOnce(config, cores),
    };
  });
  for (const what of Object.keys(expected[0]) as (keyof (typeof expected)[0])[])
    assert.deepEqual(
      given.get(what),
      expected.map((one) => String(one[what])),
      what,
    );
  const alone = (cpus?: number) =>
    budgetOf({ cores: 64, memoryBytes: 2 ** 40, hasSegmenter: true, hasPredictor: true, gpus: [] }, config, { cpus })
      .stages?.radiomics?.cpus;
  const [, usual, all] = /has (\d+) workers for its radiomics, and (\d+) with `--cpus 64`/.exec(guide) ?? [];
  assert.deepEqual([usual, all], [alone(), alone(64)].map(String));
});
