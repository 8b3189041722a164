import type { deployedCloud } from './cloud.ts';

export interface CourseEnding {
  courseId: string;
  status: 'done' | 'failed';
  stages: { stage: string; status: string; why?: string; reason?: string; attempts?: number; logStream?: string }[];
}

/** How each course of a run ended, from what the Map over the courses wrote. */
export async function courseEndings(cloud: ReturnType<typeof deployedCloud>, runUri: string): Promise<CourseEnding[]> {
  const keys = await cloud.keys(`${runUri}/run/courses/`);
  const bucket = /^s3:\/\/[^/]+/.exec(runUri)?.[0];
  const endings: CourseEnding[] = [];
  for (const key of keys.filter((one) => /(SUCCEEDED|FAILED)_\d+\.json$/.test(one))) {
    const children = await cloud.json<{ Output?: string }[]>(`${bucket}/${key}`);
    endings.push(...children.flatMap(({ Output }) => (Output ? [JSON.parse(Output) as CourseEnding] : [])));
  }
  return endings;
}
