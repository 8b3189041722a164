import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readHistoryFile } from '#statemachine/local/history-file.ts';

const line = (path: string, id: number, type: string) =>
  JSON.stringify({ path, timestamp: '', id, previousEventId: id - 1, type });
const idsOf = (text: string) => [...readHistoryFile(text)].map(([path, events]) => [path, events.map(({ id }) => id)]);

const FILES: [string, string[], unknown][] = [
  ['nothing', [], []],
  [
    'two executions',
    [line('a', 1, 'x'), line('a/b', 1, 'x'), line('a', 2, 'y')],
    [
      ['a', [1, 2]],
      ['a/b', [1]],
    ],
  ],
  ['a line cut off by a kill', [line('a', 1, 'x'), line('a', 2, 'y').slice(0, 20)], [['a', [1]]]],
  [
    'a cut line and what a resumed run wrote after it',
    [line('a', 1, 'x'), `${line('a', 2, 'y').slice(0, 20)}`, line('a', 2, 'z')],
    [['a', [1, 2]]],
  ],
  ['an execution that began anew', [line('a', 1, 'x'), line('a', 2, 'y'), line('a', 1, 'z')], [['a', [1]]]],
];

for (const [what, lines, expected] of FILES) {
  test(`the history file with ${what} is read`, () => {
    assert.deepEqual(idsOf(lines.join('\n')), expected);
  });
}
