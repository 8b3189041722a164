import { Stack } from 'aws-cdk-lib';
import {
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  type ISecurityGroup,
  type ISubnet,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Deployment } from '../config.ts';

const SUBNETS = {
  isolated: SubnetType.PRIVATE_ISOLATED,
  nat: SubnetType.PRIVATE_WITH_EGRESS,
  public: SubnetType.PUBLIC,
};

/** Endpoints with a policy. Those of the ECS agent have none: they carry no patients' data, and only hosts call them. */
const WITH_POLICY = ['Images', 'ImageLayers', 'Containers', 'Logs'];

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
  readonly vpc: IVpc;
  readonly subnetIds: string[];
  readonly jobs: ISecurityGroup;
  /** Fargate needs one where nothing else leads to the registry. */
  readonly assignPublicIp: boolean;

  constructor(scope: Construct, id: string, deployment: Deployment, flowLogs: ILogGroup) {
    super(scope, id);
    const { vpc, subnets, network } = deployment;
    this.assignPublicIp = network === 'public';
    if (vpc) {
      // Only its id is used, but the class requires a zone.
      const [zone] = Stack.of(this).availabilityZones;
      this.vpc = Vpc.fromVpcAttributes(this, 'Vpc', { vpcId: vpc, availabilityZones: [zone] });
      this.subnetIds = subnets;
    } else {
      const made = this.make(deployment, flowLogs);
      this.vpc = made;
      this.subnetIds = made.selectSubnets({ subnetType: SUBNETS[network] }).subnetIds;
    }
    this.jobs = new SecurityGroup(this, 'Jobs', {
      vpc: this.vpc,
      description: 'Jobs: nothing comes in, only TLS goes out',
      allowAllOutbound: false,
    });
    this.jobs.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'TLS to AWS services');
  }

  private make({ network, zones, endpointZones, cidr }: Deployment, flowLogs: ILogGroup): Vpc {
    const subnetType = SUBNETS[network];
    const vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(cidr),
      maxAzs: zones,
      natGateways: network === 'nat' ? 1 : 0,
      subnetConfiguration: [
        ...(network === 'nat' ? [{ name: 'public', subnetType: SubnetType.PUBLIC, cidrMask: 24 }] : []),
        { name: 'jobs', subnetType, cidrMask: 20 },
      ],
      restrictDefaultSecurityGroup: false,
    });
    vpc.addFlowLog('FlowLog', {
      destination: FlowLogDestination.toCloudWatchLogs(flowLogs, this.flowLogRole(flowLogs)),
      trafficType: FlowLogTrafficType.ALL,
    });
    const subnets = { subnetType };
    const objects = vpc.addGatewayEndpoint('Objects', { service: GatewayVpcEndpointAwsService.S3, subnets: [subnets] });
    for (const statement of this.objectRules()) objects.addToPolicy(statement);
    // Every zone of the network reaches them by name. Endpoints in more zones cost more, and still work when a zone fails.
    if (network === 'isolated')
      this.addEndpoints(vpc, cidr, vpc.selectSubnets(subnets).subnets.slice(0, endpointZones));
    return vpc;
  }

  /** Only buckets of this account: a job cannot put patients' data elsewhere. ECR keeps image layers in a bucket of AWS. */
  private objectRules(): PolicyStatement[] {
    const { account, partition, region } = Stack.of(this);
    const principals = [new AnyPrincipal()];
    return [
      new PolicyStatement({
        sid: 'BucketsOfThisAccount',
        principals,
        actions: ['s3:*'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:ResourceAccount': account } },
      }),
      new PolicyStatement({
        sid: 'LayersOfImages',
        principals,
        actions: ['s3:GetObject'],
        resources: [`arn:${partition}:s3:::prod-${region}-starport-layer-bucket/*`],
      }),
    ];
  }

  /** Refuses credentials of other accounts, which a program might bring along. */
  private callersOfThisAccount(): PolicyStatement {
    return new PolicyStatement({
      sid: 'CallersOfThisAccount',
      principals: [new AnyPrincipal()],
      actions: ['*'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:PrincipalAccount': Stack.of(this).account } },
    });
  }

  private addEndpoints(vpc: Vpc, cidr: string, subnets: ISubnet[]): void {
    const endpoints = new SecurityGroup(this, 'Endpoints', {
      vpc,
      description: 'Endpoints of AWS services, for jobs alone',
      allowAllOutbound: false,
    });
    endpoints.addIngressRule(Peer.ipv4(cidr), Port.tcp(443), 'TLS from jobs');
    for (const [id, service] of Object.entries(ENDPOINTS)) {
      const endpoint = vpc.addInterfaceEndpoint(id, {
        service,
        subnets: { subnets },
        securityGroups: [endpoints],
        open: false,
      });
      if (WITH_POLICY.includes(id)) endpoint.addToPolicy(this.callersOfThisAccount());
    }
  }

  private flowLogRole(flowLogs: ILogGroup): Role {
    const role = new Role(this, 'FlowLogRole', { assumedBy: new ServicePrincipal('vpc-flow-logs.amazonaws.com') });
    flowLogs.grantWrite(role);
    return role;
  }
}
