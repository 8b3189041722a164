import assert from 'node:assert/strict';
import { test } from 'node:test';
import { implausibleVertebrae } from '#lib/structures/plausible-vertebrae.ts';

const spine = (...names: string[]) =>
  names.map((name, index) => ({ name, centreMm: [0, 0, -30 * index] as [number, number, number] }));
const WHOLE = [...'1234567']
  .map((n) => `vertebrae_C${n}`)
  .concat(
    Array.from({ length: 12 }, (_, n) => `vertebrae_T${n + 1}`),
    [...'12345'].map((n) => `vertebrae_L${n}`),
  );
const told = (...names: string[]) => implausibleVertebrae(spine(...names), WHOLE, '1.2').map(({ message }) => message);

test('vertebrae that follow each other from the head down are plausible, whatever else is drawn', () => {
  assert.deepEqual(told('vertebrae_C7', 'vertebrae_T1', 'liver', 'vertebrae_T2'), []);
  assert.deepEqual(told('VB_T12', 'VB_L1', 'VB_L2'), []);
  assert.deepEqual(told('vertebrae_L5', 'vertebrae_S1', 'sacrum'), []);
  assert.deepEqual(told('liver'), []);
});

test('exchanged vertebrae and missing numbers are reported', () => {
  assert.deepEqual(told('vertebrae_T1', 'vertebrae_T3', 'vertebrae_T2'), ['vertebra T3 lies above T2']);
  assert.deepEqual(told('vertebrae_T10', 'vertebrae_L1'), [
    'between the vertebrae that were found T11, T12 are missing',
  ]);
  assert.deepEqual(told('vertebrae_C6', 'vertebrae_T1'), ['between the vertebrae that were found C7 is missing']);
});

test('a vertebra that was not asked for is not missing', () => {
  const two = spine('vertebrae_T10', 'vertebrae_L1');
  assert.deepEqual(implausibleVertebrae(two, ['vertebrae_T10', 'vertebrae_L1'], '1.2'), []);
});
