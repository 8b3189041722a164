import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetBucketNotificationConfigurationCommand, S3Client } from '@aws-sdk/client-s3';
import { bucketPlace } from '../cloud/place.ts';
import type { Check } from './check.ts';

/** Whether the bucket for uploads tells EventBridge what arrives: a bucket of one's own does so only after its owner said so. */
export async function uploadEvents(deployment: string): Promise<Check[]> {
  const bucket = await uploadBucket(`${deployment}-pipeline`);
  if (bucket === undefined) return [];
  const client = new S3Client({ forcePathStyle: process.env.AWS_ENDPOINT_URL !== undefined });
  const answer = await client.send(new GetBucketNotificationConfigurationCommand({ Bucket: bucket }));
  if (answer.EventBridgeConfiguration)
    return [{ what: 'uploads', verdict: 'ok', message: `s3://${bucket} sends its events to EventBridge` }];
  return [
    {
      what: 'uploads',
      verdict: 'bad',
      message: `s3://${bucket} sends no events to EventBridge, so no upload starts a run. ${remedy(bucket)}`,
    },
  ];
}

function remedy(bucket: string): string {
  const command = `aws s3api put-bucket-notification-configuration --bucket ${bucket} --notification-configuration '{"EventBridgeConfiguration": {}}'`;
  return `Run: ${command} (this replaces other notifications of the bucket; add them)`;
}

/** As the stack names it; undefined without the stack, which is another check. */
async function uploadBucket(StackName: string): Promise<string | undefined> {
  const client = new CloudFormationClient();
  const answer = await client.send(new DescribeStacksCommand({ StackName })).catch((error: Error) => {
    if (!/does not exist/.test(error.message)) throw error;
    return undefined;
  });
  const output = answer?.Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'UploadTo')?.OutputValue;
  return output && bucketPlace(output).bucket;
}
