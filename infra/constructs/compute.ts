import { ArnFormat, Stack, Tags } from 'aws-cdk-lib';
import { CfnComputeEnvironment, CfnJobQueue, CfnSchedulingPolicy } from 'aws-cdk-lib/aws-batch';
import {
  BlockDeviceVolume,
  EbsDeviceVolumeType,
  LaunchTemplate,
  LaunchTemplateHttpTokens,
  UserData,
} from 'aws-cdk-lib/aws-ec2';
import { CfnInstanceProfile, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { QUEUE_BINDINGS } from '../../statemachine/bindings.ts';
import type { Deployment } from '../config.ts';
import type { Storage } from '../storage-stack.ts';
import { HOST_MODELS, JOB_USER } from './hosts.ts';
import { imageRepositories } from './image-repositories.ts';
import type { Network } from './network.ts';
import { allow } from './policies.ts';

type Market = 'SPOT' | 'EC2' | 'FARGATE' | 'FARGATE_SPOT';

interface HostOptions {
  instanceTypes: string[];
  imageType: 'ECS_AL2023' | 'ECS_AL2023_NVIDIA';
  maxvCpus: number;
}

/** The queues that the state machine submits to, and the hosts behind them. Nothing runs where there is no job. */
export class Compute extends Construct {
  /** ARN by name of its placeholder. */
  readonly queues: Record<keyof typeof QUEUE_BINDINGS, string>;
  private readonly deployment: Deployment;
  private readonly network: Network;
  private readonly launchTemplate: LaunchTemplate;
  private readonly instanceProfile: CfnInstanceProfile;
  private readonly fairShare: CfnSchedulingPolicy;

  constructor(scope: Construct, id: string, deployment: Deployment, network: Network, storage: Storage) {
    super(scope, id);
    this.deployment = deployment;
    this.network = network;
    const role = this.hostRole(storage);
    this.instanceProfile = new CfnInstanceProfile(this, 'HostProfile', { roles: [role.roleName] });
    this.launchTemplate = this.hostTemplate(storage);
    this.fairShare = new CfnSchedulingPolicy(this, 'FairShare', {
      // Runs share the hosts evenly, by what each used in the last hour.
      fairsharePolicy: { shareDecaySeconds: 3600, computeReservation: 10, shareDistribution: [] },
    });

    const gpu: HostOptions = {
      instanceTypes: deployment.segmentationHosts,
      imageType: 'ECS_AL2023_NVIDIA',
      maxvCpus: deployment.segmentationVcpus,
    };
    const largeGpu: HostOptions = { ...gpu, instanceTypes: deployment.largeSegmentationHosts };
    const long: HostOptions = {
      instanceTypes: deployment.longHosts,
      imageType: 'ECS_AL2023',
      maxvCpus: deployment.longVcpus,
    };
    const analysis = this.fargate('Analysis', 'FARGATE');
    const segmentation = this.hosts('Segmentation', 'EC2', gpu);
    this.queues = {
      AnalysisSpotQueueArn: this.queue('AnalysisSpot', [this.fargate('AnalysisSpot', 'FARGATE_SPOT'), analysis]),
      AnalysisOnDemandQueueArn: this.queue('AnalysisOnDemand', [analysis]),
      LongAnalysisQueueArn: this.queue('LongAnalysis', [
        this.hosts('LongAnalysisSpot', 'SPOT', long),
        this.hosts('LongAnalysis', 'EC2', long),
      ]),
      SegmentationSpotQueueArn: this.queue('SegmentationSpot', [
        this.hosts('SegmentationSpot', 'SPOT', gpu),
        segmentation,
      ]),
      SegmentationOnDemandQueueArn: this.queue('SegmentationOnDemand', [segmentation]),
      SegmentationLargeQueueArn: this.queue('SegmentationLarge', [
        this.hosts('SegmentationLargeSpot', 'SPOT', largeGpu),
        this.hosts('SegmentationLarge', 'EC2', largeGpu),
      ]),
    };
  }

  private hosts(id: string, type: Market, { instanceTypes, imageType, maxvCpus }: HostOptions): string {
    return this.environment(id, {
      type,
      allocationStrategy: type === 'SPOT' ? 'SPOT_PRICE_CAPACITY_OPTIMIZED' : 'BEST_FIT_PROGRESSIVE',
      minvCpus: 0,
      maxvCpus,
      instanceTypes,
      instanceRole: this.instanceProfile.attrArn,
      ec2Configuration: [{ imageType }],
      // Batch starts hosts with a new version of the template only if the version is given by number, not as $Latest.
      launchTemplate: {
        launchTemplateId: this.launchTemplate.launchTemplateId,
        version: this.launchTemplate.latestVersionNumber,
      },
      updateToLatestImageVersion: true,
    });
  }

  private fargate(id: string, type: Market): string {
    return this.environment(id, { type, maxvCpus: this.deployment.analysisVcpus });
  }

  private environment(
    id: string,
    resources: Omit<CfnComputeEnvironment.ComputeResourcesProperty, 'subnets' | 'securityGroupIds'>,
  ): string {
    return new CfnComputeEnvironment(this, `${id}Hosts`, {
      type: 'MANAGED',
      state: 'ENABLED',
      replaceComputeEnvironment: false,
      updatePolicy: { jobExecutionTimeoutMinutes: 60, terminateJobsOnUpdate: false },
      computeResources: {
        ...resources,
        subnets: this.network.subnetIds,
        securityGroupIds: [this.network.jobs.securityGroupId],
      },
    }).attrComputeEnvironmentArn;
  }

  private queue(id: string, environments: string[]): string {
    const maxTimeSeconds = 60 * this.deployment.runnableMinutes;
    const cancel = (reason: string) => ({ action: 'CANCEL', state: 'RUNNABLE', maxTimeSeconds, reason });
    return new CfnJobQueue(this, `${id}Queue`, {
      jobQueueName: `${this.deployment.name}-${kebab(id)}`,
      priority: 1,
      schedulingPolicyArn: this.fairShare.attrArn,
      computeEnvironmentOrder: environments.map((computeEnvironment, index) => ({
        order: index + 1,
        computeEnvironment,
      })),
      // A job that fits no host ends with a reason, which the state machine reads.
      jobStateTimeLimitActions: [
        cancel('CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY'),
        cancel('MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE'),
        cancel('MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT'),
      ],
    }).attrJobQueueArn;
  }

  private hostTemplate({ key }: Storage): LaunchTemplate {
    const userData = UserData.forLinux();
    userData.addCommands(
      'echo ECS_IMAGE_PULL_BEHAVIOR=prefer-cached >> /etc/ecs/ecs.config',
      // Batch jobs on EC2 use the network of the host, so the hop limit does not keep them from its role. This rule does.
      `iptables -I OUTPUT -d 169.254.169.254 -m owner --uid-owner ${JOB_USER} -j REJECT`,
      `install -d -o ${JOB_USER} -g ${JOB_USER} -m 0755 ${HOST_MODELS}`,
    );
    const template = new LaunchTemplate(this, 'HostTemplate', {
      // Containers get their role from the ECS agent.
      httpTokens: LaunchTemplateHttpTokens.REQUIRED,
      httpPutResponseHopLimit: 1,
      blockDevices: [
        {
          deviceName: '/dev/xvda',
          volume: BlockDeviceVolume.ebs(200, {
            volumeType: EbsDeviceVolumeType.GP3,
            encrypted: true,
            kmsKey: key,
            throughput: 500,
            deleteOnTermination: true,
          }),
        },
      ],
      userData: UserData.custom(multipart(userData.render())),
    });
    Tags.of(template).add('Name', `${this.deployment.name}-host`);
    return template;
  }

  /** AmazonEC2ContainerServiceforEC2Role without the rights that Batch does not need, and only for the images of the deployment. */
  private hostRole(storage: Storage): Role {
    const stack = Stack.of(this);
    const role = new Role(this, 'HostRole', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
    const clusters = stack.formatArn({ service: 'ecs', resource: 'cluster', resourceName: '*' });
    const instances = stack.formatArn({ service: 'ecs', resource: 'container-instance', resourceName: '*' });
    allow(role, ['ecs:DiscoverPollEndpoint', 'ecr:GetAuthorizationToken'], ['*']);
    allow(role, ['ecs:RegisterContainerInstance', 'ecs:DeregisterContainerInstance'], [clusters]);
    allow(
      role,
      ['ecs:Poll', 'ecs:StartTelemetrySession', 'ecs:UpdateContainerInstancesState', 'ecs:TagResource'],
      [instances],
    );
    allow(
      role,
      ['ecs:SubmitTaskStateChange', 'ecs:SubmitContainerStateChange', 'ecs:SubmitAttachmentStateChanges'],
      [clusters],
    );
    allow(
      role,
      ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'],
      imageRepositories(this, this.deployment, storage),
    );
    const logGroup = { service: 'logs', resource: 'log-group', arnFormat: ArnFormat.COLON_RESOURCE_NAME };
    allow(
      role,
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
      [stack.formatArn({ ...logGroup, resourceName: `/${this.deployment.name}/jobs:*` })],
    );
    return role;
  }
}

/** Batch adds its own part to the user data, and can do so only if they are multipart. */
function multipart(script: string): string {
  return [
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="==RTPIPELINE=="',
    '',
    '--==RTPIPELINE==',
    'Content-Type: text/x-shellscript; charset="us-ascii"',
    '',
    script,
    '--==RTPIPELINE==--',
    '',
  ].join('\n');
}

function kebab(id: string): string {
  return id.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
}
