/** What an execution of the pipeline starts with. Prefixes end with `/` or are empty. */
export type ExecutionInput = {
  runId: string;
  inputUri: string;
  storeUri: string;
  inputBucket: string;
  inputPrefix: string;
  bucket: string;
  prefix: string;
  /** Do again what is done. */
  force: boolean;
};

/** Bucket names of the two stores where they are no buckets of S3. */
export const LOCAL_BUCKETS = { input: 'input', output: 'output' } as const;

export function executionInput(run: Pick<ExecutionInput, 'runId' | 'inputUri' | 'storeUri' | 'force'>): ExecutionInput {
  const input = placeOf(run.inputUri, LOCAL_BUCKETS.input);
  const output = placeOf(run.storeUri, LOCAL_BUCKETS.output);
  return { ...run, inputBucket: input.bucket, inputPrefix: input.prefix, ...output };
}

function placeOf(uri: string, fallback: string): { bucket: string; prefix: string } {
  const [, bucket, path] = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(uri) ?? [];
  if (bucket === undefined) return { bucket: fallback, prefix: '' };
  const prefix = (path ?? '').replace(/(?<!\/)\/+$/, '');
  return { bucket, prefix: prefix === '' ? '' : `${prefix}/` };
}
