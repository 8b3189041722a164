import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { type IRepository, Repository, TagMutability } from 'aws-cdk-lib/aws-ecr';
import { ArnPrincipal, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { QUERY_RESULTS } from '../lib/store/keys.ts';
import type { Deployment } from './config.ts';

const UPLOAD_PREFIXES = ['incoming/', 'archives/', 'dropbox/'];

/** The stored things as the pipeline sees them. */
export interface Storage {
  key: IKey;
  input: IBucket;
  results: IBucket;
  images: Record<'analysis' | 'segmentation', IRepository>;
  courseSalt: ISecret;
  region: string;
}

/** What outlives a deployment: the data, their key, the images, the secret that course ids are hashed with. */
export class StorageStack extends Stack implements Storage {
  readonly key: Key;
  readonly input: Bucket;
  readonly results: Bucket;
  readonly images: { analysis: Repository; segmentation: Repository };
  readonly courseSalt: Secret;

  constructor(scope: Construct, id: string, deployment: Deployment, props: StackProps) {
    super(scope, id, props);
    const removalPolicy = deployment.retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    this.key = new Key(this, 'Key', {
      description: 'Everything that the radiotherapy pipeline stores and logs',
      enableKeyRotation: true,
      removalPolicy,
    });
    this.allowServices();

    const accessLogs = new Bucket(this, 'AccessLogs', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      lifecycleRules: [
        { expiration: Duration.days(deployment.logDays), noncurrentVersionExpiration: Duration.days(1) },
      ],
      removalPolicy,
    });
    this.input = this.dataBucket('Input', 'input/', accessLogs, deployment, removalPolicy);
    this.results = this.dataBucket('Results', 'results/', accessLogs, deployment, removalPolicy);
    this.results.addLifecycleRule({
      prefix: QUERY_RESULTS,
      expiration: Duration.days(1),
      noncurrentVersionExpiration: Duration.days(1),
    });
    if (deployment.uploadDays > 0) {
      for (const prefix of UPLOAD_PREFIXES)
        this.input.addLifecycleRule({ prefix, expiration: Duration.days(deployment.uploadDays) });
    }
    // As a property and not through CDK's custom resource: no function, no role, nothing to keep up.
    (this.input.node.defaultChild as CfnBucket).notificationConfiguration = {
      eventBridgeConfiguration: { eventBridgeEnabled: true },
    };
    this.images = {
      analysis: this.repository('AnalysisImages', `${deployment.name}/analysis`, removalPolicy),
      segmentation: this.repository('SegmentationImages', `${deployment.name}/segmentation`, removalPolicy),
    };
    this.courseSalt = new Secret(this, 'CourseSalt', {
      description: 'Course ids are hashed with it: a new one gives the same courses new ids',
      encryptionKey: this.key,
      generateSecretString: { passwordLength: 48, excludePunctuation: true },
      removalPolicy,
    });
  }

  private dataBucket(
    id: string,
    logPrefix: string,
    accessLogs: Bucket,
    { noncurrentDays }: Deployment,
    removalPolicy: RemovalPolicy,
  ): Bucket {
    const bucket = new Bucket(this, id, {
      encryption: BucketEncryption.KMS,
      encryptionKey: this.key,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: logPrefix,
      lifecycleRules: [
        {
          abortIncompleteMultipartUploadAfter: Duration.days(1),
          noncurrentVersionExpiration: Duration.days(noncurrentDays),
        },
      ],
      removalPolicy,
    });
    // A put that names no key gets the bucket's own; one that names another algorithm or key is refused.
    const deny = (sid: string, condition: Record<string, Record<string, string>>) =>
      bucket.addToResourcePolicy(
        new PolicyStatement({
          sid,
          effect: Effect.DENY,
          principals: [new ArnPrincipal('*')],
          actions: ['s3:PutObject'],
          resources: [bucket.arnForObjects('*')],
          conditions: condition,
        }),
      );
    deny('OnlyKmsEncryption', {
      StringNotEqualsIfExists: { 's3:x-amz-server-side-encryption': 'aws:kms' },
      Null: { 's3:x-amz-server-side-encryption': 'false' },
    });
    // `aws:kms` without a key would be the account's own key for S3.
    deny('OnlyNamedKey', {
      StringEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' },
      Null: { 's3:x-amz-server-side-encryption-aws-kms-key-id': 'true' },
    });
    deny('OnlyThisKey', {
      ArnNotEqualsIfExists: { 's3:x-amz-server-side-encryption-aws-kms-key-id': this.key.keyArn },
      Null: { 's3:x-amz-server-side-encryption-aws-kms-key-id': 'false' },
    });
    return bucket;
  }

  private repository(id: string, repositoryName: string, removalPolicy: RemovalPolicy): Repository {
    return new Repository(this, id, {
      repositoryName,
      imageScanOnPush: true,
      imageTagMutability: TagMutability.IMMUTABLE,
      lifecycleRules: [{ maxImageCount: 10 }],
      removalPolicy,
      emptyOnDelete: removalPolicy === RemovalPolicy.DESTROY,
    });
  }

  /** Logs, alarms, events and the disks of hosts are encrypted by services, for this account alone where they tell it. */
  private allowServices(): void {
    const use = ['kms:Decrypt', 'kms:Encrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'];
    this.key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Logs',
        principals: [new ServicePrincipal(`logs.${this.region}.amazonaws.com`)],
        actions: use,
        resources: ['*'],
        conditions: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': `arn:${this.partition}:logs:${this.region}:${this.account}:log-group:*`,
          },
        },
      }),
    );
    this.key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsAndLogDelivery',
        principals: ['cloudwatch', 'delivery.logs'].map((service) => new ServicePrincipal(`${service}.amazonaws.com`)),
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    // EventBridge names no account when it uses a key: with the condition nothing would be delivered, and nobody told.
    // The policies of topic and queues say whose rules may send.
    this.key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Events',
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
      }),
    );
    // By pattern, as a service-linked role that does not exist yet cannot be named as a principal.
    const hosts = ['autoscaling', 'spot', 'batch'].map(
      (service) => `arn:${this.partition}:iam::${this.account}:role/aws-service-role/${service}.amazonaws.com/*`,
    );
    this.key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'DisksOfHosts',
        principals: [new ArnPrincipal('*')],
        actions: [...use, 'kms:CreateGrant'],
        resources: ['*'],
        conditions: {
          ArnLike: { 'aws:PrincipalArn': hosts },
          StringEquals: { 'kms:ViaService': `ec2.${this.region}.amazonaws.com`, 'kms:CallerAccount': this.account },
        },
      }),
    );
  }
}
