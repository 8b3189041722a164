import type { Call } from './decide.ts';
import { ACCOUNT, type Deployment, REGION } from './deployment.ts';

/** A call that the product or a service on its behalf makes, beside those of the stages on their objects. */
export interface KnownCall extends Call {
  /** Logical id of the role, or a service of AWS. */
  by: string;
  /** What for. */
  why: string;
  /** Logical id of the resource whose policy counts too. */
  policyOf?: string;
}

const RUN = 'runs/upload-1/run';
const via = (service: string) => ({ 'kms:ViaService': `${service}.${REGION}.amazonaws.com` });

/** Every call of functions, state machines and services of AWS on resources of a deployment with a dropbox that builds its images. */
export function knownCalls(deployed: Deployment): KnownCall[] {
  return [
    ...pipelineCalls(deployed),
    ...stageJobCalls(deployed),
    ...functionCalls(deployed),
    ...modelCalls(deployed),
    ...serviceCalls(deployed),
    ...buildCalls(deployed),
  ];
}

/** The `Resource`s of statemachine/pipeline.asl.json, and what a Distributed Map and `.sync:2` add to them. */
function pipelineCalls({ arn }: Deployment): KnownCall[] {
  const by = 'MachinespipelineRole';
  const key = arn('AWS::KMS::Key', 'Key');
  const results = arn('AWS::S3::Bucket', 'Results');
  const [pipeline, stageJob] = ['Machinespipeline', 'Machinesstagejob'].map((id) =>
    arn('AWS::StepFunctions::StateMachine', id),
  );
  const execution = (machine: string) => `${machine.replace(':stateMachine:', ':execution:')}:name`;
  const rule = `arn:aws:events:${REGION}:${ACCOUNT}:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule`;
  return [
    ...['catalog', 'organize', 'estimate', 'size', 'report'].map((name) => ({
      by,
      why: `calls the function ${name}`,
      action: 'lambda:InvokeFunction',
      resource: arn('AWS::Lambda::Function', `Functions${name}`),
    })),
    ...['batches', 'courses'].map((list) => ({
      by,
      why: `the Map reads its ${list}`,
      action: 's3:GetObject',
      resource: `${results}/${RUN}/${list}.jsonl`,
      policyOf: 'Results',
    })),
    ...['courses', 'catalog'].flatMap((map) =>
      ['s3:PutObject', 's3:GetObject'].map((action) => ({
        by,
        why: `the Map over ${map} keeps its results, and a redrive reads them`,
        action,
        resource: `${results}/${RUN}/${map}/run/SUCCEEDED_0.json`,
        policyOf: 'Results',
      })),
    ),
    ...keyCalls(by, 'encrypted objects', key, { ...via('s3'), 'kms:EncryptionContext:aws:s3:arn': results }),
    { by, why: 'starts the job of a stage', action: 'states:StartExecution', resource: stageJob },
    { by, why: 'starts the child executions of a Map', action: 'states:StartExecution', resource: pipeline },
    ...[stageJob, pipeline, `${pipeline}/Courses`].flatMap((machine) =>
      keyCalls(by, `encrypted executions of ${machine.split(':').at(-1)}`, key, {
        ...via('states'),
        'kms:EncryptionContext:aws:states:stateMachineArn': machine,
      }),
    ),
    ...[stageJob, pipeline].flatMap((machine) =>
      ['states:DescribeExecution', 'states:StopExecution'].map((action) => ({
        by,
        why: 'waits for, or stops, stage jobs and child executions',
        action,
        resource: execution(machine),
      })),
    ),
    { by, why: 'redrives a Map', action: 'states:RedriveExecution', resource: execution(`${pipeline}/Courses`) },
    ...['events:PutTargets', 'events:PutRule', 'events:DescribeRule'].map((action) => ({
      by,
      why: 'hears when the job of a stage ends',
      action,
      resource: rule,
    })),
    {
      by,
      why: 'announces the end of the run',
      action: 'sns:Publish',
      resource: arn('AWS::SNS::Topic', ''),
      policyOf: 'Notifications',
    },
    ...keyCalls(by, 'announces the end of the run', key, via('sns')),
  ];
}

