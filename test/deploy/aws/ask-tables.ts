import { setTimeout as wait } from 'node:timers/promises';
import { databaseOf } from '../../../infra/constructs/queries.ts';
import { EXAMPLE_QUERIES, RUN_TO_REPLACE } from '../../../infra/example-queries.ts';
import { aws } from './aws-cli.ts';

const MOST_SECONDS = 300;

/**
 * Asks Athena the example queries about a run, in the workgroup of the deployment.
 * @throws Error that names the query, where one fails or answers without a row
 */
export async function askTables(deployment: string, run: string): Promise<void> {
  for (const { name, sql } of EXAMPLE_QUERIES) {
    const rows = await rowsOf(deployment, sql.replaceAll(RUN_TO_REPLACE, run));
    if (rows === 0) throw new Error(`${name} answers without a row`);
  }
}

/** Rows of the answer, without the names of its columns. */
async function rowsOf(deployment: string, sql: string): Promise<number> {
  const { QueryExecutionId: id } = aws<{ QueryExecutionId: string }>(
    ...['athena', 'start-query-execution', '--work-group', deployment],
    ...['--query-execution-context', `Database=${databaseOf(deployment)}`, '--query-string', sql],
  );
  for (let second = 0; second < MOST_SECONDS; second++) {
    const { QueryExecution: query } = aws<{
      QueryExecution: { Status: { State: string; StateChangeReason?: string } };
    }>(...['athena', 'get-query-execution', '--query-execution-id', id]);
    const { State: state, StateChangeReason: reason } = query.Status;
    if (state === 'FAILED' || state === 'CANCELLED') throw new Error(`${state}: ${reason}`);
    if (state === 'SUCCEEDED') {
      const { ResultSet: answer } = aws<{ ResultSet: { Rows: object[] } }>(
        ...['athena', 'get-query-results', '--query-execution-id', id, '--max-items', '10'],
      );
      return answer.Rows.length - 1;
    }
    await wait(1000);
  }
  throw new Error(`no answer within ${MOST_SECONDS} s`);
}
