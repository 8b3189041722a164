import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PEOPLE } from '../../../infra/constructs/people.ts';
import { type Call, isAllowed, role } from './decide.ts';
import { ACCOUNT, deployment, REGION } from './deployment.ts';
import { peopleCalls } from './people-calls.ts';

const deployed = deployment();
const KEY = deployed.arn('AWS::KMS::Key', 'Key');
const BUCKETS = {
  input: deployed.arn('AWS::S3::Bucket', 'Input'),
  results: deployed.arn('AWS::S3::Bucket', 'Results'),
};

const personOf = (name: string) => role(name, [deployed.policyOf('AWS::IAM::ManagedPolicy', `People${name}`)]);
const policyFor = ({ resource }: Call) => {
  if (resource === KEY) return deployed.resourcePolicy('Key');
  if (resource.startsWith(BUCKETS.input)) return deployed.resourcePolicy('Input');
  return resource.startsWith(BUCKETS.results) ? deployed.resourcePolicy('Results') : undefined;
};
const may = (person: string, call: Call) =>
  isAllowed(
    personOf(person),
    { ...call, context: { ...(call.action.startsWith('s3:') && { 's3:TlsVersion': '1.3' }), ...call.context } },
    policyFor(call),
  );

const calls = peopleCalls(deployed);

for (const person of PEOPLE)
  test(`${person} has the rights that their commands need`, async () => {
    const denied: string[] = [];
    for (const { who, call } of calls) if (who.includes(person) && !(await may(person, call))) denied.push(call.action);
    assert.deepEqual(denied, []);
  });

test('each person has only their own rights', async () => {
  const beyond: string[] = [];
  for (const { who, call } of calls)
    for (const person of PEOPLE)
      if (!who.includes(person) && (await may(person, call))) beyond.push(`${person}: ${call.action} ${call.resource}`);
  assert.deepEqual(beyond, []);
});

test('no person may read private data or uploads, write results, or use the key directly', async () => {
  const never: Call[] = [
    { action: 's3:GetObject', resource: `${BUCKETS.results}/runs/u/private/request.json` },
    { action: 's3:GetObject', resource: `${BUCKETS.input}/incoming/u/1.dcm` },
    { action: 's3:PutObject', resource: `${BUCKETS.results}/runs/u/results/dvh_metrics.parquet` },
    { action: 'kms:Decrypt', resource: KEY },
    { action: 'iam:PassRole', resource: `arn:aws:iam::${ACCOUNT}:role/any` },
    { action: 'states:StartExecution', resource: deployed.arn('AWS::StepFunctions::StateMachine', 'Machinespipeline') },
  ];
  for (const call of never)
    for (const person of PEOPLE) assert.equal(await may(person, call), false, `${person} ${call.action}`);
});

/** What passes an endpoint, as if its policy were all that the caller has. */
function through(endpoint: string) {
  const { Version, Statement } = deployed.policyOf('AWS::EC2::VPCEndpoint', `NetworkVpc${endpoint}`);
  assert.ok(Statement.length > 0, endpoint);
  return role('any', [{ Version, Statement: Statement.map(({ Principal: _, ...statement }) => statement) }]);
}

test('a job reaches only buckets of its own account, and image layers', async () => {
  const network = through('Objects');
  const put = (account: string) =>
    isAllowed(network, {
      action: 's3:PutObject',
      resource: 'arn:aws:s3:::any/object',
      context: { 'aws:ResourceAccount': account },
    });
  assert.equal(await put(ACCOUNT), true);
  assert.equal(await put('999988887777'), false);
  const layers = `arn:aws:s3:::prod-${REGION}-starport-layer-bucket/layer`;
  const context = { 'aws:ResourceAccount': '999988887777' };
  assert.equal(await isAllowed(network, { action: 's3:GetObject', resource: layers, context }), true);
  assert.equal(await isAllowed(network, { action: 's3:PutObject', resource: layers, context }), false);
});

test('endpoints serve callers of this account alone', async () => {
  for (const id of ['Images', 'ImageLayers', 'Containers', 'Logs']) {
    const network = through(id);
    const call = (account: string) =>
      isAllowed(network, {
        action: 'ecr:GetAuthorizationToken',
        resource: '*',
        context: { 'aws:PrincipalAccount': account },
      });
    assert.deepEqual([await call(ACCOUNT), await call('999988887777')], [true, false], id);
  }
});
