import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeJson } from '#lib/course-store/json.ts';
import { memoryStore } from '#lib/store/memory.ts';
import { logStreamUrl, stageFailures } from '../../../cli/cloud/failures.ts';

test('every failed stage of the courses is listed with its reason and log', async () => {
  const store = memoryStore();
  const failed = { stage: 'dvh', status: 'failed', why: 'oom', reason: 'r', attempts: 4, logStream: 'dvh/default/1' };
  const output = { courseId: 'c1', status: 'failed', stages: [{ stage: 'qc', status: 'done' }, failed] };
  await writeJson(store, 'run/courses/x/SUCCEEDED_0.json', [{ Output: JSON.stringify(output) }]);
  await writeJson(store, 'run/courses/x/manifest.json', {});
  const { status: _, ...expected } = failed;
  assert.deepEqual(await stageFailures(store), [{ courseId: 'c1', ...expected }]);
});

test('a course that failed earlier but succeeded in the last execution is not listed', async () => {
  const store = memoryStore();
  const stages = (status: string) => [{ stage: 'dvh', status, why: 'oom', reason: status }];
  const ended = (StopDate: string, status: string) => [
    { StopDate, Output: JSON.stringify({ courseId: 'c1', stages: stages(status) }) },
  ];
  await writeJson(store, 'run/courses/b/SUCCEEDED_0.json', ended('2026-03-01T10:00:00.000Z', 'failed'));
  await writeJson(store, 'run/courses/a/SUCCEEDED_0.json', ended('2026-03-02T10:00:00.000Z', 'done'));
  assert.deepEqual(await stageFailures(store), []);
  await writeJson(store, 'run/courses/c/SUCCEEDED_0.json', ended('2026-03-03T10:00:00.000Z', 'failed'));
  assert.equal((await stageFailures(store)).length, 1);
});

test('log stream names are escaped as the AWS console escapes them', () => {
  assert.equal(
    logStreamUrl('eu-west-1', '/rtpipeline/jobs', 'dvh/default/1'),
    'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1' +
      '#logsV2:log-groups/log-group/$252Frtpipeline$252Fjobs/log-events/dvh$252Fdefault$252F1',
  );
});
