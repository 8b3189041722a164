import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runGroup, startGroup, WORK_DONE } from '#lib/pool/process-group.ts';

const { signal } = new AbortController();
const both = `for (const stream of [process.stdout, process.stderr]) stream.write('${WORK_DONE}');`;

test('a program without a channel ends when its process ends, whatever it prints', async () => {
  const end = await runGroup({ command: process.execPath, args: ['-e', `${both} process.exitCode = 3;`], signal });
  assert.deepEqual([end.exitCode, end.waits], [3, false]);
});

test('a program with a channel runs several tasks in turn, each with its own output', async () => {
  const program = `
    const done = () => { ${both} console.error('a warning behind the mark'); };
    process.on('message', ({ word }) => { if (word === 'end') process.exit(4); console.log(word); done(); });
    console.log('first');
    done();`;
  const group = startGroup({ command: process.execPath, args: ['-e', program], channel: true });
  const printed: string[] = [];
  const next = async (word?: string) => {
    let text = '';
    const onStart = () => void (word && group.send({ word }));
    const end = await group.attend({ signal, onStart, output: (more) => (text += more) });
    printed.push(text);
    return end;
  };
  assert.equal((await next()).waits, true);
  assert.equal((await next('second')).waits, true);
  assert.equal(group.isAlive(), true);
  const last = await next('end');
  assert.deepEqual([last.exitCode, last.waits, group.isAlive()], [4, false, false]);
  const words = printed.map((text) => /first|second/.exec(text)?.[0]);
  assert.deepEqual(words, ['first', 'second', undefined]);
  assert.ok(!printed.join('').includes(WORK_DONE));
});

test('a program that must end gets no more work', async () => {
  const group = startGroup({ command: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'], channel: true });
  const stop = new AbortController();
  const onStart = () => stop.abort();
  const end = await group.attend({ signal: stop.signal, onStart });
  assert.deepEqual([end.waits, end.signal], [false, 'SIGTERM']);
});
