import { AnyPrincipal, ArnPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';

/** A put that names no key gets the bucket's own; one that names another algorithm or key is refused. */
export function onlyThisKey(bucket: IBucket, keyArn: string): PolicyStatement[] {
  const deny = (sid: string, conditions: Record<string, Record<string, string>>) =>
    new PolicyStatement({
      sid,
      effect: Effect.DENY,
      principals: [new ArnPrincipal('*')],
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects('*')],
      conditions,
    });
  return [
    deny('OnlyKmsEncryption', {
      StringNotEqualsIfExists: { 's3:x-amz-server-side-encryption': 'aws:kms' },
      Null: { 's3:x-amz-server-side-encryption': 'false' },
    }),
    // `aws:kms` without a key would be the account's own key for S3.
    deny('OnlyNamedKey', {
      StringEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' },
      Null: { 's3:x-amz-server-side-encryption-aws-kms-key-id': 'true' },
    }),
    deny('OnlyThisKey', {
      ArnNotEqualsIfExists: { 's3:x-amz-server-side-encryption-aws-kms-key-id': keyArn },
      Null: { 's3:x-amz-server-side-encryption-aws-kms-key-id': 'false' },
    }),
  ];
}

/** The statements that CDK adds to its own buckets with `enforceSSL` and `minimumTLSVersion`. */
export function onlyTls(bucket: IBucket): PolicyStatement[] {
  const deny = (conditions: Record<string, Record<string, string | number>>) =>
    new PolicyStatement({
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['s3:*'],
      resources: [bucket.bucketArn, bucket.arnForObjects('*')],
      conditions,
    });
  return [deny({ Bool: { 'aws:SecureTransport': 'false' } }), deny({ NumericLessThan: { 's3:TlsVersion': 1.2 } })];
}