/** The `Resource`s of statemachine/stage-job.asl.json. */
function stageJobCalls({ arn }: Deployment): KnownCall[] {
  const by = 'MachinesstagejobRole';
  const results = arn('AWS::S3::Bucket', 'Results');
  const key = arn('AWS::KMS::Key', 'Key');
  const rule = `arn:aws:events:${REGION}:${ACCOUNT}:rule/StepFunctionsGetEventsForBatchJobsRule`;
  return [
    {
      by,
      why: 'submits a job with this definition',
      action: 'batch:SubmitJob',
      resource: arn('AWS::Batch::JobDefinition', 'Jobsdvh'),
    },
    {
      by,
      why: 'submits a job to this queue',
      action: 'batch:SubmitJob',
      resource: `arn:aws:batch:${REGION}:${ACCOUNT}:job-queue/rtpipeline-analysis-spot`,
    },
    {
      by,
      why: 'tags the job with its run',
      action: 'batch:TagResource',
      resource: `arn:aws:batch:${REGION}:${ACCOUNT}:job/j`,
    },
    {
      by,
      why: 'ends the job when its execution is stopped',
      action: 'batch:TerminateJob',
      resource: `arn:aws:batch:${REGION}:${ACCOUNT}:job/j`,
    },
    ...['events:PutTargets', 'events:PutRule', 'events:DescribeRule'].map((action) => ({
      by,
      why: 'hears when a job ends',
      action,
      resource: rule,
    })),
    {
      by,
      why: 'writes the status of a killed job',
      action: 's3:PutObject',
      resource: `${results}/runs/upload-1/courses/c/status/dvh.json`,
      policyOf: 'Results',
    },
    ...keyCalls(by, 'writes the status of a killed job', key, via('s3')),
    ...keyCalls(by, 'its own encrypted executions', key, {
      'kms:EncryptionContext:aws:states:stateMachineArn': arn('AWS::StepFunctions::StateMachine', 'Machinesstagejob'),
    }),
  ];
}

/** functions/start, functions/quiet and functions/observe. */
function functionCalls({ arn }: Deployment): KnownCall[] {
  const key = arn('AWS::KMS::Key', 'Key');
  const [input, results] = ['Input', 'Results'].map((id) => arn('AWS::S3::Bucket', id));
  const pipeline = arn('AWS::StepFunctions::StateMachine', 'Machinespipeline');
  const [uploads, objects] = ['TriggerUploads', 'TriggerDropboxObjects'].map((id) => arn('AWS::SQS::Queue', id));
  const start = 'FunctionsstartRole';
  const quiet = 'FunctionsquietRole';
  const schedule = `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/rtpipeline-quiet/drop-folder`;
  const receive = (by: string, resource: string): KnownCall[] =>
    ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'].map((action) => ({
      by,
      why: 'reads the messages of its queue',
      action,
      resource,
    }));
  return [
    ...receive(start, uploads),
    {
      by: start,
      why: 'checks an incomplete upload again later',
      action: 'sqs:ChangeMessageVisibility',
      resource: uploads,
    },
    {
      by: start,
      why: 'reads the messages of its queue',
      action: 'kms:Decrypt',
      resource: key,
      context: via('sqs'),
      policyOf: 'Key',
    },
    ...['incoming/u/_READY.json', 'incoming/u.zip', 'archives/u/u.zip'].map((name) => ({
      by: start,
      why: 'reads the marker or the archive',
      action: 's3:GetObject',
      resource: `${input}/${name}`,
      policyOf: 'Input',
    })),
    {
      by: start,
      why: 'copies the archive into its own folder',
      action: 's3:PutObject',
      resource: `${input}/archives/u/u.zip`,
      policyOf: 'Input',
    },
    ...['private/request', 'private/config', 'run/execution', 'run/rejected'].map((name) => ({
      by: start,
      why: 'writes the settings and the start of the run, or why it is rejected',
      action: 's3:PutObject',
      resource: `${results}/runs/upload-1/${name}.json`,
      policyOf: 'Results',
    })),
    ...keyCalls(start, 'encrypted objects', key, via('s3')),
    { by: start, why: 'starts the run', action: 'states:StartExecution', resource: pipeline },
    ...keyCalls(start, 'starts the run', key, {
      ...via('states'),
      'kms:EncryptionContext:aws:states:stateMachineArn': pipeline,
    }),
    {
      by: start,
      why: 'asks whether this run has started already',
      action: 'states:DescribeExecution',
      resource: `${pipeline.replace(':stateMachine:', ':execution:')}:name`,
    },
    {
      by: start,
      why: 'reads the secret for course ids',
      action: 'secretsmanager:GetSecretValue',
      resource: arn('AWS::SecretsManager::Secret', 'CourseSalt'),
    },
    {
      by: start,
      why: 'reads the secret for course ids',
      action: 'kms:Decrypt',
      resource: key,
      context: via('secretsmanager'),
      policyOf: 'Key',
    },
    {
      by: start,
      why: 'reports a rejected upload',
      action: 'sns:Publish',
      resource: arn('AWS::SNS::Topic', ''),
      policyOf: 'Notifications',
    },
    ...keyCalls(start, 'reports a rejected upload', key, via('sns')),
    ...['GetServiceQuota', 'GetAWSDefaultServiceQuota'].map((action) => ({
      by: start,
      why: 'asks for the GPU and CPU quotas of the account',
      action: `servicequotas:${action}`,
      resource: '*',
    })),
    ...receive(quiet, objects),
    {
      by: quiet,
      why: 'reads the messages of its queue',
      action: 'kms:Decrypt',
      resource: key,
      context: via('sqs'),
      policyOf: 'Key',
    },
    { by: quiet, why: 'sets the timer of a folder', action: 'scheduler:CreateSchedule', resource: schedule },
    { by: quiet, why: 'sets the timer of a folder', action: 'scheduler:UpdateSchedule', resource: schedule },
    {
      by: quiet,
      why: 'sets the timer of a folder',
      action: 'iam:PassRole',
      resource: arn('AWS::IAM::Role', 'TriggerQuietScheduleRole'),
      context: { 'iam:PassedToService': 'scheduler.amazonaws.com' },
    },
    { by: 'TriggerQuietScheduleRole', why: 'announces a quiet folder', action: 'sqs:SendMessage', resource: uploads },
    ...keyCalls('TriggerQuietScheduleRole', 'announces a quiet folder', key, via('sqs')),
  ];
}

