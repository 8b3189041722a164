import { setTimeout as wait } from 'node:timers/promises';
import { HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';

/** Sends the announcement of an object once more, as S3 may, and waits until the queue is empty. */
export async function repeatAnnouncement(uploadUri: string, key: string): Promise<void> {
  const bucket = uploadUri.replace('s3://', '');
  const head = await new S3Client({ forcePathStyle: true }).send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
  const queues = new SQSClient();
  const QueueUrl = await uploadsQueue(queues);
  // Without the version, as the emulator announced it the first time: the name of the run follows from the event.
  const object = { key, size: head.ContentLength, etag: head.ETag?.replaceAll('"', '') };
  const event = { source: 'aws.s3', 'detail-type': 'Object Created', detail: { bucket: { name: bucket }, object } };
  await queues.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(event) }));
  await uploadsTaken();
}

/** Waits until every announcement was taken, also those that a killed function left for later. */
export async function uploadsTaken(): Promise<void> {
  const queues = new SQSClient();
  const QueueUrl = await uploadsQueue(queues);
  const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  for (let second = 0; second < 120; second++) {
    await wait(1000);
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] });
    const { Attributes } = await queues.send(command);
    if (Object.values(Attributes ?? {}).every((count) => count === '0')) return;
  }
  throw new Error('an announcement was not taken');
}

/** A message that a function did not answer for comes again after this time, which is eleven minutes as deployed. */
export async function comeAgainAfter(seconds: number): Promise<void> {
  const queues = new SQSClient();
  const Attributes = { VisibilityTimeout: String(seconds) };
  await queues.send(new SetQueueAttributesCommand({ QueueUrl: await uploadsQueue(queues), Attributes }));
}

/** Keeps every notice of the topic in a queue of its own. */
export async function keepNotices(TopicArn: string): Promise<void> {
  const queues = new SQSClient();
  const { QueueUrl } = await queues.send(new CreateQueueCommand({ QueueName: 'notices' }));
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
  const { Attributes } = await queues.send(command);
  await new SNSClient().send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: Attributes?.QueueArn }));
}

async function uploadsQueue(queues: SQSClient): Promise<string> {
  const { QueueUrls = [] } = await queues.send(new ListQueuesCommand({}));
  return QueueUrls.find((url) => url.includes('Uploads')) ?? '';
}
