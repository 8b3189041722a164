import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { readJsonIfAny } from '#lib/course-store/json.ts';
import { runKeys } from '#lib/store/keys.ts';
import type { ObjectStore } from '#lib/store/store.ts';

export interface ExecutionState {
  name: string;
  /** Of Step Functions, or `WAITING` before the start. */
  status: string;
  error: string;
}

/** Where the execution of a run is. */
export async function executionState(store: ObjectStore): Promise<ExecutionState> {
  const rejected = await readJsonIfAny<{ reason: string }>(store, runKeys.rejected);
  const started = await readJsonIfAny<{ name: string; arn: string }>(store, runKeys.execution);
  if (!started) return { name: '', status: rejected ? 'REJECTED' : 'WAITING', error: rejected?.reason ?? '' };
  const {
    status = '',
    error = '',
    cause = '',
  } = await new SFNClient().send(new DescribeExecutionCommand({ executionArn: started.arn }));
  return { name: started.name, status, error: [error, cause].filter(Boolean).join(': ') };
}
