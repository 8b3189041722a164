import { Stack } from 'aws-cdk-lib';
import { CfnJobDefinition } from 'aws-cdk-lib/aws-batch';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { STAGES } from '../../lib/stages/table.ts';
import { CONTAINERS, STAGE_BINDINGS, type StageBinding } from '../../statemachine/bindings.ts';
import { STAGE_ACCESS } from '../access.ts';
import type { Deployment } from '../config.ts';
import type { Storage } from '../storage-stack.ts';
import { HOST_MODELS, JOB_USER } from './hosts.ts';
import { imageOf, imageRepositories } from './image-repositories.ts';
import type { Network } from './network.ts';
import { allow, grantStage } from './policies.ts';

export interface JobDefinitionsProps {
  deployment: Deployment;
  network: Network;
  storage: Storage;
  logs: ILogGroup;
  version: string;
}

/** A job definition and a role for every stage that the bindings send to Batch. */
export class JobDefinitions extends Construct {
  /** ARN by name of its placeholder. */
  readonly arns: Record<string, string>;
  readonly roles: Record<string, Role> = {};
  private readonly props: JobDefinitionsProps;
  /** Of whatever starts an image and logs where jobs do. */
  readonly executionRole: Role;

  constructor(scope: Construct, id: string, props: JobDefinitionsProps) {
    super(scope, id);
    this.props = props;
    this.executionRole = this.startingRole();
    const jobs = Object.entries(STAGE_BINDINGS).filter(([, { runs }]) => runs !== 'lambda');
    this.arns = Object.fromEntries(jobs.map(([placeholder, binding]) => [placeholder, this.define(binding)]));
  }

  /** Every revision of the definitions may be submitted: a run continues with the revision that it started with. */
  get submittable(): string[] {
    return [`${this.props.deployment.name}-*`].map((resourceName) =>
      Stack.of(this).formatArn({ service: 'batch', resource: 'job-definition', resourceName }),
    );
  }

  private define({ stage, runs }: StageBinding): string {
    const { deployment, network, storage, logs, version } = this.props;
    const isGpu = runs === 'batch gpu';
    const onHosts = STAGES[stage].hosts === 'ec2';
    const { models = false } = STAGE_ACCESS[stage];
    const role = new Role(this, `${stage}Role`, {
      description: `Jobs of the stage ${stage}`,
      assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
    });
    grantStage(role, STAGE_ACCESS[stage], storage);
    this.roles[stage] = role;
    return new CfnJobDefinition(this, stage, {
      jobDefinitionName: `${deployment.name}-${stage.replaceAll('_', '-')}`,
      type: 'container',
      platformCapabilities: [onHosts ? 'EC2' : 'FARGATE'],
      propagateTags: true,
      parameters: { task: '' },
      // The state machine retries and counts: a second attempt by Batch would hide a lost host from it.
      retryStrategy: { attempts: 1 },
      resourceRetentionPolicy: { skipDeregisterOnUpdate: true },
      containerProperties: {
        image: imageOf(CONTAINERS[runs as keyof typeof CONTAINERS], deployment, storage, version),
        command: ['Ref::task'],
        jobRoleArn: role.roleArn,
        executionRoleArn: this.executionRole.roleArn,
        user: JOB_USER,
        readonlyRootFilesystem: true,
        privileged: false,
        volumes: [
          { name: 'scratch', host: {} },
          ...(models ? [{ name: 'models', host: { sourcePath: HOST_MODELS } }] : []),
        ],
        mountPoints: [
          { containerPath: '/tmp', sourceVolume: 'scratch', readOnly: false },
          ...(models ? [{ containerPath: '/models', sourceVolume: 'models', readOnly: false }] : []),
        ],
        environment: [
          { name: 'AWS_REGION', value: Stack.of(this).region },
          ...(models ? [{ name: 'RTPIPELINE_MODELS', value: '/models' }] : []),
        ],
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': logs.logGroupName,
            'awslogs-region': Stack.of(this).region,
            'awslogs-stream-prefix': stage,
          },
        },
        resourceRequirements: [
          { type: 'VCPU', value: isGpu ? '8' : '2' },
          { type: 'MEMORY', value: isGpu ? '30000' : '8192' },
          // The submission asks for the GPU: with `device: cpu` the same jobs run on hosts without one.
        ],
        ...(onHosts
          ? { linuxParameters: { initProcessEnabled: true, ...(isGpu && { sharedMemorySize: 8192 }) } }
          : {
              linuxParameters: { initProcessEnabled: true },
              fargatePlatformConfiguration: { platformVersion: 'LATEST' },
              runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' },
              networkConfiguration: { assignPublicIp: network.assignPublicIp ? 'ENABLED' : 'DISABLED' },
              ephemeralStorage: { sizeInGiB: 50 },
            }),
      },
    }).ref;
  }

  /** Pulls the image and opens the log before the container runs. */
  private startingRole(): Role {
    const { storage, logs } = this.props;
    const role = new Role(this, 'StartingRole', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
    allow(role, ['ecr:GetAuthorizationToken'], ['*']);
    allow(
      role,
      ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'],
      imageRepositories(this, this.props.deployment, storage),
    );
    allow(role, ['logs:CreateLogStream', 'logs:PutLogEvents'], [`${logs.logGroupArn}`]);
    return role;
  }
}
