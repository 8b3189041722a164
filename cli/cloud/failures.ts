import { readJson } from '#lib/stages/json.ts';
import { runKeys } from '#lib/store/keys.ts';
import type { ObjectStore } from '#lib/store/store.ts';

export interface StageFailure {
  courseId: string;
  stage: string;
  why: string;
  reason: string;
  attempts: number;
  logStream: string;
}

interface CourseOutput {
  courseId: string;
  stages: (Partial<StageFailure> & { stage: string; status: string })[];
}

/** Failed stages of a run whose courses have ended, from what the Map over the courses wrote. */
export async function stageFailures(store: ObjectStore): Promise<StageFailure[]> {
  const failures: StageFailure[] = [];
  for await (const { key } of store.list(runKeys.mapResults)) {
    if (!/SUCCEEDED_\d+\.json$/.test(key)) continue;
    for (const { Output } of await readJson<{ Output?: string }[]>(store, key)) {
      if (!Output) continue;
      const { courseId, stages } = JSON.parse(Output) as CourseOutput;
      for (const { stage, status, why = '', reason = '', attempts = 1, logStream = '' } of stages)
        if (status === 'failed') failures.push({ courseId, stage, why, reason, attempts, logStream });
    }
  }
  return failures;
}

/** The page of the console that shows a log stream. Its addresses escape twice, with `$` for `%`. */
export function logStreamUrl(region: string, group: string, stream: string): string {
  const escaped = (text: string) => encodeURIComponent(encodeURIComponent(text)).replaceAll('%', '$');
  const page = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}`;
  return `${page}#logsV2:log-groups/log-group/${escaped(group)}/log-events/${escaped(stream)}`;
}
