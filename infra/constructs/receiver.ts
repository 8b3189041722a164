import { CfnOutput, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { CfnCluster, CfnService, CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { CfnListener, CfnLoadBalancer, CfnTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Deployment } from '../config.ts';
import type { Storage } from '../storage-stack.ts';
import { JOB_USER } from './hosts.ts';
import { imageOf } from './image-repositories.ts';
import type { Network } from './network.ts';
import { allow, grantKeyThroughS3 } from './policies.ts';

export interface ReceiverProps {
  deployment: Deployment;
  network: Network;
  storage: Storage;
  logs: ILogGroup;
  /** Pulls the image and opens the log. */
  executionRole: Role;
  topic: Topic;
  version: string;
}

/** PS3.8 section 9.1.1 and the registry of IANA: `dicom` and `dicom-tls`. */
const PORT = 11112;
const TLS_PORT = 2762;
const CONTAINER = 'receiver';
/** Seconds from SIGTERM to the end: what was answered is stored, what is under way the senders send again. */
const STOP_SECONDS = 60;

/**
 * Takes C-STORE from senders in the network and puts each patient into the bucket of uploads, where the end of it starts a run.
 * One task: two would each complete a part of a patient.
 */
export class Receiver extends Construct {
  private readonly props: ReceiverProps;

  constructor(scope: Construct, id: string, props: ReceiverProps) {
    super(scope, id);
    this.props = props;
    const { outside, inside } = this.groups();
    const { balancer, targets, listener } = this.entrance(outside);
    const cluster = new CfnCluster(this, 'Cluster', { clusterName: `${props.deployment.name}-receiver` });
    const service = new CfnService(this, 'Service', {
      cluster: cluster.ref,
      serviceName: `${props.deployment.name}-receiver`,
      taskDefinition: this.task().ref,
      launchType: 'FARGATE',
      desiredCount: 1,
      // The old one ends before the new one begins, so that never two go on with the same upload.
      deploymentConfiguration: {
        minimumHealthyPercent: 0,
        maximumPercent: 100,
        deploymentCircuitBreaker: { enable: true, rollback: true },
      },
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: props.network.subnetIds,
          securityGroups: [inside.securityGroupId],
          assignPublicIp: props.network.assignPublicIp ? 'ENABLED' : 'DISABLED',
        },
      },
      loadBalancers: [{ containerName: CONTAINER, containerPort: PORT, targetGroupArn: targets.ref }],
      propagateTags: 'SERVICE',
      enableEcsManagedTags: true,
    });
    service.addResourceDependency(listener);
    this.alarm(balancer, targets);
    new CfnOutput(this, 'SendTo', {
      value: `${props.deployment.receiverTitle}@${balancer.attrDnsName}:${this.port}`,
    });
  }

  private get port(): number {
    return this.props.deployment.receiverCertificate ? TLS_PORT : PORT;
  }

  /** Senders reach the balancer alone, the balancer the task alone. */
  private groups() {
    const { deployment, network } = this.props;
    const common = { vpc: network.vpc, allowAllOutbound: false };
    const outside = new SecurityGroup(this, 'Entrance', { ...common, description: 'Senders of DICOM to the receiver' });
    const inside = new SecurityGroup(this, 'Task', {
      ...common,
      description: 'The receiver: DICOM in, TLS to AWS out',
    });
    for (const cidr of deployment.receiverSenders)
      outside.addIngressRule(Peer.ipv4(cidr), Port.tcp(this.port), 'C-STORE');
    outside.addEgressRule(inside, Port.tcp(PORT), 'C-STORE to the task');
    inside.addIngressRule(outside, Port.tcp(PORT), 'C-STORE from the balancer');
    inside.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'TLS to AWS services');
    return { outside, inside };
  }

  /** An address that stays while tasks come and go; TLS ends here. */
  private entrance(group: SecurityGroup) {
    const { deployment, network } = this.props;
    const attribute = (key: string, value: boolean) => ({ key, value: String(value) });
    const balancer = new CfnLoadBalancer(this, 'Balancer', {
      type: 'network',
      scheme: 'internal',
      subnets: network.subnetIds,
      securityGroups: [group.securityGroupId],
      loadBalancerAttributes: [
        attribute('load_balancing.cross_zone.enabled', true),
        attribute('deletion_protection.enabled', deployment.retain),
      ],
    });
    const targets = new CfnTargetGroup(this, 'Targets', {
      vpcId: network.vpc.vpcId,
      targetType: 'ip',
      protocol: 'TCP',
      port: PORT,
      healthCheckProtocol: 'TCP',
      healthCheckIntervalSeconds: 30,
      targetGroupAttributes: [{ key: 'deregistration_delay.timeout_seconds', value: String(STOP_SECONDS) }],
    });
    const { receiverCertificate: certificateArn } = deployment;
    const listener = new CfnListener(this, 'Listener', {
      loadBalancerArn: balancer.ref,
      port: this.port,
      ...(certificateArn
        ? { protocol: 'TLS', certificates: [{ certificateArn }], sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06' }
        : { protocol: 'TCP' }),
      defaultActions: [{ type: 'forward', targetGroupArn: targets.ref }],
    });
    return { balancer, targets, listener };
  }

  private task(): CfnTaskDefinition {
    const { deployment, storage, logs, executionRole, version } = this.props;
    const { receiverTitle, receiverCallers, receiverQuietMinutes } = deployment;
    return new CfnTaskDefinition(this, 'Definition', {
      family: `${deployment.name}-receiver`,
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' },
      cpu: '1024',
      memory: '4096',
      executionRoleArn: executionRole.roleArn,
      taskRoleArn: this.role(storage).roleArn,
      volumes: [{ name: 'scratch' }],
      containerDefinitions: [
        {
          name: CONTAINER,
          image: imageOf('analysis', deployment, storage, version),
          essential: true,
          user: JOB_USER,
          readonlyRootFilesystem: true,
          entryPoint: ['node', '/app/cli/main.ts', 'receive', '--service'],
          command: [
            ...['--aet', receiverTitle, '--port', String(PORT), '--associations', '8'],
            ...['--out', `s3://${storage.input.bucketName}`, '--quiet-period', String(60 * receiverQuietMinutes)],
            ...(receiverCallers.length > 0 ? ['--from', ...receiverCallers] : []),
          ],
          environment: [{ name: 'AWS_REGION', value: Stack.of(this).region }],
          portMappings: [{ containerPort: PORT, protocol: 'tcp' }],
          mountPoints: [{ containerPath: '/tmp', sourceVolume: 'scratch', readOnly: false }],
          linuxParameters: { initProcessEnabled: true },
          stopTimeout: STOP_SECONDS,
          logConfiguration: {
            logDriver: 'awslogs',
            options: {
              'awslogs-group': logs.logGroupName,
              'awslogs-region': Stack.of(this).region,
              'awslogs-stream-prefix': CONTAINER,
            },
          },
        },
      ],
    });
  }

  /** Its own uploads alone: others' it can neither read nor change. */
  private role(storage: Storage): Role {
    const { input } = storage;
    const role = new Role(this, 'Role', {
      description: 'The receiver of C-STORE',
      assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
    });
    const [uploads, underWay] = ['incoming/received-*', 'receiving/received-*'].map((keys) =>
      input.arnForObjects(keys),
    );
    allow(role, ['s3:PutObject', 's3:GetObject'], [uploads, underWay]);
    allow(role, ['s3:DeleteObject'], [underWay]);
    allow(role, ['s3:ListBucket'], [input.bucketArn], {
      StringLike: { 's3:prefix': ['incoming/received-*', 'receiving/*'] },
    });
    grantKeyThroughS3(role, storage);
    return role;
  }

  private alarm(balancer: CfnLoadBalancer, targets: CfnTargetGroup): void {
    const alarm = new Alarm(this, 'Down', {
      alarmDescription: 'The receiver takes no connections: senders are refused',
      metric: new Metric({
        namespace: 'AWS/NetworkELB',
        metricName: 'HealthyHostCount',
        dimensionsMap: {
          LoadBalancer: balancer.attrLoadBalancerFullName,
          TargetGroup: targets.attrTargetGroupFullName,
        },
        statistic: 'Maximum',
      }),
      threshold: 1,
      evaluationPeriods: 2,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.props.topic));
  }
}
