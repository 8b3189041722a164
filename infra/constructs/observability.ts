import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Deployment } from '../config.ts';
import type { Storage } from '../storage-stack.ts';
import type { Functions } from './functions.ts';

/** Where the deployment tells what people must know: finished, failed and rejected runs, alarms. */
export function notificationTopic(scope: Construct, deployment: Deployment, { key }: Storage): Topic {
  const topic = new Topic(scope, 'Notifications', { masterKey: key, enforceSSL: true });
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AlarmsAndEventsOfThisAccount',
      effect: Effect.ALLOW,
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com'), new ServicePrincipal('events.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  );
  if (deployment.notificationEmail) topic.addSubscription(new EmailSubscription(deployment.notificationEmail));
  return topic;
}

export interface ObservabilityProps {
  deployment: Deployment;
  functions: Functions;
  topic: Topic;
  pipeline: StateMachine;
  /** ARNs of the job queues. */
  queues: string[];
  uploads: Queue;
  undelivered: Queue;
}

/** Events that become metrics, and alarms for what needs a person. */
export class Observability extends Construct {
  constructor(scope: Construct, id: string, props: ObservabilityProps) {
    super(scope, id);
    this.observe(props);
    const blocked = this.blockedQueues(props);
    this.alarms(props, blocked);
  }

  private observe({ functions, pipeline, queues, undelivered }: ObservabilityProps): void {
    const { handler } = functions.define('observe', { timeout: Duration.seconds(30) });
    const target = new LambdaFunction(handler, { deadLetterQueue: undelivered, retryAttempts: 2 });
    new Rule(this, 'JobChanged', {
      description: 'Jobs of the pipeline: submitted, running, ended',
      eventPattern: {
        source: ['aws.batch'],
        detailType: ['Batch Job State Change'],
        detail: { jobQueue: queues, status: ['SUBMITTED', 'RUNNING', 'SUCCEEDED', 'FAILED'] },
      },
      targets: [target],
    });
    new Rule(this, 'CourseChanged', {
      description: 'Courses of the pipeline: child executions of the Map over the courses',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [{ prefix: `${pipeline.stateMachineArn}/Courses` }] },
      },
      targets: [target],
    });
  }

  /** Batch says when the job at the head of a queue cannot be placed. */
  private blockedQueues({ topic, queues, undelivered }: ObservabilityProps): Rule {
    return new Rule(this, 'QueueBlocked', {
      description: 'A job that stays RUNNABLE',
      eventPattern: {
        source: ['aws.batch'],
        detailType: ['Batch Job Queue Blocked'],
        detail: { jobQueue: queues },
      },
      targets: [new SnsTopic(topic, { deadLetterQueue: undelivered })],
    });
  }

  private alarms({ topic, pipeline, undelivered, uploads }: ObservabilityProps, blocked: Rule): void {
    const period = Duration.minutes(5);
    const action = new SnsAction(topic);
    const above = (id: string, alarmDescription: string, metric: IMetric, threshold: number) => {
      const alarm = new Alarm(this, id, {
        alarmDescription,
        metric,
        threshold,
        evaluationPeriods: 1,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(action);
    };
    above('RunFailed', 'A run has failed: open its execution', pipeline.metricFailed({ period }), 0);
    above('RunTimedOut', 'A run has timed out', pipeline.metricTimedOut({ period }), 0);
    above('RunThrottled', 'Step Functions throttles: lower courseConcurrency', pipeline.metricThrottled({ period }), 0);
    above(
      'Undelivered',
      'Announcements or events could not be handled: read the queue, correct, send them again',
      undelivered.metricApproximateNumberOfMessagesVisible({ period }),
      0,
    );
    above(
      'UploadWaits',
      'An upload has been waiting for two hours to be started',
      uploads.metricApproximateAgeOfOldestMessage({ period }),
      7200,
    );
    above(
      'JobsStuck',
      'Jobs stay RUNNABLE: quota, capacity or a request that no host fits; `rtpipeline doctor --aws` tells which',
      new Metric({
        namespace: 'AWS/Events',
        metricName: 'MatchedEvents',
        dimensionsMap: { RuleName: blocked.ruleName },
        statistic: 'Sum',
        period,
      }),
      0,
    );
  }
}
