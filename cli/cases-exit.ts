import type { Row } from '#lib/tables/table.ts';

/** Exit codes of the commands that compute a row for each case: all well, none, some. */
const CasesExit = { done: 0, allFailed: 2, someFailed: 3 } as const;

/** By the rows whose status is `failed`; one that a rule leaves out, or that is empty, has not failed. */
export function casesExit(rows: readonly Row[]): number {
  const failed = rows.filter(({ status }) => status === 'failed').length;
  if (failed === 0) return CasesExit.done;
  return failed === rows.length ? CasesExit.allFailed : CasesExit.someFailed;
}
