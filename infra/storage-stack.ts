import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { type IRepository, Repository, TagMutability } from 'aws-cdk-lib/aws-ecr';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
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
import { onlyThisKey, onlyTls } from './constructs/bucket-policy.ts';
import { rolesDecide, servicesOfKey } from './constructs/key-policy.ts';

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

type DataBuckets = Pick<Storage, 'input' | 'results'>;

/** What outlives a deployment: the data, their key, the images, the secret that course ids are hashed with. */
export class StorageStack extends Stack implements Storage {
  readonly key: IKey;
  readonly input: IBucket;
  readonly results: IBucket;
  readonly images: { analysis: Repository; segmentation: Repository };
  readonly courseSalt: Secret;

  constructor(scope: Construct, id: string, deployment: Deployment, props: StackProps) {
    super(scope, id, props);
    const removalPolicy = deployment.retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    this.key = deployment.key ? Key.fromKeyArn(this, 'Key', deployment.key) : this.madeKey(removalPolicy);
    const { input, results } = deployment.uploadBucket
      ? this.ownBuckets(deployment)
      : this.madeBuckets(deployment, removalPolicy);
    this.input = input;
    this.results = results;
    if (deployment.key) this.say('KeyPolicy', [rolesDecide(), ...servicesOfKey(this)]);
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

  private madeKey(removalPolicy: RemovalPolicy): Key {
    const key = new Key(this, 'Key', {
      description: 'Everything that the radiotherapy pipeline stores and logs',
      enableKeyRotation: true,
      removalPolicy,
    });
    for (const statement of servicesOfKey(this)) key.addToResourcePolicy(statement);
    return key;
  }

  /** Their owner decides about versions, logs and lifecycle; what their policies must say is an output. */
  private ownBuckets({ uploadBucket, resultsBucket }: Deployment): DataBuckets {
    const input = Bucket.fromBucketName(this, 'Input', uploadBucket);
    const results = Bucket.fromBucketName(this, 'Results', resultsBucket);
    for (const [id, bucket] of Object.entries({ UploadBucketPolicy: input, ResultsBucketPolicy: results }))
      this.say(id, [...onlyTls(bucket), ...onlyThisKey(bucket, this.key.keyArn)]);
    return { input, results };
  }

  private madeBuckets(deployment: Deployment, removalPolicy: RemovalPolicy): DataBuckets {
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
    const input = this.dataBucket('Input', 'input/', accessLogs, deployment, removalPolicy);
    const results = this.dataBucket('Results', 'results/', accessLogs, deployment, removalPolicy);
    results.addLifecycleRule({
      prefix: QUERY_RESULTS,
      expiration: Duration.days(1),
      noncurrentVersionExpiration: Duration.days(1),
    });
    if (deployment.uploadDays > 0) {
      for (const prefix of UPLOAD_PREFIXES)
        input.addLifecycleRule({ prefix, expiration: Duration.days(deployment.uploadDays) });
    }
    // As a property and not through CDK's custom resource: no function, no role, nothing to keep up.
    (input.node.defaultChild as CfnBucket).notificationConfiguration = {
      eventBridgeConfiguration: { eventBridgeEnabled: true },
    };
    return { input, results };
  }

  /** Statements that the owner of a key or bucket adds to its policy. */
  private say(id: string, statements: PolicyStatement[]): void {
    const value = this.toJsonString(statements.map((statement) => statement.toStatementJson()));
    new CfnOutput(this, id, { value });
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
    for (const statement of onlyThisKey(bucket, this.key.keyArn)) bucket.addToResourcePolicy(statement);
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
}
