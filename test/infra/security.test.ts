import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Match } from 'aws-cdk-lib/assertions';
import { STAGE_ACCESS } from '../../infra/access.ts';
import { JOB_STAGE_NAMES, STAGES } from '../../lib/stages/table.ts';
import { STAGE_BINDINGS } from '../../statemachine/bindings.ts';
import { builtApp, objectRights, statementsOf, templatesOf } from '../fixtures/cloud-app.ts';

const { storage, pipeline } = templatesOf(builtApp());

const ofType = (template: typeof storage, type: string) => Object.entries(template.findResources(type));

test('every bucket is private, versioned, owned and encrypted', () => {
  const buckets = ofType(storage, 'AWS::S3::Bucket');
  assert.equal(buckets.length, 3);
  for (const [id, { Properties, DeletionPolicy }] of buckets) {
    assert.deepEqual(Object.values(Properties.PublicAccessBlockConfiguration), [true, true, true, true], id);
    assert.equal(Properties.VersioningConfiguration.Status, 'Enabled', id);
    assert.equal(Properties.OwnershipControls.Rules[0].ObjectOwnership, 'BucketOwnerEnforced', id);
    assert.equal(DeletionPolicy, 'Retain', id);
    const [{ ServerSideEncryptionByDefault: encryption, BucketKeyEnabled }] =
      Properties.BucketEncryption.ServerSideEncryptionConfiguration;
    if (id.startsWith('AccessLogs')) assert.equal(encryption.SSEAlgorithm, 'AES256');
    else assert.deepEqual([encryption.SSEAlgorithm, BucketKeyEnabled], ['aws:kms', true], id);
  }
});

test('buckets with patient data log access, end broken uploads and expire old versions', () => {
  for (const [id, { Properties }] of ofType(storage, 'AWS::S3::Bucket')) {
    if (id.startsWith('AccessLogs')) continue;
    assert.ok(Properties.LoggingConfiguration.DestinationBucketName.Ref.startsWith('AccessLogs'), id);
    const [rule] = Properties.LifecycleConfiguration.Rules;
    assert.equal(rule.AbortIncompleteMultipartUpload.DaysAfterInitiation, 1);
    assert.equal(rule.NoncurrentVersionExpiration.NoncurrentDays, 30);
  }
});

test('every bucket refuses requests without TLS 1.2', () => {
  const policies = ofType(storage, 'AWS::S3::BucketPolicy');
  assert.equal(policies.length, 3);
  for (const [id, { Properties }] of policies) {
    const denied = Properties.PolicyDocument.Statement.filter(({ Effect }: { Effect: string }) => Effect === 'Deny');
    const conditions = JSON.stringify(denied.map(({ Condition }: { Condition: unknown }) => Condition));
    assert.match(conditions, /"aws:SecureTransport":"false"/, id);
    assert.match(conditions, /"NumericLessThan":\{"s3:TlsVersion":1.2\}/, id);
  }
});

test('a put with another key or algorithm is refused', () => {
  for (const sid of ['OnlyKmsEncryption', 'OnlyThisKey']) {
    const statement = Match.objectLike({ Sid: sid, Effect: 'Deny', Action: 's3:PutObject' });
    storage.resourcePropertiesCountIs(
      'AWS::S3::BucketPolicy',
      { PolicyDocument: { Statement: Match.arrayWith([statement]) } },
      2,
    );
  }
});

test('the key rotates, and only services that name this account may use it', () => {
  const [[, { Properties }]] = ofType(storage, 'AWS::KMS::Key');
  assert.equal(Properties.EnableKeyRotation, true);
  const statements: { Sid?: string; Principal: object; Condition?: object }[] = Properties.KeyPolicy.Statement;
  const [owner, events, ...others] = statements.filter(({ Condition }) => Condition === undefined);
  assert.match(JSON.stringify(owner.Principal), /:root/);
  // SNS and SQS developer guides, encrypted topics and queues: EventBridge sends no account and no ARN to KMS.
  assert.deepEqual(events.Principal, { Service: 'events.amazonaws.com' });
  assert.deepEqual(others, []);
  assert.deepEqual(
    statements.flatMap(({ Sid }) => (Sid ? [Sid] : [])),
    ['Logs', 'AlarmsAndLogDelivery', 'Events', 'DisksOfHosts'],
  );
});

