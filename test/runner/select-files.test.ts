import assert from 'node:assert/strict';
import { test } from 'node:test';
import { selectFiles } from './select-files.ts';

const FILES = [
  'test/lib/dvh/goals.test.ts',
  'test/cli/commands/dvh.test.ts',
  'test/cli/run.e2e.test.ts',
  'test/lib/qc/plan.test.ts',
  'test/cli/faults/disk.proof.test.ts',
];

test('without words all files but proofs run, end-to-end tests first', () => {
  assert.equal(selectFiles(FILES, []).length, 4);
  assert.equal(selectFiles(FILES, [])[0], 'test/cli/run.e2e.test.ts');
});

test('a word selects the files with it in their path', () => {
  assert.deepEqual(selectFiles(FILES, ['dvh']), ['test/cli/commands/dvh.test.ts', 'test/lib/dvh/goals.test.ts']);
  assert.deepEqual(selectFiles(FILES, ['qc', 'goals']).length, 2);
});

test('a path selects its file or folder', () => {
  assert.deepEqual(selectFiles(FILES, ['test/lib/']).length, 2);
  assert.deepEqual(selectFiles(FILES, ['test/lib/qc/plan.test.ts']), ['test/lib/qc/plan.test.ts']);
});

test('a word also selects proofs', () => {
  assert.deepEqual(selectFiles(FILES, ['faults']), ['test/cli/faults/disk.proof.test.ts']);
});

test('unit tests, end-to-end tests and proofs are distinguished by name', () => {
  assert.deepEqual(selectFiles(FILES, [], 'proof'), ['test/cli/faults/disk.proof.test.ts']);
  assert.deepEqual(selectFiles(FILES, [], 'e2e'), ['test/cli/run.e2e.test.ts']);
  assert.equal(selectFiles(FILES, [], 'unit').length, 3);
});

test('a word that matches no path is an error, instead of running all tests', () => {
  assert.throws(() => selectFiles(FILES, ['dhv']), /"dhv"/);
});
