import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Ran, ranAt } from './coverage.ts';

const range = (startOffset: number, endOffset: number, count: number) => ({ startOffset, endOffset, count });
const URL = 'file:///a.ts';
const of = (...ranges: ReturnType<typeof range>[]): Ran => new Map([[URL, [[range(0, 100, 1), ...ranges]]]]);

test('a place counts as run if the smallest range around it ran', () => {
  const ran = of(range(10, 50, 3), range(20, 30, 0), range(60, 90, 0), range(70, 80, 1));
  assert.deepEqual(
    [15, 25, 40, 65, 75].map((offset) => ranAt(ran, URL, offset)),
    [true, false, true, false, true],
  );
});

test('code outside functions counts as run if a function of the file ran', () => {
  assert.equal(ranAt(of(range(10, 50, 3)), URL, 5), true);
  assert.equal(ranAt(of(range(10, 50, 0)), URL, 5), false);
});

test('one thread that ran a place is enough, and other files do not count', () => {
  const ran: Ran = new Map([
    [
      URL,
      [
        [range(0, 9, 1), range(2, 5, 0)],
        [range(0, 9, 1), range(2, 5, 1)],
      ],
    ],
  ]);
  assert.equal(ranAt(ran, URL, 3), true);
  assert.equal(ranAt(ran, 'file:///b.ts', 3), false);
});
