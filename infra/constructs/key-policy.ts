import { Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, ArnPrincipal, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/**
 * What the policy of the key must allow services: logs, alarms, events and the disks of hosts are encrypted by them, for this
 * account alone where they tell it.
 */
export function servicesOfKey(scope: Construct): PolicyStatement[] {
  const { account, partition, region } = Stack.of(scope);
  const use = ['kms:Decrypt', 'kms:Encrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'];
  // By pattern, as a service-linked role that does not exist yet cannot be named as a principal.
  const hosts = ['autoscaling', 'spot', 'batch'].map(
    (service) => `arn:${partition}:iam::${account}:role/aws-service-role/${service}.amazonaws.com/*`,
  );
  return [
    new PolicyStatement({
      sid: 'Logs',
      principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
      actions: use,
      resources: ['*'],
      conditions: {
        ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*` },
      },
    }),
    new PolicyStatement({
      sid: 'AlarmsAndLogDelivery',
      principals: ['cloudwatch', 'delivery.logs'].map((service) => new ServicePrincipal(`${service}.amazonaws.com`)),
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    }),
    // EventBridge names no account when it uses a key: with the condition nothing would be delivered, and nobody told.
    // The policies of topic and queues say whose rules may send.
    new PolicyStatement({
      sid: 'Events',
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      resources: ['*'],
    }),
    new PolicyStatement({
      sid: 'DisksOfHosts',
      principals: [new ArnPrincipal('*')],
      actions: [...use, 'kms:CreateGrant'],
      resources: ['*'],
      conditions: {
        ArnLike: { 'aws:PrincipalArn': hosts },
        StringEquals: { 'kms:ViaService': `ec2.${region}.amazonaws.com`, 'kms:CallerAccount': account },
      },
    }),
  ];
}

/** What the policy of a key must say before roles of its account can be given rights on it; a key that CDK makes says it. */
export function rolesDecide(): PolicyStatement {
  return new PolicyStatement({
    sid: 'RolesOfTheAccount',
    principals: [new AccountRootPrincipal()],
    actions: ['kms:*'],
    resources: ['*'],
  });
}
