/** Findings of Checkov that stay, and why. */
export interface CheckovReason {
  checks: string[];
  /** Type and logical id of the resource. */
  where: RegExp;
  reason: string;
}

export const CHECKOV_REASONS: CheckovReason[] = [
  {
    checks: ['CKV_AWS_115'],
    where: /^AWS::Lambda::Function\./,
    reason:
      'The setting reservedConcurrency sets it: a new account has ten executions in all and could not be deployed to.',
  },
  {
    checks: ['CKV_AWS_116'],
    where: /^AWS::Lambda::Function\./,
    reason:
      'Called by the state machine, which retries and records, or by a queue with a dead-letter queue of its own.',
  },
  {
    checks: ['CKV_AWS_117'],
    where: /^AWS::Lambda::Function\./,
    reason: 'Functions call AWS services alone, by TLS and IAM: inside the VPC each service would need an endpoint.',
  },
  {
    checks: ['CKV_AWS_111'],
    where: /^AWS::IAM::Policy\.MachinesstagejobRole/,
    reason:
      'A job has no name that a policy could narrow down before it is submitted: the machine ends its own jobs by their id.',
  },
  {
    checks: ['CKV_AWS_136'],
    where: /^AWS::ECR::Repository\./,
    reason: 'Images hold programs and public weights, no patient. ECR encrypts them with its own key.',
  },
  {
    checks: ['CKV_AWS_18'],
    where: /^AWS::S3::Bucket\.AccessLogs/,
    reason: 'It holds the access logs: a log of its own would grow by itself.',
  },
  {
    checks: ['CKV_AWS_33'],
    where: /^AWS::KMS::Key\.Key/,
    reason:
      'A service-linked role that does not exist yet cannot be a principal: conditions name the roles, the account and EC2.',
  },
  {
    checks: ['CKV_AWS_91'],
    where: /^AWS::ElasticLoadBalancingV2::LoadBalancer\.ReceiverBalancer/,
    reason:
      'A network load balancer logs TLS handshakes alone; flow logs and the log of the receiver tell who connected.',
  },
  {
    checks: ['CKV_AWS_65'],
    where: /^AWS::ECS::Cluster\.ReceiverCluster/,
    reason: 'One task, whose health has an alarm; insights would cost more than they tell.',
  },
];
