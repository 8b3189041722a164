import { CopyObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { readQuotas } from '#lib/aws/read-quotas.ts';
import { PipelineError } from '#lib/errors.ts';
import { createLog } from '#lib/log.ts';
import { openStore } from '#lib/store/open.ts';
import type { Services } from './start.ts';

/** The services of AWS, by the names that the deployment puts into the environment. */
export function awsServices(environment = process.env): Services {
  const named = (name: string): string => {
    const value = environment[name];
    if (value) return value;
    throw new PipelineError(`the environment lacks ${name}`);
  };
  const machine = named('STATE_MACHINE_ARN');
  const s3 = new S3Client({ forcePathStyle: environment.AWS_ENDPOINT_URL !== undefined });
  const [machines, topics, secrets] = [new SFNClient(), new SNSClient(), new SecretsManagerClient()];
  const log = createLog(
    (line) => process.stdout.write(`${JSON.stringify(line)}\n`),
    () => new Date(),
  );
  const executionArn = (name: string) => `${machine.replace(':stateMachine:', ':execution:')}:${name}`;
  return {
    executionArn,
    open: (bucket, prefix) => openStore(`s3://${bucket}/${prefix}`),
    resultsBucket: named('RESULTS_BUCKET'),
    imageWeights: named('IMAGE_WEIGHTS').split(' '),
    async copy(bucket, from, to) {
      const source = `${bucket}/${from.split('/').map(encodeURIComponent).join('/')}`;
      await s3.send(new CopyObjectCommand({ Bucket: bucket, CopySource: source, Key: to }));
    },
    async executionState(name) {
      const answer = await machines
        .send(new DescribeExecutionCommand({ executionArn: executionArn(name) }))
        .catch(unless('ExecutionDoesNotExist'));
      return answer?.status;
    },
    async startExecution(name, input) {
      const command = new StartExecutionCommand({ stateMachineArn: machine, name, input: JSON.stringify(input) });
      return (await machines.send(command).catch(unless('ExecutionAlreadyExists'))) !== undefined;
    },
    async notify(subject, message) {
      const TopicArn = named('TOPIC_ARN');
      await topics.send(new PublishCommand({ TopicArn, Subject: subject, Message: JSON.stringify(message) }));
    },
    async quotas() {
      const { values, unread } = await readQuotas();
      if (Object.keys(unread).length > 0) log.warn({ unread }, 'Start:Quotas:Unread');
      return values;
    },
    async courseSalt() {
      const SecretId = named('COURSE_SALT_SECRET');
      return (await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString ?? '';
    },
  };
}

/** Turns the error of this name into "nothing". */
function unless(name: string) {
  return (error: Error): undefined => {
    if (error.name !== name) throw error;
  };
}
