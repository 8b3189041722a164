import { ChangeMessageVisibilityCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Queue } from './handler.ts';

export function awsQueue(QueueUrl = process.env.QUEUE_URL): Queue {
  const client = new SQSClient();
  return {
    async postpone(ReceiptHandle, VisibilityTimeout) {
      await client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));
    },
  };
}
