import { fileURLToPath } from 'node:url';
import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import {
  CustomerManagedEncryptionConfiguration,
  DefinitionBody,
  LogLevel,
  StateMachine,
  StateMachineType,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { submitSpreadSeconds } from '../../statemachine/bindings.ts';
import type { Deployment } from '../config.ts';
import type { Storage } from '../storage-stack.ts';
import { allow, grantKeyThroughS3 } from './policies.ts';

export interface StateMachinesProps {
  deployment: Deployment;
  storage: Storage;
  topic: ITopic;
  logs: ILogGroup;
  functions: Record<string, string>;
  jobDefinitions: Record<string, string>;
  /** Every revision of the job definitions. */
  submittable: string[];
  queues: Record<string, string>;
}

/** The two machines from their files, with roles that reach what the files name and nothing else. */
export class StateMachines extends Construct {
  readonly pipeline: StateMachine;
  readonly stageJob: StateMachine;
  private readonly props: StateMachinesProps;

  constructor(scope: Construct, id: string, props: StateMachinesProps) {
    super(scope, id);
    this.props = props;
    const { deployment } = props;
    const { courseConcurrency } = deployment;
    this.stageJob = this.machine('stage-job', this.stageJobRole(), {
      ...props.queues,
      SubmitSpreadSeconds: String(submitSpreadSeconds(courseConcurrency)),
    });
    this.pipeline = this.machine('pipeline', this.pipelineRole(), {
      ...props.functions,
      ...props.jobDefinitions,
      StageJobStateMachineArn: this.stageJob.stateMachineArn,
      NotificationTopicArn: props.topic.topicArn,
      CatalogObjects: String(deployment.catalogObjects),
      CatalogConcurrency: String(deployment.catalogConcurrency),
      MostCourses: String(deployment.mostCourses),
      MostDollars: String(deployment.mostDollars),
      CourseConcurrency: String(courseConcurrency),
      ToleratedFailurePercentage: String(deployment.toleratedFailurePercentage),
    });
  }

  private machine(name: string, role: Role, definitionSubstitutions: Record<string, string>): StateMachine {
    const { storage, logs } = this.props;
    return new StateMachine(this, name, {
      stateMachineName: this.nameOf(name),
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromFile(
        fileURLToPath(new URL(`../../statemachine/${name}.asl.json`, import.meta.url)),
      ),
      definitionSubstitutions,
      role,
      tracingEnabled: true,
      // Errors only and without data: what travels between states is no patient's name, and need not be in a log.
      logs: { destination: logs, level: LogLevel.ERROR, includeExecutionData: false },
      encryptionConfiguration: new CustomerManagedEncryptionConfiguration(storage.key),
    });
  }

  private stageJobRole(): Role {
    const { storage, submittable, queues } = this.props;
    const role = this.roleOf('stage-job');
    allow(role, ['batch:SubmitJob'], [...submittable, ...new Set(Object.values(queues))]);
    // Jobs bear the run as a tag, by which costs are told apart.
    allow(
      role,
      ['batch:TagResource'],
      [Stack.of(this).formatArn({ service: 'batch', resource: 'job', resourceName: '*' })],
    );
    // A stopped execution ends its job; jobs have no names that a policy could narrow down.
    allow(role, ['batch:TerminateJob', 'batch:DescribeJobs'], ['*']);
    this.allowRule(role, 'StepFunctionsGetEventsForBatchJobsRule');
    allow(
      role,
      ['s3:PutObject'],
      ['courses/*/status/*', 'run/status/*'].map((pattern) => storage.results.arnForObjects(`runs/*/${pattern}`)),
    );
    grantKeyThroughS3(role, storage);
    return role;
  }

  private pipelineRole(): Role {
    const { storage, functions, topic } = this.props;
    const role = this.roleOf('pipeline');
    const pipeline = this.arnOf('pipeline', 'stateMachine');
    const executions = ['pipeline', 'stage-job'].map((name) => `${this.arnOf(name, 'execution')}:*`);
    const children = [`${pipeline}/*`, `${this.arnOf('pipeline', 'execution')}/*`];
    allow(role, ['lambda:InvokeFunction'], Object.values(functions));
    allow(role, ['states:StartExecution'], [this.stageJob.stateMachineArn, pipeline]);
    allow(
      role,
      ['states:DescribeExecution', 'states:StopExecution', 'states:RedriveExecution'],
      [...executions, ...children],
    );
    this.allowRule(role, 'StepFunctionsGetEventsForStepFunctionsExecutionRule');
    allow(
      role,
      ['s3:GetObject'],
      ['batches.jsonl', 'courses.jsonl'].map((list) => storage.results.arnForObjects(`runs/*/run/${list}`)),
    );
    // A Map Run writes its results in parts, and reads them back when it is redriven.
    allow(
      role,
      ['s3:GetObject', 's3:PutObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'],
      ['courses/*', 'catalog/*'].map((pattern) => storage.results.arnForObjects(`runs/*/run/${pattern}`)),
    );
    grantKeyThroughS3(role, storage);
    allow(role, ['sns:Publish'], [topic.topicArn]);
    allow(role, ['kms:Decrypt', 'kms:GenerateDataKey'], [storage.key.keyArn], {
      // Who starts or describes an execution of an encrypted machine needs its key: stage-job, and the children of a Map.
      StringEquals: { 'kms:ViaService': ['sns', 'states'].map((name) => `${name}.${storage.region}.amazonaws.com`) },
    });
    return role;
  }

  private roleOf(name: string): Role {
    return new Role(this, `${name}Role`, {
      description: `State machine ${name}`,
      assumedBy: new ServicePrincipal('states.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
          ArnLike: { 'aws:SourceArn': [this.arnOf(name, 'stateMachine'), `${this.arnOf(name, 'stateMachine')}*`] },
        },
      }),
    });
  }

  /** The rule through which Step Functions learns that a job or execution ended. */
  private allowRule(role: Role, resourceName: string): void {
    const rule = Stack.of(this).formatArn({ service: 'events', resource: 'rule', resourceName });
    allow(role, ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'], [rule]);
  }

  private nameOf(machine: string): string {
    return `${this.props.deployment.name}-${machine}`;
  }

  private arnOf(machine: string, resource: 'stateMachine' | 'execution'): string {
    return Stack.of(this).formatArn({
      service: 'states',
      resource,
      resourceName: this.nameOf(machine),
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }
}
