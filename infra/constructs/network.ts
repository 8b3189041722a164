import {
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  type ISecurityGroup,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Deployment } from '../config.ts';

const CIDR = '10.42.0.0/16';

const SUBNETS = {
  isolated: SubnetType.PRIVATE_ISOLATED,
  nat: SubnetType.PRIVATE_WITH_EGRESS,
  public: SubnetType.PUBLIC,
};

/** Services that hosts and containers call where there is no way out. S3 goes through a gateway, which costs nothing. */
const ENDPOINTS = {
  Images: InterfaceVpcEndpointAwsService.ECR,
  ImageLayers: InterfaceVpcEndpointAwsService.ECR_DOCKER,
  Containers: InterfaceVpcEndpointAwsService.ECS,
  ContainerAgents: InterfaceVpcEndpointAwsService.ECS_AGENT,
  ContainerTelemetry: InterfaceVpcEndpointAwsService.ECS_TELEMETRY,
  Logs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
};

/** Where jobs run: nothing can reach them, and how far they reach is the switch `network`. */
export class Network extends Construct {
  readonly vpc: Vpc;
  readonly subnetIds: string[];
  readonly jobs: ISecurityGroup;
  /** Fargate needs one where nothing else leads to the registry. */
  readonly assignPublicIp: boolean;

  constructor(scope: Construct, id: string, { network, zones }: Deployment, flowLogs: ILogGroup) {
    super(scope, id);
    const subnetType = SUBNETS[network];
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(CIDR),
      maxAzs: zones,
      natGateways: network === 'nat' ? 1 : 0,
      subnetConfiguration: [
        ...(network === 'nat' ? [{ name: 'public', subnetType: SubnetType.PUBLIC, cidrMask: 24 }] : []),
        { name: 'jobs', subnetType, cidrMask: 20 },
      ],
      restrictDefaultSecurityGroup: false,
    });
    this.vpc.addFlowLog('FlowLog', {
      destination: FlowLogDestination.toCloudWatchLogs(flowLogs, this.flowLogRole(flowLogs)),
      trafficType: FlowLogTrafficType.ALL,
    });
    const subnets = { subnetType };
    this.subnetIds = this.vpc.selectSubnets(subnets).subnetIds;
    this.assignPublicIp = network === 'public';
    this.jobs = new SecurityGroup(this, 'Jobs', {
      vpc: this.vpc,
      description: 'Jobs: nothing comes in, only TLS goes out',
      allowAllOutbound: false,
    });
    this.jobs.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'TLS to AWS services');
    this.vpc.addGatewayEndpoint('Objects', { service: GatewayVpcEndpointAwsService.S3, subnets: [subnets] });
    if (network === 'isolated') this.addEndpoints(subnets);
  }

  private addEndpoints(subnets: { subnetType: SubnetType }): void {
    const endpoints = new SecurityGroup(this, 'Endpoints', {
      vpc: this.vpc,
      description: 'Endpoints of AWS services, for jobs alone',
      allowAllOutbound: false,
    });
    endpoints.addIngressRule(Peer.ipv4(CIDR), Port.tcp(443), 'TLS from jobs');
    for (const [id, service] of Object.entries(ENDPOINTS)) {
      this.vpc.addInterfaceEndpoint(id, { service, subnets, securityGroups: [endpoints], open: false });
    }
  }

  private flowLogRole(flowLogs: ILogGroup): Role {
    const role = new Role(this, 'FlowLogRole', { assumedBy: new ServicePrincipal('vpc-flow-logs.amazonaws.com') });
    flowLogs.grantWrite(role);
    return role;
  }
}
