import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { leastBoundary } from './boundary.ts';
import { type KnownCall, knownCalls } from './calls.ts';
import { isAllowed, role, service } from './decide.ts';
import { deployment } from './deployment.ts';
import { readinessPage } from './readiness-page.ts';

const deployed = deployment({ dropboxMinutes: 10, build: true });
const calls = knownCalls(deployed);
const callerOf = (by: string) => (by.endsWith('Role') ? role(by, deployed.identityPolicies(by)) : service(by));
const policyOf = ({ policyOf: id }: KnownCall) => (id ? deployed.resourcePolicy(id) : undefined);

for (const by of new Set(calls.map((call) => call.by)))
  test(`${by} has the rights for its calls`, async () => {
    const denied: string[] = [];
    for (const call of calls.filter((one) => one.by === by))
      if (!(await isAllowed(callerOf(by), call, policyOf(call)))) denied.push(`${call.action} for ${call.why}`);
    assert.deepEqual(denied, []);
  });

test('with the smallest boundary every role keeps the rights for its calls, and with less it does not', async () => {
  const boundary = leastBoundary(deployed);
  const ofRoles = calls.filter(({ by }) => by.endsWith('Role'));
  const lost: string[] = [];
  for (const call of ofRoles)
    if (!(await isAllowed({ ...callerOf(call.by), boundary }, call, policyOf(call))))
      lost.push(`${call.by} ${call.action}`);
  assert.deepEqual(lost, []);

  const [start] = ofRoles.filter(({ action }) => action === 'states:StartExecution');
  const [{ Action }] = boundary.Statement;
  const less = (Action as string[]).filter((action) => action !== 'states:StartExecution');
  const narrow = { ...boundary, Statement: [{ ...boundary.Statement[0], Action: less }] };
  assert.equal(await isAllowed({ ...callerOf(start.by), boundary: narrow }, start, policyOf(start)), false);
});

test('no role may make a call that only another role makes', async () => {
  const callers = [...new Set(calls.map(({ by }) => by))].filter((by) => by.endsWith('Role'));
  const own = new Set(calls.map(({ by, action, resource }) => `${by} ${action} ${resource}`));
  const beyond: string[] = [];
  for (const by of callers)
    for (const call of calls.filter(({ action }) => /^(states|lambda|batch|sqs|sns|scheduler|iam):/.test(action)))
      if (!own.has(`${by} ${call.action} ${call.resource}`) && (await isAllowed(callerOf(by), call)))
        beyond.push(`${by}: ${call.action} ${call.resource}`);
  assert.deepEqual(beyond, []);
});

test('no role may change published models, and only those who run them may read them', async () => {
  const resource = `${deployed.arn('AWS::S3::Bucket', 'Results')}/models/parts/1`;
  const policy = deployed.resourcePolicy('Results');
  const may = async (action: string) => {
    const context = { 's3:TlsVersion': '1.3' };
    const found: string[] = [];
    for (const by of deployed.roles)
      if (await isAllowed(role(by, deployed.identityPolicies(by)), { action, resource, context }, policy))
        found.push(by.replace(/Role[A-F0-9]{8}$/, ''));
    return found.sort();
  };
  for (const action of ['s3:PutObject', 's3:DeleteObject']) assert.deepEqual(await may(action), []);
  assert.deepEqual(await may('s3:GetObject'), ['Jobscustommodels', 'Jobssegmentation']);
});

test('the key serves only its own services, and no other account', async () => {
  const key = { resource: deployed.arn('AWS::KMS::Key', 'Key'), action: 'kms:Decrypt' };
  for (const by of deployed.roles) {
    const caller = role(by, deployed.identityPolicies(by));
    assert.equal(await isAllowed(caller, key, deployed.resourcePolicy('Key')), false, by);
  }
  const stranger = { principal: 'arn:aws:iam::999988887777:root', identityPolicies: [ALL] };
  assert.equal(await isAllowed(stranger, key, deployed.resourcePolicy('Key')), false);
});

test('a put with another key or without TLS is refused, whoever sends it', async () => {
  const resource = `${deployed.arn('AWS::S3::Bucket', 'Input')}/incoming/u/1.dcm`;
  const administrator = role('Administrator', [ALL]);
  const put = (context: Record<string, string>) =>
    isAllowed(
      administrator,
      { action: 's3:PutObject', resource, context: { 's3:TlsVersion': '1.3', ...context } },
      deployed.resourcePolicy('Input'),
    );
  const key = 's3:x-amz-server-side-encryption-aws-kms-key-id';
  const algorithm = 's3:x-amz-server-side-encryption';
  assert.equal(await put({}), true);
  assert.equal(await put({ [algorithm]: 'aws:kms', [key]: deployed.arn('AWS::KMS::Key', 'Key') }), true);
  assert.equal(await put({ [algorithm]: 'AES256' }), false);
  assert.equal(await put({ [algorithm]: 'aws:kms', [key]: 'arn:aws:kms:eu-central-1:999988887777:key/other' }), false);
  assert.equal(await put({ [algorithm]: 'aws:kms' }), false, 'without a key id S3 takes its own');
  assert.equal(await put({ 'aws:SecureTransport': 'false' }), false);
  assert.equal(await put({ 's3:TlsVersion': '1.1' }), false);
});

const ALL = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

test('docs/aws-readiness.md is generated from these calls', () => {
  const page = readFileSync(new URL('../../../docs/aws-readiness.md', import.meta.url), 'utf8');
  assert.equal(page, readinessPage(), 'npm run docs:aws-readiness writes it again');
});