test('images are scanned, retained, and their tags cannot be replaced', () => {
  storage.resourcePropertiesCountIs(
    'AWS::ECR::Repository',
    { ImageScanningConfiguration: { ScanOnPush: true }, ImageTagMutability: 'IMMUTABLE' },
    2,
  );
});

test('every log group is encrypted and expires', () => {
  const groups = ofType(pipeline, 'AWS::Logs::LogGroup');
  assert.equal(groups.length, 4);
  for (const [id, { Properties }] of groups) {
    assert.ok(Properties.KmsKeyId, id);
    assert.equal(Properties.RetentionInDays, 365, id);
  }
});

test('queues and topic are encrypted and refuse requests without TLS', () => {
  const queues = ofType(pipeline, 'AWS::SQS::Queue');
  for (const [id, { Properties }] of queues) assert.ok(Properties.KmsMasterKeyId, id);
  assert.ok(ofType(pipeline, 'AWS::SNS::Topic').every(([, { Properties }]) => Properties.KmsMasterKeyId));
  const insecure = Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
  const policy = { PolicyDocument: { Statement: Match.arrayWith([insecure]) } };
  pipeline.resourcePropertiesCountIs('AWS::SQS::QueuePolicy', policy, queues.length);
  pipeline.resourcePropertiesCountIs('AWS::SNS::TopicPolicy', policy, 1);
});

test('state machines are encrypted, traced, and log errors without data', () => {
  const machines = ofType(pipeline, 'AWS::StepFunctions::StateMachine');
  assert.equal(machines.length, 2);
  for (const [id, { Properties }] of machines) {
    assert.equal(Properties.EncryptionConfiguration.Type, 'CUSTOMER_MANAGED_KMS_KEY', id);
    assert.equal(Properties.TracingConfiguration.Enabled, true, id);
    assert.equal(Properties.LoggingConfiguration.Level, 'ERROR', id);
    assert.equal(Properties.LoggingConfiguration.IncludeExecutionData, false, id);
  }
});

test('functions run Node 24 on ARM, traced, with their environment encrypted', () => {
  for (const [id, { Properties }] of ofType(pipeline, 'AWS::Lambda::Function')) {
    assert.deepEqual([Properties.Runtime, Properties.Architectures], ['nodejs24.x', ['arm64']], id);
    assert.equal(Properties.TracingConfig.Mode, 'Active', id);
    assert.ok(Properties.KmsKeyArn, id);
  }
});

test('containers run without root and privileges on a read-only file system', () => {
  const definitions = ofType(pipeline, 'AWS::Batch::JobDefinition');
  const stages = Object.values(STAGE_BINDINGS).filter(({ runs }) => runs !== 'lambda');
  assert.equal(definitions.length, stages.length);
  for (const [id, { Properties }] of definitions) {
    const container = Properties.ContainerProperties;
    assert.deepEqual(
      [container.User, container.ReadonlyRootFilesystem, container.Privileged],
      ['10001', true, false],
      id,
    );
    assert.deepEqual(Properties.RetryStrategy, { Attempts: 1 }, id);
  }
  const roles = definitions.map(([, { Properties }]) => JSON.stringify(Properties.ContainerProperties.JobRoleArn));
  assert.equal(new Set(roles).size, stages.length, 'each stage has a role of its own');
});

test('stages that need models keep them on the disk of their host, readable by their user alone', () => {
  const [[, { Properties: template }]] = ofType(pipeline, 'AWS::EC2::LaunchTemplate');
  const script = JSON.stringify(template.LaunchTemplateData.UserData);
  for (const [id, { Properties }] of ofType(pipeline, 'AWS::Batch::JobDefinition')) {
    const { Volumes, MountPoints, Environment, User } = Properties.ContainerProperties;
    const volume = Volumes.find(({ Name }: { Name: string }) => Name === 'models');
    assert.equal(volume !== undefined, /segmentation|custom-models/.test(Properties.JobDefinitionName), id);
    if (!volume) continue;
    const mount = MountPoints.find(({ SourceVolume }: { SourceVolume: string }) => SourceVolume === 'models');
    const named = Environment.find(({ Name }: { Name: string }) => Name === 'RTPIPELINE_MODELS');
    assert.equal(named.Value, mount.ContainerPath);
    assert.ok(script.includes(`install -d -o ${User} -g ${User} -m 0755 ${volume.Host.SourcePath}`), script);
  }
});

