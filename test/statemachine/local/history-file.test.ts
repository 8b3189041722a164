import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { HistoryEvent } from '#statemachine/engine/history.ts';
import { openHistoryFile, readHistoryFile } from '#statemachine/local/history-file.ts';

const root = mkdtempSync(join(tmpdir(), 'history-'));
after(() => rmSync(root, { recursive: true }));

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
  [
    'lines that stand twice, as when a run was killed while it packed them',
    [line('a', 1, 'x'), line('a', 2, 'y'), line('a', 3, 'z'), line('a', 2, 'y'), line('a', 3, 'z')],
    [['a', [1, 2, 3]]],
  ],
  ['an execution that began anew', [line('a', 1, 'x'), line('a', 2, 'y'), line('a', 1, 'z')], [['a', [1]]]],
];

for (const [what, lines, expected] of FILES) {
  test(`the history file with ${what} is read`, () => {
    assert.deepEqual(idsOf(lines.join('\n')), expected);
  });
}

const event = (id: number, type: string, output = ''): HistoryEvent => ({
  timestamp: '2030-01-01T00:00:00.000Z',
  id,
  previousEventId: id - 1,
  type,
  taskSucceededEventDetails: { output },
});

test('the history of an ended course is packed, that of a running one is not, and a redrive reads both', () => {
  const file = join(root, 'packed.jsonl');
  const first = openHistoryFile(file, false);
  first.write('run', event(1, 'ExecutionStarted'));
  for (const course of ['a', 'b']) {
    first.write(`run/${course}`, event(1, 'ExecutionStarted'));
    first.write(`run/${course}/dvh`, event(1, 'ExecutionStarted'));
    first.write(`run/${course}/dvh`, event(2, 'ExecutionSucceeded'));
  }
  first.write('run/a', event(2, 'ExecutionFailed'));
  first.close();
  assert.deepEqual(readdirSync(join(root, 'packed')), ['a.jsonl.gz', 'b.jsonl']);

  const second = openHistoryFile(file, true);
  const idsAt = (path: string) => second.recorded(path).map(({ id }) => id);
  assert.deepEqual(['run', 'run/a', 'run/a/dvh', 'run/b', 'run/b/dvh'].map(idsAt), [[1], [1, 2], [1, 2], [1], [1, 2]]);
  second.write('run/a', event(3, 'ExecutionRedriven'));
  second.write('run/a', event(4, 'ExecutionSucceeded'));
  second.close();
  const third = openHistoryFile(file, true);
  assert.deepEqual(
    third.recorded('run/a').map(({ type }) => type),
    ['ExecutionStarted', 'ExecutionFailed', 'ExecutionRedriven', 'ExecutionSucceeded'],
  );
  third.close();
});

test('a truncated last line of a killed course does not spoil lines that a redrive adds', () => {
  const file = join(root, 'cut.jsonl');
  const first = openHistoryFile(file, false);
  first.write('run/a', event(1, 'ExecutionStarted'));
  first.close();
  writeFileSync(join(root, 'cut', 'a.jsonl'), '{"path":"run/a","id":2,"ty', { flag: 'a' });
  const second = openHistoryFile(file, true);
  second.write('run/a', event(2, 'ExecutionAborted'));
  second.close();
  const packed = gunzipSync(readFileSync(join(root, 'cut', 'a.jsonl.gz'))).toString();
  assert.deepEqual(
    readHistoryFile(packed)
      .get('run/a')
      ?.map(({ id }) => id),
    [1, 2],
  );
});

test('a new run ignores the history of an earlier one', () => {
  const file = join(root, 'new.jsonl');
  const first = openHistoryFile(file, false);
  first.write('run/a', event(1, 'ExecutionStarted'));
  first.close();
  const second = openHistoryFile(file, false);
  assert.deepEqual(second.recorded('run/a'), []);
  second.close();
  assert.deepEqual(readdirSync(join(root, 'new')), []);
});
