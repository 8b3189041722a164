import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BadInput, TimedOut } from '#lib/errors.ts';
import { isMemoryError } from '#lib/pool/memory-error.ts';
import { failuresOf, resultOf } from '#lib/stages/task-failures.ts';

const structure = (roiNumber: number) => ({
  roiNumber,
  roiName: `ROI_${roiNumber}`,
  source: 'manual',
  structureSetUid: '1.2',
});
const failed = (roiNumber: number, error: Error) => failuresOf(structure(roiNumber), { ok: false, error });
const late = new TimedOut('the task took longer than 600 s');

test('tasks that succeed, or fail because of the data, leave the stage complete', () => {
  assert.deepEqual(failuresOf(structure(1), { ok: true, value: 1 }), []);
  assert.deepEqual(failed(1, new BadInput('the contours are broken')), []);
  assert.deepEqual(resultOf([], []), { status: 'ok', findings: [] });
});

test('each structure without a result is named once, with a finding that says why', () => {
  const failures = [...failed(7, late), ...failed(7, late), ...failed(8, new TypeError('a defect'))];
  const { status, reason, findings, error } = resultOf([], failures);
  assert.equal(status, 'partial');
  assert.equal(reason, '2 structures without a result: ROI_7: the task took longer than 600 s; ROI_8: a defect');
  assert.deepEqual(
    findings.map(({ code, roiNumber, roiName, source, structureSetUid }) => [
      code,
      roiNumber,
      roiName,
      source,
      structureSetUid,
    ]),
    [7, 8].map((n) => ['ROI_NOT_COMPUTED', n, `ROI_${n}`, 'manual', '1.2']),
  );
  assert.equal(error, undefined, 'more memory would not help');
});

test('of many failed structures the first five are named', () => {
  const { reason, findings } = resultOf([], Array.from({ length: 9 }, (_, i) => failed(i, late)).flat());
  assert.match(reason ?? '', /^9 structures without a result: ROI_0: .*ROI_4: [^;]*; and 4 more$/);
  assert.equal(findings.length, 9);
});

test('a lack of memory among the failures is passed on to the job', () => {
  const full = new RangeError('Array buffer allocation failed');
  const { error } = resultOf([], [...failed(1, late), ...failed(2, full)]);
  assert.ok(error === full && isMemoryError(error));
});
