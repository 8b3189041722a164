import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Match } from 'aws-cdk-lib/assertions';
import { readDeployment } from '../../infra/config.ts';
import { builtApp, templatesOf } from '../fixtures/cloud-app.ts';
import { VARIANTS } from '../fixtures/variants.ts';
import { deploymentOf, type Policy } from './rights/deployment.ts';

const OWN = VARIANTS['buckets and a key of your own'] as Record<'uploadBucket' | 'resultsBucket' | 'key', string>;
const [MADE, TAKEN] = [templatesOf(builtApp()), templatesOf(builtApp(OWN))];

test('buckets and a key of your own are taken as they are, and outputs say what their policies need', () => {
  const { storage, pipeline } = TAKEN;
  for (const type of ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy', 'AWS::KMS::Key']) storage.resourceCountIs(type, 0);
  pipeline.hasOutput('UploadTo', { Value: `s3://${OWN.uploadBucket}` });
  pipeline.allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: OWN.key });
  pipeline.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: Match.objectLike({ detail: Match.objectLike({ bucket: { name: [OWN.uploadBucket] } }) }),
  });

  const [key] = Object.values(MADE.storage.findResources('AWS::KMS::Key'));
  const told = (id: string) => JSON.stringify(storage.findOutputs(id)[id].Value);
  for (const { Sid } of key.Properties.KeyPolicy.Statement) if (Sid) assert.ok(told('KeyPolicy').includes(Sid), Sid);
  for (const [id, { Properties }] of Object.entries(MADE.storage.findResources('AWS::S3::BucketPolicy'))) {
    if (!/^(Input|Results)/.test(id)) continue;
    const output = told(id.startsWith('Input') ? 'UploadBucketPolicy' : 'ResultsBucketPolicy');
    for (const { Condition } of Properties.PolicyDocument.Statement)
      for (const name of Object.keys(Object.assign({}, ...Object.values(Condition))))
        assert.ok(output.includes(name), name);
  }
});

test('roles have the same rights on buckets and a key of your own as on those that are made', () => {
  const [made, own] = [deploymentOf(MADE), deploymentOf(TAKEN)];
  const places: [string, string][] = [
    [made.arn('AWS::S3::Bucket', 'Input'), `arn:aws:s3:::${OWN.uploadBucket}`],
    [made.arn('AWS::S3::Bucket', 'Results'), `arn:aws:s3:::${OWN.resultsBucket}`],
    [made.arn('AWS::KMS::Key', 'Key'), OWN.key],
  ];
  const moved = (text: string) => places.reduce((one, [from, to]) => one.replaceAll(from, to), text);
  assert.deepEqual(own.roles, made.roles);
  for (const role of own.roles)
    assert.deepEqual(
      rightsOf(own.identityPolicies(role)),
      rightsOf(made.identityPolicies(role)).map(moved).sort(),
      role,
    );
});

test('own buckets without a key, one of two, or one for both are refused with a reason', () => {
  const read = (settings: object) =>
    readDeployment({ tryGetContext: (key) => (key === 'rtpipeline' ? settings : undefined) });
  assert.throws(() => read({ ...OWN, key: '' }), /rtpipeline\.key/);
  assert.throws(() => read({ uploadBucket: 'one-bucket', key: OWN.key }), /rtpipeline\.resultsBucket/);
  assert.throws(() => read({ ...OWN, uploadBucket: OWN.resultsBucket }), /two buckets/);
  assert.equal(read({ key: OWN.key }).uploadBucket, '', 'a key alone');
});

/** A line for each action on each resource, however CDK has put statements together. */
function rightsOf(policies: Policy[]): string[] {
  const lines = policies.flatMap(({ Statement }) =>
    Statement.flatMap(({ Effect, Action, Resource, Condition }) =>
      [Action]
        .flat()
        .flatMap((action) =>
          [Resource].flat().map((resource) => [Effect, action, resource, JSON.stringify(Condition)].join(' ')),
        ),
    ),
  );
  return [...new Set(lines)].sort();
}
