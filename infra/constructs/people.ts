import { ArnFormat, Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { DEPLOYED_CONFIG_KEY, MODELS_ROOT, QUERY_RESULTS } from '../../lib/store/keys.ts';
import type { Deployment } from '../config.ts';
import type { Storage } from '../storage-stack.ts';
import type { Queries } from './queries.ts';

export interface PeopleProps {
  deployment: Deployment;
  storage: Storage;
  queries: Queries;
  logs: ILogGroup[];
}

/** What a person may do. Nobody has it until an administrator attaches the policy to a user, group or permission set. */
export const PEOPLE = ['uploader', 'reader', 'operator'] as const;

/** Policies for who sends patients, who reads results, and who looks after runs. */
export class People extends Construct {
  private readonly props: PeopleProps;

  constructor(scope: Construct, id: string, props: PeopleProps) {
    super(scope, id);
    this.props = props;
    const reader = [...this.reads(), ...this.asks(), this.describesExecutions(), this.key(['s3', 'states'])];
    this.policy('uploader', 'Sends uploads: writes new ones, reads none', [...this.uploads(), this.key(['s3'])]);
    this.policy('reader', 'Reads tables, reports and courses, queries tables, and follows runs', reader);
    this.policy('operator', 'Looks after runs: stops, redrives and deletes them, publishes models', [
      ...reader,
      ...this.operates(),
    ]);
  }

  private policy(name: (typeof PEOPLE)[number], description: string, statements: PolicyStatement[]): void {
    new ManagedPolicy(this, name, {
      managedPolicyName: `${this.props.deployment.name}-${name}`,
      description,
      statements,
    });
  }

  private uploads(): PolicyStatement[] {
    const { input } = this.props.storage;
    return [
      statement(['s3:PutObject'], [input.arnForObjects('incoming/*')]),
      statement(['s3:ListBucket'], [input.bucketArn], { StringLike: { 's3:prefix': 'incoming/*' } }),
    ];
  }

  private reads(): PolicyStatement[] {
    const { results } = this.props.storage;
    const readable = ['results/*', 'courses/*', 'run/*'].map((pattern) => results.arnForObjects(`runs/*/${pattern}`));
    return [
      statement(['s3:GetObject'], readable),
      statement(['s3:ListBucket'], [results.bucketArn], { StringLike: { 's3:prefix': 'runs/*' } }),
    ];
  }

  /** Athena reads tables and writes answers with the rights of whoever asks. */
  private asks(): PolicyStatement[] {
    const { storage, queries } = this.props;
    const { results } = storage;
    const catalog = ['catalog', `database/${queries.database}`, `table/${queries.database}/*`].map((resource) =>
      Stack.of(this).formatArn({ service: 'glue', resource }),
    );
    const calls = [
      ...['StartQueryExecution', 'StopQueryExecution', 'GetQueryExecution', 'GetQueryResults', 'ListQueryExecutions'],
      ...['GetWorkGroup', 'ListNamedQueries', 'GetNamedQuery', 'BatchGetNamedQuery'],
    ];
    return [
      statement(
        calls.map((call) => `athena:${call}`),
        [Stack.of(this).formatArn({ service: 'athena', resource: 'workgroup', resourceName: queries.workgroup })],
      ),
      statement(
        ['GetDatabase', 'GetDatabases', 'GetTable', 'GetTables', 'GetPartition', 'GetPartitions'].map(
          (call) => `glue:${call}`,
        ),
        catalog,
      ),
      statement(
        ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
        [results.arnForObjects(`${QUERY_RESULTS}*`)],
      ),
      statement(['s3:ListBucket'], [results.bucketArn], { StringLike: { 's3:prefix': `${QUERY_RESULTS}*` } }),
      statement(['s3:GetBucketLocation'], [results.bucketArn]),
    ];
  }

  private describesExecutions(): PolicyStatement {
    return statement(['states:DescribeExecution'], [`${this.states('execution')}:*`]);
  }

  private operates(): PolicyStatement[] {
    const { deployment, storage, logs } = this.props;
    const { input, results, images } = storage;
    const uploads = ['incoming/*', 'archives/*', 'dropbox/*'].map((pattern) => input.arnForObjects(pattern));
    const stacks = ['storage', 'pipeline'].map((part) =>
      Stack.of(this).formatArn({
        service: 'cloudformation',
        resource: 'stack',
        resourceName: `${deployment.name}-${part}/*`,
      }),
    );
    return [
      statement(
        ['states:StopExecution', 'states:RedriveExecution', 'states:GetExecutionHistory', 'states:ListMapRuns'],
        [`${this.states('execution')}:*`],
      ),
      statement(['states:ListExecutions'], [this.states('stateMachine')]),
      statement(
        ['s3:GetObject', 's3:PutObject'],
        [`${MODELS_ROOT}/*`, DEPLOYED_CONFIG_KEY].map((key) => results.arnForObjects(key)),
      ),
      // Which files are a patient's stands in the list of the upload alone.
      statement(['s3:GetObject'], [results.arnForObjects('runs/*/private/instances/*')]),
      statement(
        ['s3:DeleteObject', 's3:DeleteObjectVersion'],
        [...uploads, ...['runs/*', `${QUERY_RESULTS}*`].map((pattern) => results.arnForObjects(pattern))],
      ),
      statement(['s3:ListBucket', 's3:ListBucketVersions'], [input.bucketArn, results.bucketArn]),
      statement(['s3:GetBucketNotification'], [input.bucketArn]),
      statement(['cloudformation:DescribeStacks'], stacks),
      statement(
        ['ecr:DescribeImages'],
        Object.values(images).map(({ repositoryArn }) => repositoryArn),
      ),
      statement(
        ['logs:GetLogEvents', 'logs:FilterLogEvents'],
        logs.map(({ logGroupArn }) => logGroupArn),
      ),
      statement(
        [
          ...['DescribeJobQueues', 'DescribeComputeEnvironments', 'DescribeJobs', 'ListJobs'].map(
            (name) => `batch:${name}`,
          ),
          'servicequotas:GetServiceQuota',
          'servicequotas:GetAWSDefaultServiceQuota',
        ],
        ['*'],
      ),
    ];
  }

  /** To read and write what is encrypted, through these services alone. */
  private key(services: string[]): PolicyStatement {
    const { key, region } = this.props.storage;
    return statement(['kms:Decrypt', 'kms:GenerateDataKey'], [key.keyArn], {
      StringEquals: { 'kms:ViaService': services.map((service) => `${service}.${region}.amazonaws.com`) },
    });
  }

  private states(resource: 'stateMachine' | 'execution'): string {
    return Stack.of(this).formatArn({
      service: 'states',
      resource,
      resourceName: `${this.props.deployment.name}-pipeline`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }
}

function statement(actions: string[], resources: string[], conditions?: Record<string, Record<string, unknown>>) {
  return new PolicyStatement({ actions, resources, conditions });
}
