import { pathToFileURL } from 'node:url';
import { STAGE_ACCESS } from '../../../infra/access.ts';
import { type KnownCall, knownCalls } from './calls.ts';
import { ACCOUNT, deployment, REGION } from './deployment.ts';
import { type PersonCall, peopleCalls } from './people-calls.ts';

/** docs/aws-readiness.md: who calls what of AWS, what allows it, and what nobody has tried. */
export function readinessPage(): string {
  return `# What AWS must allow

The emulator checks no right and no key. So \`npm test\` decides every call below by the evaluation logic of IAM
(\`@cloud-copilot/iam-simulate\`) against the roles, bucket and key policies of the synthesized stacks:
\`test/infra/rights/calls.test.ts\` the calls of functions, state machines and services, \`test/infra/rights/stages.test.ts\` what
every stage was recorded doing on a small upload. The second also fails on a right to write or delete that its stage never
uses, the first on a call that a role may make though it is another's. This page is made by \`npm run docs:aws-readiness\`.

## Stages

A role for each stage; keys lie below \`runs/<upload>/\` of the results bucket. All may list both their buckets, and use the key
through S3 alone.

| stage | reads the upload | reads models | reads | writes | deletes |
|---|---|---|---|---|---|
${stageRows().join('\n')}

## Functions, state machines, services

| who | call | on | for |
|---|---|---|---|
${callRows(knownCalls(deployment({ dropboxMinutes: 10, build: true }))).join('\n')}

## People

Managed policies that an administrator attaches (\`infra/constructs/people.ts\`), decided by \`test/infra/rights/people.test.ts\`: each
may do its calls and none of the others'.

| call | on | who | for |
|---|---|---|---|
${peopleRows(peopleCalls(deployment())).join('\n')}

## What no test here can prove

Nobody has run this in an account of AWS yet. The last column says how an account would show that an assumption is wrong.

| what is assumed | by which page of AWS | what an account would show otherwise |
|---|---|---|
${ASSUMPTIONS.map((row) => `| ${row.join(' | ')} |`).join('\n')}
`;
}

function stageRows(): string[] {
  const code = (patterns: string[]) => patterns.map((pattern) => `\`${pattern}\``).join(', ');
  return Object.entries(STAGE_ACCESS).map(
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
    'The event of a course that has ended tells its output, although the machine is encrypted with a key of the customer',
    'Step Functions developer guide, "Automating Step Functions event delivery with EventBridge", `outputDetails`',
    'the dashboard counts courses with failed stages as done; tables, `watch` and mails do not go by it',
  ],
  [
    'SubmitJob with a tag needs the right to tag jobs, and a Fargate task bears the tags of its job',
    'Batch API reference, "SubmitJob": `propagateTags`; service authorization reference, "AWS Batch"',
    '`AccessDeniedException` at the first job; no cost by the tag `run`',
  ],
  [
    'Who starts an execution of an encrypted state machine needs its key through Step Functions; children of a Map bear the ARN of the machine with the label of the Map',
    'Step Functions developer guide, "Data at rest encryption"',
    '`KMS.AccessDeniedException` at the first nested execution',
  ],
  [
    'EventBridge gives KMS neither account nor ARN: the key lets the service in without a condition, the policies of queues and topic say whose rules',
    'SNS developer guide, "Key management"; EventBridge user guide, "Resource-based policies", encrypted SQS queue',
    'no upload starts a run; `FailedInvocations` of the rule',
  ],
  [
    'A Fargate Spot task that is taken away ends with "Your Spot Task was interrupted."',
    'ECS developer guide, "Fargate capacity providers" and "Stopped task error messages"',
    'a stage that ends `failed` with another text: it belongs into `reasons` of statemachine/stage-job.asl.json',
  ],
  [
    'Batch tells of a blocked queue with `detail.jobQueue`',
    'Batch user guide, "Job queue blocked events"',
    'no mail while jobs stay RUNNABLE',
  ],
  [
    'Batch cancels a job at the head of a queue after `runnableMinutes` only for reasons that it can tell; for UNDETERMINED, as without a GPU quota, it does not',
    'Batch user guide, "Jobs stuck in a RUNNABLE status"',
    'nothing any more where the account has no quota at all: the start reads the quotas and leaves the stages out',
  ],
  [
    'A folder of the host can be mounted into a job that runs as another user than root, and what one job writes there the next one finds',
    'Batch user guide, "Create a single-node job definition", Volumes: `sourcePath`',
    '`EACCES` at `/models` in the log of the first segmentation',
  ],
  [
    'A container of a user that is not root has the same user id on the host, so that a rule of its firewall keeps it from 169.254.169.254',
    'Batch user guide, "Networking modes"; ECS developer guide, "Task IAM role", blocking the instance metadata',
    "a job that lists the rights of its host: the host's role stays as narrow as its row says",
  ],
  [
    'Endpoints of ECR, ECS and CloudWatch Logs take a policy; those of the ECS agent are left without',
    'PrivateLink guide, "AWS services that integrate"; ECR and ECS guides, "Interface VPC endpoints"',
    '`InvalidParameter` when the network is created',
  ],
  [
    'A host of 64 GiB has 60,000 MiB for a job, one of 128 GiB 120,000 MiB',
    'Batch user guide, "Compute resource memory management"',
    '`MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT` on the second step of the ladder',
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
    'A new account runs ten functions at once: eight catalog, throttled ones wait',
    'Lambda developer guide, "Quotas"',
    'a run of more than 20,000 objects that ends at `CatalogBatches`',
  ],
];

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.stdout.write(readinessPage());
