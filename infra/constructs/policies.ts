import { Effect, type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { MODELS_ROOT } from '../../lib/store/keys.ts';
import type { StageAccess } from '../access.ts';
import type { Storage } from '../storage-stack.ts';

/** Prefixes of the input bucket under which uploads lie. */
const UPLOADS = ['incoming/*', 'archives/*', 'dropbox/*'];

/** The objects that the row of a stage names, and the key they are encrypted with, through S3 alone. */
export function grantStage(
  role: IRole,
  { upload, models, reads, writes, deletes = [] }: StageAccess,
  storage: Storage,
): void {
  const { input, results } = storage;
  const ofRuns = (patterns: string[]) => patterns.map((pattern) => results.arnForObjects(`runs/*/${pattern}`));
  allow(role, ['s3:GetObject'], ofRuns([...new Set([...reads, ...writes])]));
  if (writes.length > 0) allow(role, ['s3:PutObject'], ofRuns(writes));
  if (deletes.length > 0) allow(role, ['s3:DeleteObject'], ofRuns(deletes));
  if (models) allow(role, ['s3:GetObject'], [results.arnForObjects(`${MODELS_ROOT}/*`)]);
  if (upload) {
    allow(
      role,
      ['s3:GetObject'],
      UPLOADS.map((pattern) => input.arnForObjects(pattern)),
    );
  }
  // Without it S3 answers 403 for an object that is not there, and nobody could tell the two apart.
  allow(role, ['s3:ListBucket'], [results.bucketArn, ...(upload ? [input.bucketArn] : [])]);
  grantKeyThroughS3(role, storage);
}

export function grantKeyThroughS3(role: IRole, { key, region }: Storage): void {
  allow(role, ['kms:Decrypt', 'kms:GenerateDataKey'], [key.keyArn], {
    StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` },
  });
}

export function allow(
  role: IRole,
  actions: string[],
  resources: string[],
  conditions?: Record<string, Record<string, string | string[]>>,
): void {
  role.addToPrincipalPolicy(new PolicyStatement({ effect: Effect.ALLOW, actions, resources, conditions }));
}
