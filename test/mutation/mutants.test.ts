import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mutantsOf } from './mutants.ts';

const changes = (source: string) => mutantsOf('a.ts', source).map(({ from, to }) => `${from} -> ${to}`);

test('operators, numbers and truth values are mutated', () => {
  assert.deepEqual(changes('return a < b && c.some(d);'), ['< -> <=', '&& -> ||', '.some( -> .every(']);
  assert.deepEqual(changes('const LIMIT = 150; const NEXT = 3; const EPSILON = 1e-3;'), [
    '150 -> 300',
    '3 -> 4',
    '1e-3 -> 0.002',
  ]);
  assert.deepEqual(changes('return true;'), ['true -> false']);
});

test('comments, texts, regular expressions, imports and types are not mutated', () => {
  assert.deepEqual(changes("// 1 < 2\nconst a = 'x < 3'; /* 4 */\nconst r = text.match(/5 + 6/);"), []);
  assert.deepEqual(changes("import { a } from './b2.ts';\n  size: [0 | 1];\nconst f = x as Record<string, T>;"), []);
});

test('a mutant is the file with one change, and knows its line', () => {
  const [mutant] = mutantsOf('a.ts', 'const a = 1;\nreturn a;\n');
  assert.equal(mutant.source, 'const a = 2;\nreturn a;\n');
  assert.equal(mutant.line, 1);
});
