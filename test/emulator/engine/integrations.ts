import { setTimeout as wait } from 'node:timers/promises';
import {
  BatchClient,
  DescribeJobsCommand,
  type JobDetail,
  SubmitJobCommand,
  TerminateJobCommand,
} from '@aws-sdk/client-batch';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { Failure } from '../../../statemachine/engine/failure.ts';
import type { Integration, Integrations } from '../../../statemachine/engine/integration.ts';
import type { Json, JsonObject } from '../../../statemachine/engine/json.ts';

const POLL_MS = 250;

/** The integrations of the state machines against an endpoint of AWS's API. */
export function awsIntegrations(): Integrations {
  return {
    'lambda:invoke': invoke(),
    'batch:submitJob.sync': submitJob(),
    'sns:publish': publish(),
    ...objects(),
  };
}

function invoke(): Integration {
  const client = new LambdaClient();
  return async ({ FunctionName, Payload }) => {
    const command = new InvokeCommand({ FunctionName: String(FunctionName), Payload: JSON.stringify(Payload) });
    const answer = await client.send(command).catch(failing('Lambda'));
    const payload = JSON.parse(answer.Payload?.transformToString() || 'null');
    if (answer.FunctionError) throw new Failure(payload.errorType ?? 'Lambda.Unknown', JSON.stringify(payload));
    return { StatusCode: answer.StatusCode ?? 200, Payload: payload };
  };
}

function submitJob(): Integration {
  const client = new BatchClient();
  return async (args, { signal, submitted }) => {
    const request = lowerKeys(args) as unknown as ConstructorParameters<typeof SubmitJobCommand>[0];
    const { jobId = '', jobName = '' } = await client.send(new SubmitJobCommand(request)).catch(failing('Batch'));
    submitted({ JobId: jobId, JobName: jobName });
    const end = () => client.send(new TerminateJobCommand({ jobId, reason: 'execution stopped' })).catch(() => {});
    for (;;) {
      const { jobs = [] } = await client.send(new DescribeJobsCommand({ jobs: [jobId] })).catch(failing('Batch'));
      const job = upperKeys(jobs[0] as JobDetail as unknown as Json) as JsonObject;
      if (job.Status === 'SUCCEEDED') return job;
      if (job.Status === 'FAILED') throw new Failure('States.TaskFailed', JSON.stringify(job));
      await wait(POLL_MS, undefined, { signal }).catch(async () => {
        await end();
        throw signal.reason;
      });
    }
  };
}

function publish(): Integration {
  const client = new SNSClient();
  return async ({ TopicArn, Subject, Message }) => {
    const text = typeof Message === 'string' ? Message : JSON.stringify(Message);
    const command = new PublishCommand({ TopicArn: String(TopicArn), Subject: String(Subject), Message: text });
    return { MessageId: (await client.send(command).catch(failing('SNS'))).MessageId ?? '' };
  };
}

function objects(): Integrations {
  const client = new S3Client({ forcePathStyle: true });
  const at = (args: JsonObject) => ({ Bucket: String(args.Bucket), Key: String(args.Key) });
  const putObject: Integration = async (args) => {
    const Body = typeof args.Body === 'string' ? args.Body : JSON.stringify(args.Body);
    await client.send(new PutObjectCommand({ ...at(args), Body })).catch(failing('S3'));
    return {};
  };
  return {
    's3:putObject': putObject,
    'aws-sdk:s3:putObject': putObject,
    's3:getObject': async (args) => {
      const { Body } = await client.send(new GetObjectCommand(at(args))).catch(failing('S3'));
      return { Body: (await Body?.transformToString()) ?? '' };
    },
  };
}

/** Names errors of the service as the optimized integration does. */
function failing(service: string) {
  return (error: Error): never => {
    throw new Failure(`${service}.${error.name.replace(/Exception$/, '')}Exception`, error.message);
  };
}

/** Keys of maps that belong to the user stay as they are. */
const USER_MAPS = ['Parameters', 'parameters', 'Tags', 'tags'];

const lowerKeys = (value: Json): Json => renamed(value, (key) => key[0].toLowerCase() + key.slice(1));
const upperKeys = (value: Json): Json => renamed(value, (key) => key[0].toUpperCase() + key.slice(1));

function renamed(value: Json, name: (key: string) => string): Json {
  if (Array.isArray(value)) return value.map((item) => renamed(item, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [name(key), USER_MAPS.includes(key) ? inner : renamed(inner, name)]),
  );
}
