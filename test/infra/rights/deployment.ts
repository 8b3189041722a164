import { builtApp, type Templates, templatesOf } from '../../fixtures/cloud-app.ts';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-central-1';

export interface Policy {
  Version: string;
  Statement: { Sid?: string; Effect: string; Action: string | string[]; [key: string]: unknown }[];
}
interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
}
type Resources = Record<string, Resource>;

/** What `cdk deploy` would make in an account, as far as rights go: policies with the ARNs of their resources. */
export interface Deployment {
  /** ARN of the one resource of the type whose logical id begins so. */
  arn(type: string, id: string): string;
  /** Policies of the role whose logical id begins so. */
  identityPolicies(role: string): Policy[];
  /** Policy of the bucket, queue, topic or key whose logical id begins so. */
  resourcePolicy(id: string): Policy | undefined;
  /** The managed policy, or the policy of the endpoint, whose logical id begins so. */
  policyOf(type: 'AWS::IAM::ManagedPolicy' | 'AWS::EC2::VPCEndpoint', id: string): Policy;
  /** Logical ids of the roles. */
  roles: string[];
}

export function deployment(settings: Record<string, unknown> = {}): Deployment {
  return deploymentOf(templatesOf(builtApp(settings)));
}

/** The templates of a deployment, every reference replaced by the ARN or name that it stands for. */
export function deploymentOf(built: Templates): Deployment {
  const templates = Object.values(built).map((template) => template.toJSON());
  const resources: Resources = Object.assign({}, ...templates.map(({ Resources }) => Resources));
  const outputs: { Value: unknown; Export?: { Name: string } }[] = templates.flatMap(({ Outputs = {} }) =>
    Object.values(Outputs as object),
  );
  const exported = new Map(outputs.flatMap(({ Value, Export }) => (Export ? [[Export.Name, Value]] : [])));
  const resolve = (value: unknown): unknown => resolved(value, resources, exported);
  const ofType = (type: string) => Object.entries(resources).filter(([, { Type }]) => Type === type);
  const one = (type: string, id: string) => {
    const found = ofType(type).filter(([name]) => name.startsWith(id));
    if (found.length !== 1) throw new Error(`${found.length} resources ${type} begin with ${id}`);
    return found[0][0];
  };
  return {
    arn: (type, id) => arnOf(one(type, id), resources),
    roles: ofType('AWS::IAM::Role').map(([id]) => id),
    identityPolicies(role) {
      const id = one('AWS::IAM::Role', role);
      const policies = ofType('AWS::IAM::Policy').filter(([, { Properties }]) =>
        (Properties.Roles as { Ref: string }[]).some(({ Ref }) => Ref === id),
      );
      return policies.map(([, { Properties }]) => resolve(Properties.PolicyDocument) as Policy);
    },
    policyOf: (type, id) => resolve(resources[one(type, id)].Properties.PolicyDocument) as Policy,
    resourcePolicy(id) {
      const key = ofType('AWS::KMS::Key').find(([name]) => name.startsWith(id));
      if (key) return resolve(key[1].Properties.KeyPolicy) as Policy;
      const policies = ['AWS::S3::BucketPolicy', 'AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy'].flatMap(ofType);
      const policy = policies.find(
        ([name]) => name.startsWith(`${id}Policy`) || new RegExp(`^${id}[A-F0-9]{8}`).test(name),
      );
      return policy && (resolve(policy[1].Properties.PolicyDocument) as Policy);
    },
  };
}

const PSEUDO: Record<string, string> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::Region': REGION,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** The value with the intrinsic functions of CloudFormation that policies use carried out. */
function resolved(value: unknown, resources: Resources, exported: Map<string, unknown>): unknown {
  const inner = (one: unknown) => resolved(one, resources, exported);
  if (Array.isArray(value)) return value.map(inner);
  if (typeof value !== 'object' || value === null) return value;
  const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
  if (others.length === 0) {
    if (name === 'Ref') return PSEUDO[argument] ?? refOf(argument, resources);
    if (name === 'Fn::GetAtt')
      return argument[1].endsWith('Name') ? nameOf(argument[0], resources) : arnOf(argument[0], resources);
    if (name === 'Fn::ImportValue') return inner(exported.get(argument));
    if (name === 'Fn::Join') return (inner(argument[1]) as string[]).join(argument[0]);
    if (name === 'Fn::Split') return String(inner(argument[1])).split(argument[0]);
    if (name === 'Fn::Select') return (inner(argument[1]) as string[])[Number(argument[0])];
    if (name === 'Fn::Sub') return String(argument).replace(/\$\{([^}]+)\}/g, (_, pseudo) => PSEUDO[pseudo]);
    if (name.startsWith('Fn::')) throw new Error(`${name} in a policy`);
  }
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inner(one)]));
}

/** `Ref` of these types answers with the ARN, of all others with the name. */
const REF_IS_ARN = /^AWS::(SNS::Topic|StepFunctions::StateMachine|Batch::JobDefinition|SecretsManager::Secret)$/;

function refOf(id: string, resources: Resources): string {
  return REF_IS_ARN.test(resources[id]?.Type ?? '') ? arnOf(id, resources) : nameOf(id, resources);
}

function nameOf(id: string, resources: Resources): string {
  const { Properties = {}, Type = '' } = resources[id] ?? {};
  const given = [
    'StateMachineName',
    'FunctionName',
    'JobQueueName',
    'JobDefinitionName',
    'LogGroupName',
    'RepositoryName',
  ]
    .map((property) => Properties[property])
    .find((name) => typeof name === 'string');
  return given ? String(given) : Type === 'AWS::S3::Bucket' ? id.replace(/[A-F0-9]{8}$/, '').toLowerCase() : id;
}

const RESOURCE_OF: Record<string, (name: string) => string> = {
  'AWS::KMS::Key': (name) => `kms:${REGION}:${ACCOUNT}:key/${name}`,
  'AWS::S3::Bucket': (name) => `s3:::${name}`,
  'AWS::IAM::Role': (name) => `iam::${ACCOUNT}:role/${name}`,
  'AWS::SQS::Queue': (name) => `sqs:${REGION}:${ACCOUNT}:${name}`,
  'AWS::SNS::Topic': (name) => `sns:${REGION}:${ACCOUNT}:${name}`,
  'AWS::StepFunctions::StateMachine': (name) => `states:${REGION}:${ACCOUNT}:stateMachine:${name}`,
  'AWS::Lambda::Function': (name) => `lambda:${REGION}:${ACCOUNT}:function:${name}`,
  'AWS::Batch::JobQueue': (name) => `batch:${REGION}:${ACCOUNT}:job-queue/${name}`,
  'AWS::Batch::JobDefinition': (name) => `batch:${REGION}:${ACCOUNT}:job-definition/${name}:1`,
  'AWS::Logs::LogGroup': (name) => `logs:${REGION}:${ACCOUNT}:log-group:${name}:*`,
  'AWS::SecretsManager::Secret': (name) => `secretsmanager:${REGION}:${ACCOUNT}:secret:${name}-a1b2c3`,
  'AWS::ECR::Repository': (name) => `ecr:${REGION}:${ACCOUNT}:repository/${name}`,
  'AWS::Events::Rule': (name) => `events:${REGION}:${ACCOUNT}:rule/${name}`,
};

function arnOf(id: string, resources: Resources): string {
  const type = resources[id]?.Type ?? '';
  const resource = RESOURCE_OF[type]?.(nameOf(id, resources)) ?? `other:${REGION}:${ACCOUNT}:${id}`;
  return `arn:aws:${resource}`;
}
