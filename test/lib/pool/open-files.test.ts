import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refuseFewOpenFiles } from '#lib/pool/open-files.ts';

const limits = (openFiles: string) => () =>
  `Limit                     Soft Limit           Hard Limit           Units
Max processes             95985                95985                processes
Max open files            ${openFiles.padEnd(20)} 1048576              files
`;

test('a run is refused that may open too few files, with the number that it needs', () => {
  assert.throws(() => refuseFewOpenFiles(limits('40')), {
    name: 'BadInput',
    message: 'only 40 files may be open at the same time, and a run needs 128: raise the limit (ulimit -n)',
  });
});

test('enough open files, no limit and systems that tell none are accepted', () => {
  for (const read of [limits('1024'), limits('unlimited'), () => undefined]) refuseFewOpenFiles(read);
});
