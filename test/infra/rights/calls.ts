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
    ...['catalog', 'organize', 'size', 'report'].map((name) => ({
      by,
      why: `function ${name}`,
      action: 'lambda:InvokeFunction',
      resource: arn('AWS::Lambda::Function', `Functions${name}`),
    })),
    ...['batches', 'courses'].map((list) => ({
      by,
      why: `${list} of the Map`,
      action: 's3:GetObject',
      resource: `${results}/${RUN}/${list}.jsonl`,
      policyOf: 'Results',
    })),
    ...['courses', 'catalog'].flatMap((map) =>
      ['s3:PutObject', 's3:GetObject'].map((action) => ({
        by,
        why: `results of the Map over ${map}, read again by a redrive`,
        action,
        resource: `${results}/${RUN}/${map}/run/SUCCEEDED_0.json`,
        policyOf: 'Results',
      })),
    ),
    ...keyCalls(by, 'objects', key, { ...via('s3'), 'kms:EncryptionContext:aws:s3:arn': results }),
    { by, why: 'job of a stage', action: 'states:StartExecution', resource: stageJob },
    { by, why: 'children of a Map', action: 'states:StartExecution', resource: pipeline },
    ...[stageJob, pipeline, `${pipeline}/Courses`].flatMap((machine) =>
      keyCalls(by, `executions of ${machine.split(':').at(-1)}`, key, {
        ...via('states'),
        'kms:EncryptionContext:aws:states:stateMachineArn': machine,
      }),
    ),
    ...[stageJob, pipeline].flatMap((machine) =>
      ['states:DescribeExecution', 'states:StopExecution'].map((action) => ({
        by,
        why: 'end of the job of a stage, and of the children of a Map',
        action,
        resource: execution(machine),
      })),
    ),
    { by, why: 'redrive of a Map', action: 'states:RedriveExecution', resource: execution(`${pipeline}/Courses`) },
    ...['events:PutTargets', 'events:PutRule', 'events:DescribeRule'].map((action) => ({
      by,
      why: 'end of the job of a stage',
      action,
      resource: rule,
    })),
    {
      by,
      why: 'end of the run',
      action: 'sns:Publish',
      resource: arn('AWS::SNS::Topic', ''),
      policyOf: 'Notifications',
    },
    ...keyCalls(by, 'end of the run', key, via('sns')),
  ];
}

