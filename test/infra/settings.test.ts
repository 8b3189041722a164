import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Match } from 'aws-cdk-lib/assertions';
import { deploymentSchema, readDeployment } from '../../infra/config.ts';
import { builtApp, templatesOf } from '../fixtures/cloud-app.ts';
import { deployment } from './rights/deployment.ts';

test('every setting has a meaning and a default', () => {
  const defaults = deploymentSchema.parse({});
  for (const [name, schema] of Object.entries(deploymentSchema.shape)) {
    assert.ok(meaningOf(schema), name);
    assert.notEqual(defaults[name as keyof typeof defaults], undefined, name);
  }
});

test('settings come from the context, single ones override the block, and unknown ones are refused', () => {
  const context = (values: Record<string, unknown>) => ({ tryGetContext: (key: string) => values[key] });
  const read = readDeployment(context({ rtpipeline: { network: 'nat', zones: 3 }, 'rtpipeline.zones': '1' }));
  assert.deepEqual([read.network, read.zones, read.retain], ['nat', 1, true]);
  assert.throws(() => readDeployment(context({ rtpipeline: { netwrok: 'nat' } })), /netwrok/);
});

test('lists are accepted on the command line, as JSON or separated by commas', () => {
  const hosts = (value: string) =>
    readDeployment({ tryGetContext: (key) => (key === 'rtpipeline.segmentationHosts' ? value : undefined) });
  for (const text of ['g5.2xlarge,g5.4xlarge', '["g5.2xlarge", "g5.4xlarge"]'])
    assert.deepEqual(hosts(text).segmentationHosts, ['g5.2xlarge', 'g5.4xlarge']);
  assert.throws(() => hosts('g5'), /segmentationHosts/);
});

test('a deployment that retains nothing deletes its image repositories with their images', () => {
  const { storage } = templatesOf(builtApp({ retain: false }));
  storage.resourcePropertiesCountIs('AWS::ECR::Repository', { EmptyOnDelete: true }, 2);
});

test('hosts and jobs may pull images from another configured ECR repository', () => {
  const elsewhere = 'arn:aws:ecr:eu-west-1:444455556666:repository/group/analysis';
  const image = '444455556666.dkr.ecr.eu-west-1.amazonaws.com/group/analysis@sha256:abc';
  const deployed = deployment({ analysisImage: image });
  for (const role of ['ComputeHostRole', 'JobsStartingRole'])
    assert.ok(JSON.stringify(deployed.identityPolicies(role)).includes(elsewhere), role);
});

test('an existing network is used unchanged: only the security group of the jobs is added', () => {
  const own = { vpc: 'vpc-0a1b2c3d4e5f60718', subnets: ['subnet-0a1b2c3d4e5f60718', 'subnet-0a1b2c3d4e5f60719'] };
  const { pipeline } = templatesOf(builtApp(own));
  for (const type of ['VPC', 'Subnet', 'VPCEndpoint', 'FlowLog', 'RouteTable'])
    pipeline.resourceCountIs(`AWS::EC2::${type}`, 0);
  pipeline.hasResourceProperties('AWS::EC2::SecurityGroup', { VpcId: own.vpc });
  pipeline.allResourcesProperties('AWS::Batch::ComputeEnvironment', {
    ComputeResources: Match.objectLike({ Subnets: own.subnets }),
  });
  const read = (settings: object) =>
    readDeployment({ tryGetContext: (key) => (key === 'rtpipeline' ? settings : undefined) });
  assert.throws(() => read({ vpc: own.vpc }), /or neither/);
});

test('addresses and tags can be set, and metrics carry the name of the deployment', () => {
  const { pipeline } = templatesOf(
    builtApp({ name: 'second', cidr: '172.20.0.0/16', tags: 'owner=physics,cost-centre=4=2' }),
  );
  pipeline.hasResourceProperties('AWS::EC2::VPC', {
    CidrBlock: '172.20.0.0/16',
    Tags: Match.arrayWith([
      { Key: 'cost-centre', Value: '4=2' },
      { Key: 'owner', Value: 'physics' },
    ]),
  });
  pipeline.allResourcesProperties('AWS::Lambda::Function', {
    Environment: { Variables: Match.objectLike({ RTPIPELINE_DEPLOYMENT: 'second' }) },
  });
  const [dashboard] = Object.values(pipeline.findResources('AWS::CloudWatch::Dashboard'));
  const text = JSON.stringify(dashboard.Properties.DashboardBody);
  assert.ok(text.includes('\\"second\\",\\"CostEstimate') && !text.includes('\\"rtpipeline\\",'), text.slice(0, 400));
});

test('a budget covers resources with the tag of the deployment and sends mail; without an address it is refused', () => {
  const { pipeline } = templatesOf(
    builtApp({ name: 'second', monthlyBudget: 200, notificationEmail: 'a@example.org' }),
  );
  const subscribers = [{ SubscriptionType: 'EMAIL', Address: 'a@example.org' }];
  pipeline.hasResourceProperties('AWS::Budgets::Budget', {
    Budget: {
      BudgetLimit: { Amount: 200, Unit: 'USD' },
      CostFilters: { TagKeyValue: ['user:application$second'] },
    },
    NotificationsWithSubscribers: [
      { Notification: { NotificationType: 'ACTUAL', Threshold: 80 }, Subscribers: subscribers },
      { Notification: { NotificationType: 'FORECASTED', Threshold: 100 }, Subscribers: subscribers },
    ],
  });
  templatesOf(builtApp()).pipeline.resourceCountIs('AWS::Budgets::Budget', 0);
  assert.throws(() => builtApp({ monthlyBudget: 200 }), /needs rtpipeline.notificationEmail/);
});

test('the network setting decides how jobs reach AWS', () => {
  const counts = (network: string) => {
    const { pipeline } = templatesOf(builtApp({ network, dropboxMinutes: 10, retain: false }));
    const count = (type: string) => Object.keys(pipeline.findResources(type)).length;
    return {
      nat: count('AWS::EC2::NatGateway'),
      internet: count('AWS::EC2::InternetGateway'),
      endpoints: count('AWS::EC2::VPCEndpoint'),
      schedules: count('AWS::Scheduler::ScheduleGroup'),
    };
  };
  assert.deepEqual(counts('nat'), { nat: 1, internet: 1, endpoints: 1, schedules: 1 });
  assert.deepEqual(counts('public'), { nat: 0, internet: 1, endpoints: 1, schedules: 1 });
});

test('the state machines get the service limits, and a submission pace for the configured concurrency', () => {
  const substitutions = (settings: Record<string, unknown>) => {
    const machines = templatesOf(builtApp(settings)).pipeline.findResources('AWS::StepFunctions::StateMachine');
    const all = Object.values(machines).map(({ Properties }) => Properties.DefinitionSubstitutions);
    const { CatalogObjects, CatalogConcurrency, CourseConcurrency, SubmitSpreadSeconds } = Object.assign({}, ...all);
    return { CatalogObjects, CatalogConcurrency, CourseConcurrency, SubmitSpreadSeconds };
  };
  assert.deepEqual(substitutions({}), {
    CatalogObjects: '20000',
    CatalogConcurrency: '8',
    CourseConcurrency: '100',
    SubmitSpreadSeconds: '15',
  });
  assert.equal(substitutions({ courseConcurrency: 1000 }).SubmitSpreadSeconds, '150');
  assert.equal(substitutions({ catalogObjects: 100 }).CatalogObjects, '100');
});

function meaningOf(schema: { description?: string; unwrap?: () => unknown }): string | undefined {
  return schema.description;
}
