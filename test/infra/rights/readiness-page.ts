import { pathToFileURL } from 'node:url';
import { FUNCTION_ACCESS, STAGE_ACCESS } from '../../../infra/access.ts';
import { leastBoundary } from './boundary.ts';
import { type KnownCall, knownCalls } from './calls.ts';
import { ACCOUNT, deployment, REGION } from './deployment.ts';
import { type PersonCall, peopleCalls } from './people-calls.ts';

/** docs/aws-readiness.md: who calls what of AWS, what allows it, and what nobody has tried. */
export function readinessPage(): string {
  return `# What AWS must allow

This page lists every AWS call that a deployment makes, with the role that makes it. \`npm run docs:aws-readiness\` writes it;
do not edit it.

The emulator checks no rights and no keys. So \`npm test\` evaluates every call below with the logic of IAM
(\`@cloud-copilot/iam-simulate\`) against the roles, bucket policies and key policies of the synthesized stacks:

- \`test/infra/rights/calls.test.ts\` checks the calls of functions, state machines and services. It fails if a role lacks a right
  for its call, or has the right for a call that only another role makes.
- \`test/infra/rights/stages.test.ts\` checks the calls that each stage makes on a small upload, as recorded. It also fails if a
  stage has a right to write or delete that it never uses.

## Stages

Each stage has its own role, and so does the function \`estimate\`. Keys are relative to \`runs/<upload>/\` in the results bucket. Every role may list its two buckets,
and may use the encryption key only through S3.

| stage | reads the upload | reads models | reads | writes | deletes |
|---|---|---|---|---|---|
${stageRows().join('\n')}

## Functions, state machines, services

| who | call | on | for |
|---|---|---|---|
${callRows(knownCalls(deployment({ dropboxMinutes: 10, build: true }))).join('\n')}

## People

An administrator attaches these managed policies to people (\`infra/constructs/people.ts\`). \`test/infra/rights/people.test.ts\` checks
that each policy allows its own calls and no other call of this table.

| call | on | who | for |
|---|---|---|---|
${peopleRows(peopleCalls(deployment())).join('\n')}

## A permissions boundary

A policy that \`rtpipeline.permissionsBoundary\` names must allow at least these actions, for a deployment with every setting:

${boundaryActions().join('\n')}

\`test/infra/rights/calls.test.ts\` checks that every role keeps the rights for its calls with such a boundary.

## What no test here can prove

Nobody has run this in an AWS account yet. The last column says what you would see if an assumption is wrong.

| assumption | page of AWS that supports it | what you would see if it is wrong |
|---|---|---|
${ASSUMPTIONS.map((row) => `| ${row.join(' | ')} |`).join('\n')}
`;
}