test('hosts have encrypted disks and require a token for their role, out of reach of jobs', () => {
  const [[, { Properties }]] = ofType(pipeline, 'AWS::EC2::LaunchTemplate');
  const { MetadataOptions: metadata, BlockDeviceMappings: disks } = Properties.LaunchTemplateData;
  assert.deepEqual([metadata.HttpTokens, metadata.HttpPutResponseHopLimit], ['required', 1]);
  const script = JSON.stringify(Properties.LaunchTemplateData.UserData);
  assert.match(script, /iptables -I OUTPUT -d 169\.254\.169\.254 -m owner --uid-owner 10001 -j REJECT/);
  assert.equal(disks[0].Ebs.Encrypted, true);
  assert.ok(disks[0].Ebs.KmsKeyId);
});

test('hosts pin the version of the launch template, cost nothing when idle, and GPU hosts name their image', () => {
  const environments = ofType(pipeline, 'AWS::Batch::ComputeEnvironment').map(([, { Properties }]) => Properties);
  assert.equal(environments.length, 8);
  for (const { ComputeResources: hosts, ReplaceComputeEnvironment, ComputeEnvironmentName } of environments) {
    assert.equal(ReplaceComputeEnvironment, false);
    assert.equal(ComputeEnvironmentName, undefined, 'a name would keep it from being replaced');
    if (hosts.Type.startsWith('FARGATE')) continue;
    assert.equal(hosts.MinvCpus, 0);
    assert.match(JSON.stringify(hosts.LaunchTemplate.Version), /LatestVersionNumber/);
    const isGpu = hosts.InstanceTypes.some((type: string) => type.startsWith('g'));
    assert.deepEqual(hosts.Ec2Configuration, [{ ImageType: isGpu ? 'ECS_AL2023_NVIDIA' : 'ECS_AL2023' }]);
  }
});

test('job definitions run on EC2 or Fargate as the table of stages says; a GPU comes only on request', () => {
  const definitions = ofType(pipeline, 'AWS::Batch::JobDefinition');
  const onHosts: string[] = JOB_STAGE_NAMES.filter((stage) => STAGES[stage].hosts === 'ec2');
  assert.equal(definitions.length, Object.values(STAGE_BINDINGS).filter(({ runs }) => runs !== 'lambda').length);
  for (const [, { Properties }] of definitions) {
    const name = Properties.JobDefinitionName.replace('rtpipeline-', '').replaceAll('-', '_');
    assert.deepEqual(Properties.PlatformCapabilities, [onHosts.includes(name) ? 'EC2' : 'FARGATE'], name);
    const needs = Properties.ContainerProperties.ResourceRequirements.map(({ Type }: { Type: string }) => Type);
    assert.deepEqual(needs, ['VCPU', 'MEMORY'], name);
  }
});

test('nothing connects to jobs, and jobs connect by TLS alone, without internet by default', () => {
  for (const [id, { Properties }] of ofType(pipeline, 'AWS::EC2::SecurityGroup')) {
    const ingress = Properties.SecurityGroupIngress ?? [];
    if (id.startsWith('NetworkJobs')) assert.deepEqual(ingress, []);
    for (const rule of ingress)
      assert.deepEqual([rule.CidrIp, rule.FromPort, rule.ToPort], ['10.42.0.0/16', 443, 443], id);
  }
  pipeline.resourceCountIs('AWS::EC2::InternetGateway', 0);
  pipeline.resourceCountIs('AWS::EC2::NatGateway', 0);
  pipeline.resourceCountIs('AWS::EC2::FlowLog', 1);
});

