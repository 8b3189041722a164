/** A finding that stays, and why. */
export interface Acknowledgement {
  /** Name of the rule; for wildcards in policies followed by what the wildcard stands in. */
  rule: RegExp;
  /** Path of the construct; absent: anywhere. */
  where?: RegExp;
  reason: string;
}

const wildcard = (resource: string): RegExp => new RegExp(`^AwsSolutions-IAM5\\[Resource::.*${resource}\\]$`, 's');
const everything = /^AwsSolutions-IAM5\[Resource::\*\]$/;

/**
 * Every finding of AwsSolutions and HIPAA.Security that is not corrected. One that is not listed here stops the
 * synthesis; a row that no finding needs any more stops it too.
 */
export const ACKNOWLEDGEMENTS: Acknowledgement[] = [
  {
    rule: wildcard('/runs/\\*/[^\\]]*'),
    reason:
      'Uploads come after the deployment: the star stands for their names. What follows is what the one stage needs.',
  },
  {
    rule: wildcard('/(incoming|archives|dropbox)/\\*[^\\]]*'),
    reason:
      'Uploads come after the deployment: the star stands for their names and objects. Only stages that read DICOM have it.',
  },
  {
    rule: wildcard('/models/\\*'),
    where: /Jobs\/(segmentation|custom_models)Role|People\/operator/,
    reason: 'Parts of models and weights are named by their content, which comes after the deployment.',
  },
  {
    rule: wildcard('/config/\\*'),
    where: /Functions\/startRole/,
    reason: 'The start reads the configuration that the deployment holds under this prefix.',
  },
  {
    rule: everything,
    where: /Functions\/\w+Role/,
    reason:
      'X-Ray has no resources that a policy could name (PutTraceSegments, PutTelemetryRecords), and quotas are read by no name.',
  },
  {
    rule: everything,
    where: /Machines\/(stage-job|pipeline)Role/,
    reason:
      'X-Ray and the delivery of logs have no resources that a policy could name; DescribeJobs and TerminateJob know no name of a job before it is submitted.',
  },
  {
    rule: everything,
    where: /(HostRole|StartingRole|ImageBuild\/Role)/,
    reason: 'ecr:GetAuthorizationToken and ecs:DiscoverPollEndpoint have no resources.',
  },
  {
    rule: wildcard(':job/\\*'),
    where: /Machines\/stage-jobRole/,
    reason: 'A job is tagged as it is submitted: it has no id before.',
  },
  {
    rule: wildcard('job-definition/[a-z0-9-]+-\\*'),
    where: /Machines\/stage-jobRole/,
    reason: 'A run goes on with the revision that it began with while a newer one is deployed.',
  },
  {
    rule: wildcard('(cluster|container-instance)/\\*'),
    where: /HostRole/,
    reason: 'Batch makes the ECS clusters, under names that it chooses.',
  },
  {
    rule: wildcard('log-group:/[a-z0-9-]+/jobs:\\*'),
    where: /HostRole/,
    reason: 'The streams of one log group: their names hold the ids of tasks.',
  },
  {
    rule: wildcard('(execution|stateMachine):[a-z0-9-]+-(pipeline|stage-job)[:/]\\*'),
    where: /(startRole|pipelineRole|People)/,
    reason: 'Executions of the two machines and Map Runs of the one: their names come with the uploads.',
  },
  {
    rule: everything,
    where: /People\/operator/,
    reason: 'What Batch and Service Quotas list and describe has no resources that a policy could name.',
  },
  {
    rule: wildcard('/runs/\\*'),
    where: /People\/operator/,
    reason: 'Whoever deletes runs may delete any: their names come with the uploads.',
  },
  {
    rule: wildcard('/queries/\\*'),
    where: /People\/(reader|operator)/,
    reason: 'Athena names the answers to queries. They expire after a day.',
  },
  {
    rule: wildcard('table/[a-z0-9_]+/\\*'),
    where: /People\/(reader|operator)/,
    reason: 'Every table of the one database, which all hold what the reader may read as files.',
  },
  {
    rule: wildcard('stack/[a-z0-9-]+/\\*'),
    where: /People\/operator/,
    reason: 'CloudFormation ends the ARN of a stack with an id that it chooses.',
  },
  {
    rule: wildcard('/(incoming|receiving)/received-\\*'),
    where: /Receiver\/Role/,
    reason: 'The receiver names its uploads by their time: the star stands for names that come with the patients.',
  },
  {
    rule: /^(AwsSolutions-ELB2|HIPAA\.Security-ELBLoggingEnabled)$/,
    where: /Receiver\/Balancer/,
    reason:
      'A network load balancer logs TLS handshakes alone; flow logs and the log of the receiver tell who connected.',
  },
  {
    rule: /^HIPAA\.Security-ELBv2ACMCertificateRequired$/,
    where: /Receiver\/Listener/,
    reason:
      'Chosen by leaving receiverCertificate empty: many senders of DICOM know no TLS, and a VPN encrypts for them.',
  },
  {
    rule: /^AwsSolutions-ECS4$/,
    where: /Receiver\/Cluster/,
    reason: 'One task, whose health has an alarm; insights would cost more than they tell.',
  },
  {
    rule: /^AwsSolutions-ECS2$/,
    where: /Receiver\/Definition/,
    reason: 'The region is no secret.',
  },
  {
    rule: wildcard('schedule/[a-z0-9-]+-quiet/drop-\\*'),
    where: /Functions\/quietRole/,
    reason: 'A schedule for each folder under dropbox/, in a group of its own: their names come with the folders.',
  },
  {
    rule: /^HIPAA\.Security-(VPCSubnetAutoAssignPublicIpDisabled|VPCNoUnrestrictedRouteToIGW)$/,
    reason:
      'Chosen by the setting network: nat needs a public subnet for the gateway, public is for who pays neither gateway nor endpoints. No group lets anything in.',
  },
  {
    rule: /^HIPAA\.Security-CodeBuildProjectSourceRepoUrl$/,
    where: /ImageBuild\/Project/,
    reason:
      'The source is an object of S3, which the role may read: no repository of GitHub or Bitbucket, and no login.',
  },
  {
    rule: /^AwsSolutions-SF1$/,
    reason: 'Errors are logged, without data. Every event is kept in the history of the execution for 90 days.',
  },
  {
    rule: /^(AwsSolutions-SMG4|HIPAA\.Security-SecretsManagerRotationEnabled)$/,
    where: /CourseSalt/,
    reason:
      'Course ids are hashed with it: rotation would give the same course another id and break comparison of runs.',
  },
  {
    rule: /^HIPAA\.Security-IAMNoInlinePolicy$/,
    reason:
      'Each role has one policy that belongs to it alone and goes with it; a managed one could be attached elsewhere.',
  },
  {
    rule: /^HIPAA\.Security-LambdaInsideVPC$/,
    reason:
      'Functions call AWS services alone, by TLS and IAM. Inside the VPC each service would need an endpoint, about 22 $ a month per zone.',
  },
  {
    rule: /^HIPAA\.Security-LambdaConcurrency$/,
    reason:
      'The setting reservedConcurrency sets it: a new account has ten executions in all and could not be deployed to.',
  },
  {
    rule: /^HIPAA\.Security-LambdaDLQ$/,
    reason:
      'Called by the state machine, which retries and records, or by a queue with a dead-letter queue of its own; rules have one on their target.',
  },
  {
    rule: /^HIPAA\.Security-S3BucketReplicationEnabled$/,
    reason:
      'Uploads are copies of what the clinic keeps, results follow from them; versions are kept. Replicating patient data to another region is for the owner to decide.',
  },
  {
    rule: /^HIPAA\.Security-S3DefaultEncryptionKMS$/,
    where: /AccessLogs/,
    reason: 'S3 delivers access logs only to buckets with its own encryption.',
  },
  {
    rule: /^HIPAA\.Security-VPCDefaultSecurityGroupClosed$/,
    reason: 'Nothing uses the default group; closing it takes a custom resource that may change any group of the VPC.',
  },
];
