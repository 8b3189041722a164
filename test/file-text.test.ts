import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { analyse } from 'scslre';
import { nodesOf, type Place } from '#test/fixtures/syntax-tree.ts';

/** AssemblyScript is no TypeScript and works on numbers. The scripts of the report see what the report has written. */
const APART = /[\\/](kernels[\\/]assembly|report[\\/]browser)[\\/]/;
const FILES = globSync('{lib,cli,functions,containers,statemachine}/**/*.ts').filter(
  (file) => !file.endsWith('.d.ts') && !APART.test(file),
);

/** Expressions that may look at a character again and again, because the text that they see is short. */
const BOUNDED: Record<string, string> = {
  'lib/structures/names/harmonise.ts': 'names of more than 256 characters are none',
  'lib/structures/names/target.ts': 'sees what harmonise lets through',
};
/** Expressions that are put together while the program runs. */
const BUILT: Record<string, string> = {
  'lib/structures/names/target.ts': 'sees what harmonise lets through',
  'lib/structures/names/target-grammar.ts': 'sees what harmonise lets through',
  'lib/rt/target-dose.ts': 'of a constant for numbers with few digits',
  'lib/dvh/metrics/metric-name.ts': 'of constants, for words of the configuration',
  'lib/deidentify/clean-text.ts': 'of expressions in the same file that are checked, and of one letter class',
  'lib/sealed-path.ts': 'a constant before a class of letters',
  'lib/deidentify/structure-names.ts': 'patterns of whoever de-identifies',
};

const at = ({ file, line }: Place) => `${file}:${line}`;

test('no regular expression takes quadratic time: one header with 400 kB of blanks would hang', () => {
  const slow: string[] = [];
  for (const file of FILES.filter((name) => !Object.hasOwn(BOUNDED, name)))
    for (const node of nodesOf(file)) {
      if (node.type !== 'Literal' || !node.regex) continue;
      const { pattern: source, flags } = node.regex;
      const { reports } = analyse({ source, flags });
      for (const { type } of reports) slow.push(`${at(node.place)} /${source}/${flags} (${type})`);
    }
  assert.deepEqual(slow, []);
});

test('the check for slow expressions finds slow ones', () => {
  for (const [source, isSlow] of [
    ['[ \\0]+$', true],
    ['(a+)+b', true],
    ['^(.*?)\\s*x$', true],
    ['(?<![ \\0])[ \\0]+$', false],
    ['^[A-Z]{2}$', false],
  ] as [string, boolean][])
    assert.equal(analyse({ source, flags: '' }).reports.length > 0, isSlow, source);
});

test('every composed expression is listed with the reason why no text makes it slow', () => {
  const built = FILES.filter((file) =>
    nodesOf(file).some(
      (node) => node.type === 'NewExpression' && node.callee.type === 'Identifier' && node.callee.name === 'RegExp',
    ),
  );
  assert.deepEqual(built.sort(), Object.keys(BUILT).sort());
});

/** `const NAME: Record<string, ...> = {`: any text may be looked up in it. */
const TABLE = /^(?:export )?const (\w+): (?:Readonly<)?(?:Partial<)?Record<\s*string,[^=]*=\s*\{/gm;

test('lookup tables hold only their own keys: an ROI may be called constructor', () => {
  const open: string[] = [];
  for (const file of FILES) {
    const tables = new Set([...readFileSync(file, 'utf8').matchAll(TABLE)].map(([, name]) => name));
    if (tables.size === 0) continue;
    for (const node of nodesOf(file)) {
      const table = lookedUpIn(node);
      if (table !== undefined && tables.has(table)) open.push(`${at(node.place)} ${table}: wrap it in ownKeys(...)`);
    }
  }
  assert.deepEqual(open, []);
});

/** The name of what is looked up in by a text that is not written there: `NAME[text]`, `text in NAME`. */
function lookedUpIn(node: ReturnType<typeof nodesOf> extends Generator<infer Item> ? Item : never): string | undefined {
  if (node.type === 'MemberExpression' && node.computed && node.property.type !== 'Literal')
    return node.object.type === 'Identifier' ? node.object.name : undefined;
  if (node.type === 'BinaryExpression' && node.operator === 'in')
    return node.right.type === 'Identifier' ? node.right.name : undefined;
  return undefined;
}