/** The `Resource`s of statemachine/stage-job.asl.json. */
function stageJobCalls({ arn }: Deployment): KnownCall[] {
  const by = 'MachinesstagejobRole';
  const results = arn('AWS::S3::Bucket', 'Results');
  const key = arn('AWS::KMS::Key', 'Key');
  const rule = `arn:aws:events:${REGION}:${ACCOUNT}:rule/StepFunctionsGetEventsForBatchJobsRule`;
  return [
    { by, why: 'definition', action: 'batch:SubmitJob', resource: arn('AWS::Batch::JobDefinition', 'Jobsdvh') },
    {
      by,
      why: 'queue',
      action: 'batch:SubmitJob',
      resource: `arn:aws:batch:${REGION}:${ACCOUNT}:job-queue/rtpipeline-analysis-spot`,
    },
    {
      by,
      why: 'the run as a tag of the job',
      action: 'batch:TagResource',
      resource: `arn:aws:batch:${REGION}:${ACCOUNT}:job/j`,
    },
    {
      by,
      why: 'an execution that is stopped',
      action: 'batch:TerminateJob',
      resource: `arn:aws:batch:${REGION}:${ACCOUNT}:job/j`,
    },
    ...['events:PutTargets', 'events:PutRule', 'events:DescribeRule'].map((action) => ({
      by,
      why: 'end of a job',
      action,
      resource: rule,
    })),
    {
      by,
      why: 'status of a job that was killed',
      action: 's3:PutObject',
      resource: `${results}/runs/upload-1/courses/c/status/dvh.json`,
      policyOf: 'Results',
    },
    ...keyCalls(by, 'status of a job that was killed', key, via('s3')),
    ...keyCalls(by, 'its own executions', key, {
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
      why: 'messages of its queue',
      action,
      resource,
    }));
  return [
    ...receive(start, uploads),
    { by: start, why: 'an upload that is not complete', action: 'sqs:ChangeMessageVisibility', resource: uploads },
    {
      by: start,
      why: 'messages of its queue',
      action: 'kms:Decrypt',
      resource: key,
      context: via('sqs'),
      policyOf: 'Key',
    },
    ...['incoming/u/_READY.json', 'incoming/u.zip', 'archives/u/u.zip'].map((name) => ({
      by: start,
      why: 'marker or archive',
      action: 's3:GetObject',
      resource: `${input}/${name}`,
      policyOf: 'Input',
    })),
    {
      by: start,
      why: 'archive to its own folder',
      action: 's3:PutObject',
      resource: `${input}/archives/u/u.zip`,
      policyOf: 'Input',
    },
    ...['private/request', 'private/config', 'run/execution', 'run/rejected'].map((name) => ({
      by: start,
      why: 'what the run is asked for',
      action: 's3:PutObject',
      resource: `${results}/runs/upload-1/${name}.json`,
      policyOf: 'Results',
    })),
    ...keyCalls(start, 'its objects', key, via('s3')),
    { by: start, why: 'start of the run', action: 'states:StartExecution', resource: pipeline },
    ...keyCalls(start, 'start of the run', key, {
      ...via('states'),
      'kms:EncryptionContext:aws:states:stateMachineArn': pipeline,
    }),
    {
      by: start,
      why: 'a run of that name',
      action: 'states:DescribeExecution',
      resource: `${pipeline.replace(':stateMachine:', ':execution:')}:name`,
    },
    {
      by: start,
      why: 'secret of the course ids',
      action: 'secretsmanager:GetSecretValue',
      resource: arn('AWS::SecretsManager::Secret', 'CourseSalt'),
    },
    {
      by: start,
      why: 'secret of the course ids',
      action: 'kms:Decrypt',
      resource: key,
      context: via('secretsmanager'),
      policyOf: 'Key',
    },
    {
      by: start,
      why: 'an upload that was rejected',
      action: 'sns:Publish',
      resource: arn('AWS::SNS::Topic', ''),
      policyOf: 'Notifications',
    },
    ...keyCalls(start, 'an upload that was rejected', key, via('sns')),
    ...['GetServiceQuota', 'GetAWSDefaultServiceQuota'].map((action) => ({
      by: start,
      why: 'what the account may run',
      action: `servicequotas:${action}`,
      resource: '*',
    })),
    ...receive(quiet, objects),
    {
      by: quiet,
      why: 'messages of its queue',
      action: 'kms:Decrypt',
      resource: key,
      context: via('sqs'),
      policyOf: 'Key',
    },
    { by: quiet, why: 'when a folder is quiet', action: 'scheduler:CreateSchedule', resource: schedule },
    { by: quiet, why: 'when a folder is quiet', action: 'scheduler:UpdateSchedule', resource: schedule },
    {
      by: quiet,
      why: 'when a folder is quiet',
      action: 'iam:PassRole',
      resource: arn('AWS::IAM::Role', 'TriggerQuietScheduleRole'),
      context: { 'iam:PassedToService': 'scheduler.amazonaws.com' },
    },
    { by: 'TriggerQuietScheduleRole', why: 'a folder that is quiet', action: 'sqs:SendMessage', resource: uploads },
    ...keyCalls('TriggerQuietScheduleRole', 'a folder that is quiet', key, via('sqs')),
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
    ...read('FunctionsstartRole', 'published.json', 'which models there are'),
    ...['JobssegmentationRole', 'JobscustommodelsRole'].flatMap((by) =>
      ['trees/1.json', 'parts/1'].flatMap((name) => read(by, name, 'published models and weights')),
    ),
  ];
}

/** What CodeBuild does when it builds the images. */
function buildCalls({ arn }: Deployment): KnownCall[] {
  const by = 'ImageBuildRole';
  const image = arn('AWS::ECR::Repository', 'Analysis');
  const pushes = ['InitiateLayerUpload', 'UploadLayerPart', 'CompleteLayerUpload', 'PutImage'];
  return [
    { by, why: 'whether the image is there', action: 'ecr:DescribeImages', resource: image },
    { by, why: 'login', action: 'ecr:GetAuthorizationToken', resource: '*' },
    ...['BatchCheckLayerAvailability', ...pushes].map((call) => ({
      by,
      why: 'push of an image',
      action: `ecr:${call}`,
      resource: image,
    })),
    ...['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({
      by,
      why: 'log of the build',
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
      why: 'an upload is complete',
      action: 'sqs:SendMessage',
      resource: arn('AWS::SQS::Queue', 'TriggerUploads'),
      context: rule('TriggerUploadComplete'),
      policyOf: 'TriggerUploads',
    },
    { by: 'events', why: 'a queue is blocked', action: 'sns:Publish', resource: topic, policyOf: 'Notifications' },
    // SNS developer guide, "Key management": EventBridge tells KMS neither account nor ARN of the rule.
    ...keyCalls('events', 'messages of encrypted queues and topic', key, {}),
    {
      by: 'cloudwatch',
      why: 'an alarm',
      action: 'sns:Publish',
      resource: topic,
      context: { 'aws:SourceAccount': ACCOUNT },
      policyOf: 'Notifications',
    },
    ...keyCalls('cloudwatch', 'an alarm', key, { 'aws:SourceAccount': ACCOUNT }),
    ...keyCalls(`logs.${REGION}`, 'log groups', key, {
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
