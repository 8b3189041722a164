import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '#statemachine/engine/failure.ts';
import type { Json } from '#statemachine/engine/json.ts';
import { compile, evaluate } from '#statemachine/engine/jsonata.ts';

const bindings = { states: { input: { numbers: [1, 2, 3], name: 'x' } }, variables: { factor: 10 } };
const resolve = (template: Json) => evaluate(template, bindings, 'Output');

/** Examples of the developer guide, "JSONata functions provided by Step Functions"; digests of "abc" by RFC 1321 and FIPS 180. */
const EXAMPLES: [string, Json][] = [
  [
    '$partition([1,2,3,4], 2)',
    [
      [1, 2],
      [3, 4],
    ],
  ],
  ['$partition([1,2,3,4,5], 2)', [[1, 2], [3, 4], [5]]],
  ['$range(0, 10, 2)', [0, 2, 4, 6, 8, 10]],
  ['$range(3, 1, -1)', [3, 2, 1]],
  ["$hash('abc', 'MD5')", '900150983cd24fb0d6963f7d28e17f72'],
  ["$hash('abc', 'SHA-1')", 'a9993e364706816aba3e25717850c26c9cd0d89d'],
  ["$hash('abc', 'SHA-256')", 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ['$parse(\'{"a": [1, 2]}\')', { a: [1, 2] }],
  ['$random(7) = $random(7)', true],
  ['$random() < 1', true],
  ['$length($uuid())', 36],
  ['$sum($states.input.numbers) * $factor', 60],
  ['$states.input.numbers[-1]', 3],
  ['$map($states.input.numbers, function($n) { $n + 1 })', [2, 3, 4]],
  ["$contains($states.input.name, /X/i) ? 'yes' : 'no'", 'yes'],
];

for (const [expression, expected] of EXAMPLES) {
  test(`${expression} gives ${JSON.stringify(expected)}`, async () => {
    assert.deepEqual(await resolve(`{% ${expression} %}`), expected);
  });
}

test('a template keeps its shape and replaces only its expressions', async () => {
  const template = { fixed: 'text', list: ['{% $factor %}', null], deep: { sum: '{% $sum($states.input.numbers) %}' } };
  assert.deepEqual(await resolve(template), { fixed: 'text', list: [10, null], deep: { sum: 6 } });
});

for (const expression of ['$states.input.missing', '1 + "a"', '$error("no")', '$parse("{")', '$hash("a", "CRC")']) {
  test(`${expression} fails the query`, async () => {
    await assert.rejects(resolve(`{% ${expression} %}`), (thrown) => {
      assert.ok(thrown instanceof Failure);
      assert.equal(thrown.error, 'States.QueryEvaluationError');
      return true;
    });
  });
}

test('keys of the data reach no other object', async () => {
  const input = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}, "a": [1]}');
  const hostile = { states: { input }, variables: {} };
  for (const expression of [
    '$merge([$states.input, {"b": 2}])',
    '$states.input ~> |$|$states.input|',
    '$each($states.input, function($v, $k) { {$k: $v} })',
    '$keys($states.input).{$: 1}',
    '$spread($states.input)',
    '$sift($states.input, function($v) { true })',
  ]) {
    await evaluate(`{% ${expression} %}`, hostile, 'Output').catch((error) => assert.ok(error instanceof Failure));
    assert.equal(({} as { polluted?: number }).polluted, undefined, expression);
  }
});

test('$eval is refused wherever it is hidden', () => {
  assert.throws(() => compile('{% $map([1], function($x) { $eval("1") }) %}'), /not allowed/);
});
