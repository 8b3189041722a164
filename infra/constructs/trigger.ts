import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { MODELS_ROOT, PUBLISHED_MODELS } from '../../lib/store/keys.ts';
import type { Deployment } from '../config.ts';
import type { Storage } from '../storage-stack.ts';
import type { Functions } from './functions.ts';
import { allow, grantKeyThroughS3 } from './policies.ts';

export interface TriggerProps {
  deployment: Deployment;
  storage: Storage;
  functions: Functions;
  pipeline: StateMachine;
  topic: ITopic;
}

/** How often an announcement is tried: the looks at an upload that is not complete, and a run that is under way. */
const MOST_RECEIVES = 20;
const START_MINUTES = 10;

/** From a finished upload to the start of its execution. */
export class Trigger extends Construct {
  readonly uploads: Queue;
  /** Announcements that nothing could be made of. */
  readonly undelivered: Queue;
  private readonly props: TriggerProps;

  constructor(scope: Construct, id: string, props: TriggerProps) {
    super(scope, id);
    this.props = props;
    this.undelivered = this.queue('Undelivered', { retentionPeriod: Duration.days(14) });
    this.uploads = this.queue('Uploads', {
      visibilityTimeout: Duration.minutes(START_MINUTES + 1),
      deadLetterQueue: { queue: this.undelivered, maxReceiveCount: MOST_RECEIVES },
    });
    this.announce('UploadComplete', this.uploads, [
      { wildcard: 'incoming/*/_READY.json' },
      { wildcard: 'incoming/*.zip' },
    ]);
    this.start();
    if (props.deployment.dropboxMinutes > 0) this.dropbox(props.deployment.dropboxMinutes);
  }

  /** Filtered at the source: thousands of objects of an upload cost no call. */
  private announce(id: string, queue: Queue, key: unknown[]): void {
    new Rule(this, id, {
      description: 'S3 objects that tell of an upload',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [this.props.storage.input.bucketName] }, object: { key } },
      },
      targets: [new SqsQueue(queue, { deadLetterQueue: this.undelivered })],
    });
  }

  private start(): void {
    const { storage, functions, pipeline, topic } = this.props;
    const { handler, role } = functions.define('start', {
      timeout: Duration.minutes(START_MINUTES),
      environment: {
        STATE_MACHINE_ARN: pipeline.stateMachineArn,
        RESULTS_BUCKET: storage.results.bucketName,
        TOPIC_ARN: topic.topicArn,
        QUEUE_URL: this.uploads.queueUrl,
        COURSE_SALT_SECRET: storage.courseSalt.secretArn,
        IMAGE_WEIGHTS: this.props.deployment.imageWeights.join(' '),
      },
    });
    allow(role, ['states:StartExecution'], [pipeline.stateMachineArn]);
    allow(role, ['states:DescribeExecution'], [this.executions()]);
    allow(role, ['s3:ListBucket'], [storage.input.bucketArn, storage.results.bucketArn]);
    allow(
      role,
      ['s3:GetObject'],
      ['incoming/*/_READY.json', 'incoming/*.zip', 'archives/*'].map((pattern) => storage.input.arnForObjects(pattern)),
    );
    allow(role, ['s3:PutObject'], [storage.input.arnForObjects('archives/*')]);
    allow(
      role,
      ['s3:GetObject'],
      ['config/*', `${MODELS_ROOT}/${PUBLISHED_MODELS}`, 'runs/*/run/execution.json'].map((pattern) =>
        storage.results.arnForObjects(pattern),
      ),
    );
    allow(
      role,
      ['s3:PutObject'],
      ['private/request', 'private/config', 'run/execution', 'run/rejected'].map((name) =>
        storage.results.arnForObjects(`runs/*/${name}.json`),
      ),
    );
    grantKeyThroughS3(role, storage);
    allow(role, ['sns:Publish'], [topic.topicArn]);
    allow(role, ['servicequotas:GetServiceQuota', 'servicequotas:GetAWSDefaultServiceQuota'], ['*']);
    allow(role, ['secretsmanager:GetSecretValue'], [storage.courseSalt.secretArn]);
    allow(role, ['kms:Decrypt', 'kms:GenerateDataKey'], [storage.key.keyArn], {
      StringEquals: {
        'kms:ViaService': ['sns', 'sqs', 'secretsmanager', 'states'].map(
          (service) => `${service}.${storage.region}.amazonaws.com`,
        ),
      },
    });
    this.consume(role, this.uploads);
    handler.addEventSource(new SqsEventSource(this.uploads, { batchSize: 1, reportBatchItemFailures: true }));
  }

  /** The variant for senders without markers. */
  private dropbox(minutes: number): void {
    const { functions, storage } = this.props;
    const group = new CfnScheduleGroup(this, 'QuietFolders', { name: `${this.props.deployment.name}-quiet` });
    const objects = this.queue('DropboxObjects', {
      visibilityTimeout: Duration.minutes(6),
      deadLetterQueue: { queue: this.undelivered, maxReceiveCount: 5 },
    });
    this.announce('DropboxObject', objects, [{ prefix: 'dropbox/' }]);
    const scheduleRole = new Role(this, 'QuietScheduleRole', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    allow(scheduleRole, ['sqs:SendMessage'], [this.uploads.queueArn]);
    allow(scheduleRole, ['kms:Decrypt', 'kms:GenerateDataKey'], [storage.key.keyArn], {
      StringEquals: { 'kms:ViaService': `sqs.${storage.region}.amazonaws.com` },
    });
    const { handler, role } = functions.define('quiet', {
      timeout: Duration.minutes(1),
      environment: {
        QUIET_MINUTES: String(minutes),
        SCHEDULE_GROUP: `${this.props.deployment.name}-quiet`,
        QUEUE_ARN: this.uploads.queueArn,
        SCHEDULE_ROLE_ARN: scheduleRole.roleArn,
      },
    });
    const schedules = Stack.of(this).formatArn({
      service: 'scheduler',
      resource: 'schedule',
      resourceName: `${this.props.deployment.name}-quiet/drop-*`,
    });
    allow(role, ['scheduler:CreateSchedule', 'scheduler:UpdateSchedule'], [schedules]);
    allow(role, ['iam:PassRole'], [scheduleRole.roleArn], {
      StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' },
    });
    this.consume(role, objects);
    allow(role, ['kms:Decrypt'], [storage.key.keyArn], {
      StringEquals: { 'kms:ViaService': `sqs.${storage.region}.amazonaws.com` },
    });
    handler.node.addDependency(group);
    handler.addEventSource(
      new SqsEventSource(objects, {
        batchSize: 1000,
        maxBatchingWindow: Duration.minutes(1),
        reportBatchItemFailures: false,
      }),
    );
  }

  private executions(): string {
    return Stack.of(this).formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: `${this.props.deployment.name}-pipeline:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }

  private consume(role: Role, queue: Queue): void {
    allow(
      role,
      ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'],
      [queue.queueArn],
    );
  }

  private queue(id: string, props: Partial<ConstructorParameters<typeof Queue>[2]>): Queue {
    return new Queue(this, id, {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: this.props.storage.key,
      enforceSSL: true,
      ...props,
    });
  }
}
