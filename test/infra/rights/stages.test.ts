import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { FUNCTION_ACCESS, STAGE_ACCESS } from '../../../infra/access.ts';
import { STAGE_NAMES } from '../../../lib/stages/table.ts';
import { STAGE_BINDINGS } from '../../../statemachine/bindings.ts';
import { isAllowed, role } from './decide.ts';
import { deployment, REGION } from './deployment.ts';
import { type Actor, type Deed, recordedDeeds } from './recorded-deeds.ts';

const deployed = deployment();
const BUCKETS = {
  input: deployed.arn('AWS::S3::Bucket', 'Input'),
  results: deployed.arn('AWS::S3::Bucket', 'Results'),
};
const KEY = deployed.arn('AWS::KMS::Key', 'Key');
const KMS = { 's3:GetObject': 'kms:Decrypt', 's3:PutObject': 'kms:GenerateDataKey' } as const;

const ACCESS = { ...STAGE_ACCESS, ...FUNCTION_ACCESS };
const ACTORS: Actor[] = [...STAGE_NAMES, 'estimate'];

let deeds: Deed[];
before(async () => {
  deeds = await recordedDeeds();
});

const callerOf = (stage: Actor) => {
  const binding = Object.values(STAGE_BINDINGS).find((one) => one.stage === stage);
  const isFunction = !binding || binding.runs === 'lambda';
  const id = `${isFunction ? 'Functions' : 'Jobs'}${stage.replaceAll('_', '')}Role`;
  return role(id, deployed.identityPolicies(id));
};

test('the recorded calls cover every stage, and the function that estimates a run', () => {
  assert.deepEqual([...new Set(deeds.map(({ stage }) => stage))].sort(), [...ACTORS].sort());
});

for (const stage of ACTORS)
  test(`${stage} has the rights for its recorded calls, with the key of what it reads and writes`, async () => {
    const caller = callerOf(stage);
    const denied: string[] = [];
    for (const { action, bucket, key } of distinct(deeds.filter((deed) => deed.stage === stage))) {
      const resource = action === 's3:ListBucket' ? BUCKETS[bucket] : `${BUCKETS[bucket]}/${key}`;
      const policy = deployed.resourcePolicy(bucket === 'input' ? 'Input' : 'Results');
      const context = { 's3:TlsVersion': '1.3' };
      if (!(await isAllowed(caller, { action, resource, context }, policy))) denied.push(`${action} ${bucket}/${key}`);
      if (!(action in KMS)) continue;
      const keyCall = {
        action: KMS[action as keyof typeof KMS],
        resource: KEY,
        context: {
          'kms:ViaService': `s3.${REGION}.amazonaws.com`,
          'kms:EncryptionContext:aws:s3:arn': BUCKETS[bucket],
        },
      };
      if (!(await isAllowed(caller, keyCall, deployed.resourcePolicy('Key'))))
        denied.push(`${keyCall.action} for ${key}`);
    }
    assert.deepEqual(denied, []);
  });

for (const stage of ACTORS)
  test(`${stage} may not write or delete anything outside its recorded calls`, () => {
    const { writes, deletes = [] } = ACCESS[stage];
    const unused = (patterns: string[], action: Deed['action']) =>
      patterns.filter((pattern) => {
        const expression = new RegExp(`^runs/[^/]+/${pattern.replaceAll('*', '.*')}$`);
        return !deeds.some((deed) => deed.stage === stage && deed.action === action && expression.test(deed.key));
      });
    assert.deepEqual([...unused(writes, 's3:PutObject'), ...unused(deletes, 's3:DeleteObject')], []);
  });

function distinct(some: Deed[]): Deed[] {
  return [...new Map(some.map((deed) => [`${deed.action} ${deed.bucket}/${deed.key}`, deed])).values()];
}
