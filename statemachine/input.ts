/** What an execution of the pipeline starts with. Prefixes end with `/` or are empty. */
export type ExecutionInput = {
  runId: string;
  inputUri: string;
  storeUri: string;
  bucket: string;
  prefix: string;
  /** Do again what is done. */
  force: boolean;
};

/** Name of the bucket of a store outside S3. */
const LOCAL_BUCKET = 'output';

export function executionInput(run: Pick<ExecutionInput, 'runId' | 'inputUri' | 'storeUri' | 'force'>): ExecutionInput {
  return { ...run, ...placeOf(run.storeUri) };
}

function placeOf(uri: string): { bucket: string; prefix: string } {
  const [, bucket, path] = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(uri) ?? [];
  if (bucket === undefined) return { bucket: LOCAL_BUCKET, prefix: '' };
  const prefix = (path ?? '').replace(/(?<!\/)\/+$/, '');
  return { bucket, prefix: prefix === '' ? '' : `${prefix}/` };
}
