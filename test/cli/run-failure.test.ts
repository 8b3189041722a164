import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Execution } from '#statemachine/engine/stay.ts';
import { runFailure } from '../../cli/run-failure.ts';

const FULL = 'the disk is full: free some space, then repeat the command';
const failed = (error: string, cause: object | string) =>
  ({ status: 'FAILED', error, cause: typeof cause === 'string' ? cause : JSON.stringify(cause) }) as Execution;
const tables = failed('States.TaskFailed', {
  Input: { stage: 'aggregate' },
  Error: 'AggregateFailed',
  Cause: 'failed: Essential container in task exited, exit code 70',
});

const ENDS: [what: string, execution: Execution, said: string | undefined, reason: RegExp | string, mend: boolean][] = [
  [
    'a full disk in a function',
    failed('Error', { errorType: 'Error', errorMessage: 'ENOSPC: no space left on device, write' }),
    undefined,
    FULL,
    true,
  ],
  [
    'a full disk in the job of the tables',
    tables,
    'Error: ENOSPC: no space left on device, write',
    `the tables could not be put together: ${FULL}`,
    true,
  ],
  [
    'a folder without rights, named by its path',
    failed('Error', { errorMessage: "EACCES: permission denied, open '/out/results/x.csv'" }),
    undefined,
    'no permission: change the access rights, or choose another folder (/out/results/x.csv)',
    true,
  ],
  [
    'too little memory for the tables',
    tables,
    'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - 51 MiB were not enough, and the run has no more: raise --memory',
    'the tables could not be put together: 51 MiB were not enough, and the run has no more: raise --memory',
    true,
  ],
  ['bad input', failed('BadInput', { errorMessage: 'no DICOM' }), undefined, 'no DICOM', true],
  ['a defect', failed('TypeError', { errorMessage: 'x is undefined' }), undefined, 'x is undefined', false],
  ['tables whose job said nothing', tables, undefined, /^the tables could not .* exit code 70$/, false],
  ['a cause that is no record', failed('States.Timeout', 'too late'), undefined, 'States.Timeout too late', false],
];

for (const [what, execution, said, reason, isMendable] of ENDS)
  test(`${what} gives one sentence and counts as ${isMendable ? 'fixable' : 'a defect'}`, () => {
    const found = runFailure(execution, said);
    if (typeof reason === 'string') assert.equal(found.reason, reason);
    else assert.match(found.reason, reason);
    assert.equal(found.isMendable, isMendable);
  });
