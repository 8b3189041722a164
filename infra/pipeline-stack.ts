import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Deployment } from './config.ts';
import { monthlyBudget } from './constructs/budget.ts';
import { Compute } from './constructs/compute.ts';
import { pipelineDashboard } from './constructs/dashboard.ts';
import { Functions } from './constructs/functions.ts';
import { ImageBuild } from './constructs/image-build.ts';
import { JobDefinitions } from './constructs/job-definitions.ts';
import { Network } from './constructs/network.ts';
import { notificationTopic, Observability } from './constructs/observability.ts';
import { People } from './constructs/people.ts';
import { Queries } from './constructs/queries.ts';
import { Receiver } from './constructs/receiver.ts';
import { StateMachines } from './constructs/state-machines.ts';
import { Trigger } from './constructs/trigger.ts';
import type { Storage } from './storage-stack.ts';

export interface PipelineStackProps extends StackProps {
  deployment: Deployment;
  storage: Storage;
  /** Of the product: tag of the images unless the deployment names another. */
  version: string;
  /** Makes folders of functions/ into what Lambda runs; answers with the folder that holds one for each. */
  bundle(names: string[]): string;
}

const FUNCTIONS = ['start', 'quiet', 'catalog', 'organize', 'estimate', 'size_jobs', 'report', 'observe'];

/** Everything that can be thrown away and deployed again: it holds no data. */
export class PipelineStack extends Stack {
  private readonly deployment: Deployment;
  private readonly storage: Storage;

  constructor(
    scope: Construct,
    id: string,
    { deployment, storage: stored, version, bundle, ...props }: PipelineStackProps,
  ) {
    super(scope, id, props);
    this.deployment = deployment;
    // By ARN, so that no construct here can widen the policy of the key over there.
    const { input, results, images, courseSalt, region } = stored;
    const key = Key.fromKeyArn(this, 'Key', stored.key.keyArn);
    const storage: Storage = { key, input, results, images, courseSalt, region };
    this.storage = storage;
    const functionLogs = this.logGroup('FunctionLogs', `/${deployment.name}/functions`);
    const jobLogs = this.logGroup('JobLogs', `/${deployment.name}/jobs`);
    // Step Functions delivers to groups under this prefix without a resource policy for each.
    const machineLogs = this.logGroup('MachineLogs', `/aws/vendedlogs/states/${deployment.name}`);
    const network = new Network(this, 'Network', deployment, this.logGroup('FlowLogs', `/${deployment.name}/network`));

    const topic = notificationTopic(this, deployment, storage);
    const functions = new Functions(this, 'Functions', {
      bundles: bundle(FUNCTIONS),
      deployment,
      storage,
      logs: functionLogs,
    });
    const compute = new Compute(this, 'Compute', deployment, network, storage);
    const jobs = new JobDefinitions(this, 'Jobs', { deployment, network, storage, logs: jobLogs, version });
    const { pipeline } = new StateMachines(this, 'Machines', {
      deployment,
      storage,
      topic,
      logs: machineLogs,
      functions: functions.ofPipeline(),
      jobDefinitions: jobs.arns,
      submittable: jobs.submittable,
      queues: compute.queues,
    });
    const { uploads, undelivered } = new Trigger(this, 'Trigger', { deployment, storage, functions, pipeline, topic });
    const queues = [...new Set(Object.values(compute.queues))];
    new Observability(this, 'Observability', { deployment, functions, topic, pipeline, queues, uploads, undelivered });
    if (deployment.receiverSenders.length > 0) {
      const { executionRole } = jobs;
      new Receiver(this, 'Receiver', { deployment, network, storage, logs: jobLogs, executionRole, topic, version });
    }
    if (deployment.build) this.imageBuild(version);
    pipelineDashboard(this, deployment.name, functionLogs);
    monthlyBudget(this, deployment);
    const queries = new Queries(this, 'Queries', { deployment, storage });
    new People(this, 'People', { deployment, storage, queries, logs: [jobLogs, functionLogs] });

    new CfnOutput(this, 'UploadTo', { value: `s3://${storage.input.bucketName}` });
    new CfnOutput(this, 'ResultsIn', { value: `s3://${storage.results.bucketName}` });
    new CfnOutput(this, 'StateMachine', { value: pipeline.stateMachineArn });
    new CfnOutput(this, 'NotificationTopic', { value: topic.topicArn });
  }

  private imageBuild(version: string): void {
    const { deployment, storage } = this;
    const logs = this.logGroup('BuildLogs', `/${deployment.name}/images`);
    const { projectName } = new ImageBuild(this, 'ImageBuild', { deployment, storage, logs, version });
    new CfnOutput(this, 'BuildImages', { value: `aws codebuild start-build --project-name ${projectName}` });
  }

  private logGroup(id: string, logGroupName: string): LogGroup {
    return new LogGroup(this, id, {
      logGroupName,
      retention: this.deployment.logDays as RetentionDays,
      encryptionKey: this.storage.key,
      removalPolicy: this.deployment.retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }
}
