import { readJson } from '#lib/course-store/json.ts';
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

/** What Step Functions writes of an execution of a Map. */
interface ChildExecution {
  Output?: string;
  StopDate?: string;
}

/**
 * Failed stages of a run whose courses have ended, from what the Map over the courses wrote. Of a course that ran in
 * several executions of the run, the last counts.
 */
export async function stageFailures(store: ObjectStore): Promise<StageFailure[]> {
  const last = new Map<string, { stopped: number; stages: CourseOutput['stages'] }>();
  for await (const { key } of store.list(runKeys.mapResults)) {
    if (!/SUCCEEDED_\d+\.json$/.test(key)) continue;
    for (const { Output, StopDate } of await readJson<ChildExecution[]>(store, key)) {
      if (!Output) continue;
      const { courseId, stages } = JSON.parse(Output) as CourseOutput;
      const stopped = Date.parse(StopDate ?? '') || 0;
      if (stopped >= (last.get(courseId)?.stopped ?? 0)) last.set(courseId, { stopped, stages });
    }
  }
  return [...last].flatMap(([courseId, { stages }]) => failedOf(courseId, stages));
}

function failedOf(courseId: string, stages: CourseOutput['stages']): StageFailure[] {
  return stages
    .filter(({ status }) => status === 'failed')
    .map(({ stage, why = '', reason = '', attempts = 1, logStream = '' }) => {
      return { courseId, stage, why, reason, attempts, logStream };
    });
}

/** The page of the console that shows a log stream. Its addresses escape twice, with `$` for `%`. */
export function logStreamUrl(region: string, group: string, stream: string): string {
  const escaped = (text: string) => encodeURIComponent(encodeURIComponent(text)).replaceAll('%', '$');
  const page = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}`;
  return `${page}#logsV2:log-groups/log-group/${escaped(group)}/log-events/${escaped(stream)}`;
}
