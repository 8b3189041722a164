import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { fileStore } from '#lib/store/file.ts';
import { resultKeys } from '#lib/store/keys.ts';
import { fromParquet } from '#lib/tables/parquet.ts';
import { writeCohort } from '../fixtures/cohort-run.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FORMULA = 'lib/dvh/compute-dvh.ts';

test('a run recomputes after a formula changed, and resumes when the code is unchanged', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rtpipeline-changed-'));
  const clone = join(folder, 'clone');
  mkdirSync(clone);
  for (const name of ['lib', 'statemachine', 'containers', 'cli', 'package.json', 'package-lock.json'])
    cpSync(join(ROOT, name), join(clone, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(clone, 'node_modules'));
  const cohort = writeCohort(folder, { courses: 1 });
  const out = cohort.out('out');
  const run = async () => {
    const args = [join(clone, 'cli/main.ts'), 'run', cohort.input, '--out', out, '--config', cohort.config];
    const { exitCode, stdout } = await execa(process.execPath, [...args, '--stage', 'structures', 'dvh', '--json']);
    assert.equal(exitCode, 0, stdout);
    const updates = stdout.split('\n').map((line) => JSON.parse(line));
    const { rows } = await fromParquet(await fileStore(out).get(resultKeys.table('dvh_metrics', 'parquet')));
    const { code } = JSON.parse(readFileSync(join(out, resultKeys.run), 'utf8'));
    const computed = updates.some(({ stage, phase }) => stage === 'dvh' && phase === 'done');
    return { computed, means: rows.map((row) => Number(row['Mean[Gy]'])), code };
  };
  const first = await run();
  const again = await run();
  assert.deepEqual([first.computed, again.computed, again.code], [true, false, first.code]);

  const formula = readFileSync(join(clone, FORMULA), 'utf8');
  const changed = formula.replace(/(\bmeanGy: )(.+),$/m, '$11.1 * ($2),');
  assert.notEqual(changed, formula, 'the formula stands where this test changes it');
  writeFileSync(join(clone, FORMULA), changed);
  const other = await run();
  assert.ok(other.computed && other.code !== first.code);
  for (const [i, mean] of other.means.entries()) assert.ok(Math.abs(mean - 1.1 * first.means[i]) <= 1e-9 * mean);
  assert.ok(first.means.some((mean) => mean > 1));
});
