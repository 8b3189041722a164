import assert from 'node:assert/strict';
import { test } from 'node:test';
import { casesExit } from '../../cli/cases-exit.ts';

const rows = (...statuses: string[]) => statuses.map((status) => ({ status }));

test('the exit code distinguishes some failed cases from all failed', () => {
  assert.equal(casesExit(rows('ok', 'empty', 'skipped_by_rule')), 0);
  assert.equal(casesExit(rows('ok', 'failed')), 3);
  assert.equal(casesExit(rows('failed', 'failed')), 2);
  assert.equal(casesExit([]), 0);
});
