import { setTimeout as wait } from 'node:timers/promises';
import { HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, ListQueuesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

/** Sends the announcement of an object once more, as S3 may, and waits until the queue is empty. */
export async function repeatAnnouncement(uploadUri: string, key: string): Promise<void> {
  const bucket = uploadUri.replace('s3://', '');
  const head = await new S3Client({ forcePathStyle: true }).send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
  const queues = new SQSClient();
  const { QueueUrls = [] } = await queues.send(new ListQueuesCommand({}));
  const QueueUrl = QueueUrls.find((url) => url.includes('Uploads'));
  // Without the version, as the emulator announced it the first time: the name of the run follows from the event.
  const object = { key, size: head.ContentLength, etag: head.ETag?.replaceAll('"', '') };
  const event = { source: 'aws.s3', 'detail-type': 'Object Created', detail: { bucket: { name: bucket }, object } };
  await queues.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(event) }));
  for (let second = 0; second < 60; second++) {
    await wait(1000);
    const { Attributes } = await queues.send(
      new GetQueueAttributesCommand({
        QueueUrl,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    if (Object.values(Attributes ?? {}).every((count) => count === '0')) return;
  }
  throw new Error('the announcement was not taken');
}
