import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepFilesToOwner } from '../../cli/file-modes.ts';

test('only the owner can access files, unless a variable opens them to a group', () => {
  const cases: [text: string | undefined, mask: number][] = [
    [undefined, 0o077],
    ['027', 0o027],
    ['0007', 0o007],
    ['022', 0o022],
  ];
  for (const [text, mask] of cases) {
    const set: number[] = [];
    keepFilesToOwner({ RTPIPELINE_UMASK: text }, (given) => void set.push(given));
    assert.deepEqual(set, [mask]);
  }
});

test('an invalid umask is refused with the name of the variable', () => {
  for (const text of ['', '77', '777', '08', 'no'])
    assert.throws(() => keepFilesToOwner({ RTPIPELINE_UMASK: text }, () => {}), /^BadInput: RTPIPELINE_UMASK is /);
});
