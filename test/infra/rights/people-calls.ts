import type { PEOPLE } from '../../../infra/constructs/people.ts';
import type { Call } from './decide.ts';
import { ACCOUNT, type Deployment, REGION } from './deployment.ts';

type Person = (typeof PEOPLE)[number];

export interface PersonCall {
  who: Person[];
  call: Call;
  /** The commands that make it. */
  why: string;
}

/** The calls of the command line, and whose they are. */
export function peopleCalls({ arn }: Deployment): PersonCall[] {
  const [input, results] = ['Input', 'Results'].map((id) => arn('AWS::S3::Bucket', id));
  const key = arn('AWS::KMS::Key', 'Key');
  const machine = arn('AWS::StepFunctions::StateMachine', 'Machinespipeline');
  const execution = `${machine.replace(':stateMachine:', ':execution:')}:run-1`;
  const readers: Person[] = ['reader', 'operator'];
  const all: Person[] = ['uploader', 'reader', 'operator'];
  const of = (who: Person[], why: string, action: string, resource: string, context?: Record<string, string>) => ({
    who,
    why,
    call: { action, resource, context },
  });
  const via = (service: string) => ({ 'kms:ViaService': `${service}.${REGION}.amazonaws.com` });
  return [
    of(['uploader'], 'upload', 's3:PutObject', `${input}/incoming/u/1.dcm`),
    of(['uploader', 'operator'], 'upload', 's3:ListBucket', input, { 's3:prefix': 'incoming/u/' }),
    of(all, 'upload, results', 'kms:GenerateDataKey', key, via('s3')),
    of(all, 'upload, results', 'kms:Decrypt', key, via('s3')),
    of(readers, 'watch, results, view', 's3:ListBucket', results, { 's3:prefix': 'runs/u/' }),
    ...['results/dvh_metrics.parquet', 'courses/c/course.json', 'run/execution.json'].map((name) =>
      of(readers, 'watch, results, view', 's3:GetObject', `${results}/runs/u/${name}`),
    ),
    ...['athena:StartQueryExecution', 'athena:GetQueryResults', 'athena:GetNamedQuery', 'athena:GetWorkGroup'].map(
      (action) => of(readers, 'queries', action, `arn:aws:athena:${REGION}:${ACCOUNT}:workgroup/rtpipeline`),
    ),
    ...['catalog', 'database/rtpipeline', 'table/rtpipeline/dvh_metrics'].map((name) =>
      of(readers, 'queries', 'glue:GetTable', `arn:aws:glue:${REGION}:${ACCOUNT}:${name}`),
    ),
    of(readers, 'queries', 's3:GetBucketLocation', results),
    of(readers, 'queries', 's3:ListBucket', results, { 's3:prefix': 'queries/' }),
    ...['s3:PutObject', 's3:GetObject', 's3:AbortMultipartUpload'].map((action) =>
      of(readers, 'queries', action, `${results}/queries/answer.csv`),
    ),
    of(readers, 'queries', 's3:GetObject', `${results}/runs/u/results/query/dvh_metrics/dvh_metrics.parquet`),
    of(readers, 'watch, runs', 'states:DescribeExecution', execution),
    of(readers, 'watch, runs', 'kms:Decrypt', key, via('states')),
    of(['operator'], 'stop', 'states:StopExecution', execution),
    of(['operator'], 'redrive', 'states:RedriveExecution', execution),
    of(['operator'], 'publish-models', 's3:PutObject', `${results}/models/parts/1`),
    of(['operator'], 'publish-models', 's3:GetObject', `${results}/models/published.json`),
    of(['operator'], 'sets the configuration of runs', 's3:PutObject', `${results}/config/pipeline.json`),
    ...[
      `${results}/runs/u/results/dvh_metrics.parquet`,
      `${input}/incoming/u/1.dcm`,
      `${input}/archives/u.zip/1.zip`,
      `${results}/queries/answer.csv`,
    ].map((object) => of(['operator'], 'delete', 's3:DeleteObjectVersion', object)),
    ...[results, input].map((bucket) => of(['operator'], 'delete', 's3:ListBucketVersions', bucket)),
    of(['operator'], 'delete --patient', 's3:GetObject', `${results}/runs/u/private/instances/all.jsonl`),
    of(
      ['operator'],
      'doctor --aws',
      'cloudformation:DescribeStacks',
      `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/rtpipeline-pipeline/1`,
    ),
    of(['operator'], 'doctor --aws', 's3:GetBucketNotification', input),
    of(
      ['operator'],
      'doctor --aws',
      'ecr:DescribeImages',
      `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/rtpipeline/analysis`,
    ),
    ...['batch:DescribeJobQueues', 'batch:DescribeComputeEnvironments', 'batch:DescribeJobs', 'batch:ListJobs'].map(
      (action) => of(['operator'], 'doctor --aws', action, '*'),
    ),
    ...['servicequotas:GetServiceQuota', 'servicequotas:GetAWSDefaultServiceQuota'].map((action) =>
      of(['operator'], 'doctor --aws', action, '*'),
    ),
  ];
}