for (const { stage, runs } of Object.values(STAGE_BINDINGS)) {
  test(`the role of ${stage} reaches the objects of its row and no others`, () => {
    const { upload, models, reads, writes, deletes = [] } = STAGE_ACCESS[stage];
    const ofRuns = (action: string, patterns: string[]) =>
      patterns.map((pattern) => `${action} results/runs/*/${pattern}`);
    const expected = [
      ...ofRuns('GetObject', [...reads, ...writes]),
      ...ofRuns('PutObject', writes),
      ...ofRuns('DeleteObject', deletes),
      ...(models ? ['GetObject results/models/*'] : []),
      ...(upload ? ['incoming', 'archives', 'dropbox'].map((prefix) => `GetObject input/${prefix}/*`) : []),
      'ListBucket results/',
      ...(upload ? ['ListBucket input/'] : []),
    ];
    const role = `${runs === 'lambda' ? 'Functions' : 'Jobs'}${stage.replace(/_/g, '')}Role`;
    assert.deepEqual(objectRights(statementsOf(pipeline, role)), [...new Set(expected)].sort());
  });
}

test('no role may do everything in a service, and none may change roles or keys', () => {
  for (const [id, { Properties }] of ofType(pipeline, 'AWS::IAM::Policy')) {
    for (const { Action } of Properties.PolicyDocument.Statement) {
      for (const action of [Action].flat()) {
        assert.ok(!action.includes('*'), `${id}: ${action}`);
        assert.ok(!/^(iam|kms:(Put|Schedule|Disable)|s3:(Put|Delete)Bucket)/.test(action), `${id}: ${action}`);
      }
    }
  }
});

test('the stage machine may end jobs in its own queues and definitions alone', () => {
  const statements = statementsOf(pipeline, 'Machinesstagejob');
  const submit = statements.find(({ Action }) => Action === 'batch:SubmitJob');
  assert.equal([submit?.Resource].flat().length, 7, 'definitions by pattern, six queues');
  const actions = statements.flatMap(({ Action }) => Action);
  assert.ok(actions.includes('batch:TerminateJob') && actions.includes('batch:DescribeJobs'));
});

test('an upload is announced to a queue with a dead-letter queue', () => {
  pipeline.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { object: { key: [{ wildcard: 'incoming/*/_READY.json' }, { wildcard: 'incoming/*.zip' }] } },
    },
  });
  pipeline.hasResourceProperties('AWS::SQS::Queue', { RedrivePolicy: { maxReceiveCount: 20 } });
  pipeline.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    BatchSize: 1,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
  });
});

test('a blocked queue is recognised by the field of the Batch event', () => {
  // AWS Batch user guide, "Job queue blocked events".
  const [[, rule]] = ofType(pipeline, 'AWS::Events::Rule').filter(([id]) => id.includes('QueueBlocked'));
  assert.deepEqual(Object.keys(rule.Properties.EventPattern.detail), ['jobQueue']);
});

test('a person is notified of failed and throttled runs, unhandled messages and stuck jobs', () => {
  const alarms = ofType(pipeline, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
  assert.deepEqual(alarms.map(({ MetricName }) => MetricName).sort(), [
    'ApproximateAgeOfOldestMessage',
    'ApproximateNumberOfMessagesVisible',
    'ExecutionThrottled',
    'ExecutionsFailed',
    'ExecutionsTimedOut',
    'MatchedEvents',
  ]);
  for (const { AlarmActions } of alarms) assert.equal(AlarmActions.length, 1);
});

test('endpoints are in one zone unless more are asked for; jobs are in all zones', () => {
  const zonesOf = (template: typeof pipeline) => {
    template.allResourcesProperties('AWS::Batch::ComputeEnvironment', {
      ComputeResources: Match.objectLike({ Subnets: [Match.anyValue(), Match.anyValue()] }),
    });
    const endpoints = Object.values(template.findResources('AWS::EC2::VPCEndpoint')).map(
      ({ Properties }) => Properties,
    );
    const interfaces = endpoints.filter(({ VpcEndpointType }) => VpcEndpointType === 'Interface');
    assert.equal(interfaces.length, 6);
    assert.ok(interfaces.every(({ PrivateDnsEnabled }) => PrivateDnsEnabled === true));
    return new Set(interfaces.map(({ SubnetIds }) => SubnetIds.length));
  };
  assert.deepEqual([...zonesOf(pipeline)], [1]);
  assert.deepEqual([...zonesOf(templatesOf(builtApp({ endpointZones: 2 })).pipeline)], [2]);
  assert.throws(() => builtApp({ zones: 1, endpointZones: 2 }), /endpointZones/);
});
