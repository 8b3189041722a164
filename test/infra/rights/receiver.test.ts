import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Match } from 'aws-cdk-lib/assertions';
import { builtApp, templatesOf } from '../../fixtures/cloud-app.ts';
import { type Call, isAllowed, role } from './decide.ts';
import { deployment, REGION } from './deployment.ts';

const SETTINGS = { receiverSenders: ['10.1.0.0/16'], receiverTitle: 'CLINIC', receiverCallers: 'LINAC1,TPS' };
const deployed = deployment(SETTINGS);
const [input, results] = ['Input', 'Results'].map((id) => deployed.arn('AWS::S3::Bucket', id));
const receiver = role('ReceiverRole', deployed.identityPolicies('ReceiverRole'));
const may = (call: Call) => {
  const context = { 's3:TlsVersion': '1.3', ...call.context };
  return isAllowed(receiver, { ...call, context }, deployed.resourcePolicy('Input'));
};
const prefix = (text: string) => ({ 's3:prefix': text });
const UPLOAD = `${input}/incoming/received-20261130101500123-0a1b2c3d`;
const UNDER_WAY = `${input}/receiving/received-20261130101500123-0a1b2c3d.json`;

/** What `receive --service` asks of S3: test/cli/receive/uploads.test.ts sees it do so. */
const ALLOWED: Call[] = [
  { action: 's3:PutObject', resource: `${UPLOAD}/1.2/1.2.3/1.2.3.4.dcm` },
  { action: 's3:GetObject', resource: `${UPLOAD}/1.2/1.2.3/1.2.3.4.dcm` },
  { action: 's3:PutObject', resource: `${UPLOAD}/_READY.json` },
  { action: 's3:ListBucket', resource: input, context: prefix('incoming/received-20261130101500123-0a1b2c3d/') },
  { action: 's3:ListBucket', resource: input, context: prefix('receiving/') },
  ...['s3:PutObject', 's3:GetObject', 's3:DeleteObject'].map((action) => ({ action, resource: UNDER_WAY })),
];

const DENIED: Call[] = [
  { action: 's3:DeleteObject', resource: `${UPLOAD}/_READY.json` },
  { action: 's3:GetObject', resource: `${input}/incoming/other/1.dcm` },
  { action: 's3:PutObject', resource: `${input}/incoming/other/_READY.json` },
  { action: 's3:PutObject', resource: `${input}/dropbox/device/1.dcm` },
  { action: 's3:ListBucket', resource: input, context: prefix('incoming/') },
  { action: 's3:ListBucket', resource: input },
  { action: 's3:GetObject', resource: `${results}/runs/u/results/dvh_metrics.parquet` },
  { action: 's3:PutObject', resource: `${results}/config/pipeline.json` },
];

test('the receiver may read and write its own uploads, with the key of what it writes', async () => {
  for (const call of ALLOWED) assert.ok(await may(call), JSON.stringify(call));
  const context = { 'kms:ViaService': `s3.${REGION}.amazonaws.com`, 'kms:EncryptionContext:aws:s3:arn': input };
  const key = { action: 'kms:GenerateDataKey', resource: deployed.arn('AWS::KMS::Key', 'Key'), context };
  assert.ok(await isAllowed(receiver, key, deployed.resourcePolicy('Key')));
});

test('the receiver may not touch the uploads of others or results', async () => {
  for (const call of DENIED) assert.ok(!(await may(call)), JSON.stringify(call));
});

test('the receiver is one task in private subnets behind an internal balancer, open to its senders alone', () => {
  const { pipeline } = templatesOf(builtApp(SETTINGS));
  pipeline.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internal', Type: 'network' });
  pipeline.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port: 11112, Protocol: 'TCP' });
  pipeline.hasResourceProperties('AWS::EC2::SecurityGroup', {
    SecurityGroupIngress: [Match.objectLike({ CidrIp: '10.1.0.0/16', FromPort: 11112, ToPort: 11112 })],
  });
  pipeline.hasResourceProperties('AWS::ECS::Service', {
    DesiredCount: 1,
    LaunchType: 'FARGATE',
    DeploymentConfiguration: Match.objectLike({ MinimumHealthyPercent: 0, MaximumPercent: 100 }),
    NetworkConfiguration: { AwsvpcConfiguration: Match.objectLike({ AssignPublicIp: 'DISABLED' }) },
  });
  const [{ Properties }] = Object.values(pipeline.findResources('AWS::ECS::TaskDefinition'));
  const [container] = Properties.ContainerDefinitions;
  assert.deepEqual([container.User, container.ReadonlyRootFilesystem], ['10001', true]);
  const words = container.Command.filter((word: unknown) => typeof word === 'string').join(' ');
  assert.match(words, /^--aet CLINIC --port 11112 --associations 8 --out --quiet-period 600 --from LINAC1 TPS$/);
});

test('with a certificate senders connect by TLS alone; without senders no receiver is deployed', () => {
  const receiverCertificate = 'arn:aws:acm:eu-west-1:123456789012:certificate/0a1b2c3d';
  const { pipeline } = templatesOf(builtApp({ ...SETTINGS, receiverCertificate }));
  pipeline.resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 1);
  pipeline.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
    Port: 2762,
    Protocol: 'TLS',
    Certificates: [{ CertificateArn: receiverCertificate }],
    SslPolicy: Match.stringLikeRegexp('TLS13'),
  });
  templatesOf(builtApp()).pipeline.resourceCountIs('AWS::ECS::Service', 0);
});
