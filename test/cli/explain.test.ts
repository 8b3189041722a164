import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BadInput, PipelineError } from '#lib/errors.ts';
import { explain } from '../../cli/explain.ts';

const system = (code: string, path?: string) => Object.assign(new Error(`${code}: odd words of Node`), { code, path });
const aws = (name: string, message: string) => Object.assign(new Error(message), { name });

const MENDABLE: [string, Error, string][] = [
  [
    'a full disk',
    system('ENOSPC', '/out/run/log.jsonl'),
    'the disk is full: free some space, then repeat the command (/out/run/log.jsonl)',
  ],
  [
    'a folder without rights',
    system('EACCES', '/out'),
    'no permission: change the access rights, or choose another folder (/out)',
  ],
  ['an output that is a file', system('ENOTDIR', '/out/run'), 'a part of this path is a file, not a folder (/out/run)'],
  ['no region', new Error('Region is missing'), 'no AWS region: set AWS_REGION, or choose a profile with AWS_PROFILE'],
  [
    'no credentials',
    aws('CredentialsProviderError', 'Could not load credentials from any providers'),
    'no AWS credentials: set AWS_PROFILE, or run `aws configure`',
  ],
  [
    'no bucket',
    aws('NoSuchBucket', 'The specified bucket does not exist'),
    'this bucket does not exist in this region',
  ],
  ['bad input', new BadInput('no such stage', { where: 'qcc' }), 'no such stage (qcc)'],
  [
    'a cause that can be mended',
    new PipelineError('the run failed', { cause: system('EROFS', '/out') }),
    'this file system is read-only: choose another folder (/out)',
  ],
];

for (const [what, error, line] of MENDABLE)
  test(`${what} prints one line and exits with code 2`, () => {
    assert.deepEqual(explain(error), { line, exitCode: 2 });
  });

test('a defect of the product prints its whole stack', () => {
  for (const error of [new TypeError('x is undefined'), new PipelineError('cannot be'), 'a text', undefined])
    assert.equal(explain(error), undefined);
});

test('usage errors are printed once; help and version are not errors', () => {
  assert.deepEqual(explain(system('commander.unknownOption')), { exitCode: 2 });
  assert.deepEqual(explain(system('commander.helpDisplayed')), { exitCode: 0 });
});
