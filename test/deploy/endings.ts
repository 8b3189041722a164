import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';

export interface CourseEnding {
  courseId: string;
  status: 'done' | 'failed';
  stages: { stage: string; status: string; why?: string; reason?: string; attempts?: number; logStream?: string }[];
}

/** How each course ended, from what the Map over the courses wrote. */
export async function courseEndings(resultsUri: string, prefix: string): Promise<CourseEnding[]> {
  const client = new S3Client({ forcePathStyle: true });
  const Bucket = resultsUri.replace('s3://', '');
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket, Prefix: prefix }));
  const endings: CourseEnding[] = [];
  for (const { Key = '' } of Contents.filter(({ Key = '' }) => /(SUCCEEDED|FAILED)_\d+\.json$/.test(Key))) {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    const children = JSON.parse((await Body?.transformToString()) ?? '[]') as { Output?: string }[];
    endings.push(...children.flatMap(({ Output }) => (Output ? [JSON.parse(Output) as CourseEnding] : [])));
  }
  return endings;
}