/** A line for each service. */
function boundaryActions(): string[] {
  const everything = { dropboxMinutes: 10, build: true, receiverSenders: ['10.1.0.0/16'] };
  const [{ Action }] = leastBoundary(deployment(everything)).Statement;
  const services = Map.groupBy(Action as string[], (action) => action.split(':')[0]);
  return [...services.values()].map((actions) => `- ${actions.map((action) => `\`${action}\``).join(', ')}`);
}

function stageRows(): string[] {
  const code = (patterns: string[]) => patterns.map((pattern) => `\`${pattern}\``).join(', ');
  return Object.entries({ ...STAGE_ACCESS, ...FUNCTION_ACCESS }).map(
    ([stage, { upload, models, reads, writes, deletes = [] }]) =>
      `| ${stage} | ${upload ? 'yes' : ''} | ${models ? '`models/*`' : ''} | ${code(reads)} | ${code(writes)} | ${code(deletes)} |`,
  );
}

function peopleRows(calls: PersonCall[]): string[] {
  return calls.map(
    ({ who, call, why }) => `| ${call.action} | \`${plain(call.resource)}\` | ${who.join(', ')} | ${why} |`,
  );
}

function plain(arn: string): string {
  return arn
    .replace(/^arn:aws:/, '')
    .replace(`${REGION}:${ACCOUNT}:`, '')
    .replace(/[A-F0-9]{8}\b/, '');
}

function callRows(calls: KnownCall[]): string[] {
  const conditions = ({ context = {} }: KnownCall) => {
    const told = Object.entries(context).filter(([name]) => !name.startsWith('aws:'));
    return told.map(([, value]) => ` by ${plain(value).replace(`.${REGION}.amazonaws.com`, '')}`).join(',');
  };
  const rows = calls.map(
    (call) => `| ${call.by} | ${call.action} | \`${plain(call.resource)}\`${conditions(call)} | ${call.why} |`,
  );
  return [...new Set(rows)];
}

const ASSUMPTIONS = [
  [
    'The event at the end of a course contains its output, even though a customer key encrypts the state machine',
    'Step Functions developer guide, "Automating Step Functions event delivery with EventBridge", `outputDetails`',
    'the dashboard counts courses with failed stages as done; tables, `watch` and mails stay correct',
  ],
  [
    'SubmitJob with a tag needs the right to tag jobs, and a Fargate task gets the tags of its job',
    'Batch API reference, "SubmitJob": `propagateTags`; service authorization reference, "AWS Batch"',
    '`AccessDeniedException` at the first job; no costs under the tag `run`',
  ],
  [
    'To start an execution of an encrypted state machine, a role needs the key through Step Functions; the ARN of child executions is the ARN of the machine with the label of the Map',
    'Step Functions developer guide, "Data at rest encryption"',
    '`KMS.AccessDeniedException` at the first nested execution',
  ],
  [
    'EventBridge tells KMS neither account nor ARN, so the key admits the service without a condition; the policies of queues and topic restrict the rules',
    'SNS developer guide, "Key management"; EventBridge user guide, "Resource-based policies", encrypted SQS queue',
    'no upload starts a run; the rule counts `FailedInvocations`',
  ],
  [
    'A Fargate Spot task that AWS takes back ends with "Your Spot Task was interrupted."',
    'ECS developer guide, "Fargate capacity providers" and "Stopped task error messages"',
    'a stage that ends `failed` with another text: add the text to `reasons` in statemachine/stage-job.asl.json',
  ],
  [
    'The Batch event of a blocked queue contains `detail.jobQueue`',
    'Batch user guide, "Job queue blocked events"',
    'no mail while jobs stay RUNNABLE',
  ],
  [
    'Batch cancels a job at the head of a queue after `runnableMinutes` only if it knows the reason; not for UNDETERMINED, the reason without a GPU quota',
    'Batch user guide, "Jobs stuck in a RUNNABLE status"',
    'nothing without any quota: the start of a run reads the quotas and leaves the GPU stages out',
  ],
  [
    'A job that does not run as root can mount a folder of its host, and finds what earlier jobs wrote there',
    'Batch user guide, "Create a single-node job definition", Volumes: `sourcePath`',
    '`EACCES` at `/models` in the log of the first segmentation',
  ],
  [
    'A container that does not run as root has the same user id on its host, so a firewall rule of the host can block its access to 169.254.169.254',
    'Batch user guide, "Networking modes"; ECS developer guide, "Task IAM role", blocking the instance metadata',
    'a job can use the role of its host; that role has few rights',
  ],
  [
    'Endpoints of ECR, ECS and CloudWatch Logs accept a policy; the endpoints of the ECS agent have none',
    'PrivateLink guide, "AWS services that integrate"; ECR and ECS guides, "Interface VPC endpoints"',
    '`InvalidParameter` when the network is created',
  ],
  [
    'A host of 64 GiB offers 60,000 MiB to a job, a host of 128 GiB 120,000 MiB',
    'Batch user guide, "Compute resource memory management"',
    '`MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT` when a job is retried with more memory',
  ],
  [
    'A table whose partition is injected answers a query that names its runs, from folders that no partition lists; its columns are found by name in Parquet files, maps and timestamps among them',
    'Athena user guide, "Use dynamic ID partitioning", "Handle schema updates", "Data types in Amazon Athena"',
    'an error of the query, or a column that is empty everywhere: `results/query/` read by DuckDB shows what it holds',
  ],
  [
    'Athena reads and writes objects with the rights and the key of whoever asks, and names the key that the workgroup demands',
    'Athena user guide, "Permissions to encrypted data in Amazon S3", "Override client-side settings"',
    '`Access denied when writing output to url` at the first query',
  ],
  [
    'An interface endpoint in one zone serves the hosts and tasks of all zones of its network by its private name',
    'PrivateLink guide, "Access an AWS service using an interface VPC endpoint", subnets and Availability Zones',
    '`CannotPullContainerError` in the zone without endpoints: `endpointZones=2`',
  ],
  [
    'CodeBuild takes the source as a ZIP from the bucket of the bootstrap, and needs no right on the key to write encrypted logs',
    'CodeBuild user guide, "Build input projects", "Allow users to interact with CodeBuild", S3 source; CloudWatch Logs user guide, "Encrypt log data"',
    'a build that ends in the phase DOWNLOAD_SOURCE',
  ],
  [
    'A new account runs ten functions at once: eight of them catalog, and throttled ones wait',
    'Lambda developer guide, "Quotas"',
    'a run of more than 20,000 objects fails at `CatalogBatches`',
  ],
];

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.stdout.write(readinessPage());