/** Stages that fetch published models and weights, and the function that looks what there is. */
function modelCalls({ arn }: Deployment): KnownCall[] {
  const results = arn('AWS::S3::Bucket', 'Results');
  const key = arn('AWS::KMS::Key', 'Key');
  const read = (by: string, name: string, why: string): KnownCall[] => [
    { by, why, action: 's3:GetObject', resource: `${results}/models/${name}`, policyOf: 'Results' },
    { by, why, action: 'kms:Decrypt', resource: key, context: via('s3'), policyOf: 'Key' },
  ];
  return [
    ...read('FunctionsstartRole', 'published.json', 'reads which models are published'),
    ...['JobssegmentationRole', 'JobscustommodelsRole'].flatMap((by) =>
      ['trees/1.json', 'parts/1'].flatMap((name) => read(by, name, 'reads published models and weights')),
    ),
  ];
}

/** What CodeBuild does when it builds the images. */
function buildCalls({ arn }: Deployment): KnownCall[] {
  const by = 'ImageBuildRole';
  const image = arn('AWS::ECR::Repository', 'Analysis');
  const pushes = ['InitiateLayerUpload', 'UploadLayerPart', 'CompleteLayerUpload', 'PutImage'];
  return [
    { by, why: 'checks whether the image exists', action: 'ecr:DescribeImages', resource: image },
    { by, why: 'logs in to the registry', action: 'ecr:GetAuthorizationToken', resource: '*' },
    ...['BatchCheckLayerAvailability', ...pushes].map((call) => ({
      by,
      why: 'pushes an image',
      action: `ecr:${call}`,
      resource: image,
    })),
    ...['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({
      by,
      why: 'writes the log of the build',
      action,
      resource: arn('AWS::Logs::LogGroup', 'BuildLogs'),
    })),
  ];
}

/** Services that act by themselves on what the deployment has made. */
function serviceCalls({ arn }: Deployment): KnownCall[] {
  const key = arn('AWS::KMS::Key', 'Key');
  const rule = (id: string) => ({ 'aws:SourceArn': arn('AWS::Events::Rule', id), 'aws:SourceAccount': ACCOUNT });
  const topic = arn('AWS::SNS::Topic', '');
  return [
    {
      by: 'events',
      why: 'announces a complete upload',
      action: 'sqs:SendMessage',
      resource: arn('AWS::SQS::Queue', 'TriggerUploads'),
      context: rule('TriggerUploadComplete'),
      policyOf: 'TriggerUploads',
    },
    { by: 'events', why: 'reports a blocked queue', action: 'sns:Publish', resource: topic, policyOf: 'Notifications' },
    // SNS developer guide, "Key management": EventBridge tells KMS neither account nor ARN of the rule.
    ...keyCalls('events', 'encrypts its messages to queues and topic', key, {}),
    {
      by: 'cloudwatch',
      why: 'sends an alarm',
      action: 'sns:Publish',
      resource: topic,
      context: { 'aws:SourceAccount': ACCOUNT },
      policyOf: 'Notifications',
    },
    ...keyCalls('cloudwatch', 'sends an alarm', key, { 'aws:SourceAccount': ACCOUNT }),
    ...keyCalls(`logs.${REGION}`, 'encrypts log groups', key, {
      'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/rtpipeline/jobs`,
    }),
  ];
}

/** To read what is encrypted, and to encrypt. */
function keyCalls(by: string, why: string, resource: string, context: Record<string, string>): KnownCall[] {
  return ['kms:Decrypt', 'kms:GenerateDataKey'].map((action) => ({
    by,
    why,
    action,
    resource,
    context,
    policyOf: 'Key',
  }));
}
