import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { StageContext } from '#lib/course-store/context.ts';
import { readJson } from '#lib/course-store/json.ts';
import { readStructures } from '#lib/course-store/structures.ts';
import { courseStage } from '#lib/stages/course-stage.ts';
import type { AnyCourseStage } from '#lib/stages/define-course-stage.ts';
import { segmentation } from '#lib/stages/segmentation/segmentation.ts';
import type { StageStatus } from '#lib/stages/status.ts';
import { structures } from '#lib/stages/structures/structures.ts';
import { courseKeys } from '#lib/store/keys.ts';
import { COURSE_ID, segmentedCourse } from '../../../fixtures/segmented-course.ts';

const COMMAND = fileURLToPath(new URL('../../../fixtures/programs/segmenter.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'full-disk-test-'));
process.env.FAKE_SEGMENTER_LOG = join(folder, 'calls.jsonl');
after(() => {
  delete process.env.FAKE_SEGMENTER_LOG;
  rmSync(folder, { recursive: true });
});

/** A disk with no space for keys of this kind; `calls` counts the refusals. */
function fullFor({ store }: StageContext, kind: RegExp) {
  const refused: string[] = [];
  const put: typeof store.put = async (key, body, options) => {
    if (!kind.test(key)) return store.put(key, body, options);
    refused.push(key);
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  };
  return { store: { ...store, put }, refused };
}

const run = (stage: AnyCourseStage, context: StageContext) =>
  courseStage(stage).run({ courseId: COURSE_ID, force: false }, context);

const statusOf = ({ store }: StageContext, stage: string) =>
  readJson<StageStatus>(store, courseKeys(COURSE_ID).status(stage));

test('a disk that fills up while label maps or masks are written fails the stage by name; with space again, all is made', async () => {
  const { context } = await segmentedCourse({ segmentation: { command: COMMAND, device: 'cpu' } });
  const noMaps = fullFor(context, /segmentation\/.*\.nii\.gz$/);
  await assert.rejects(run(segmentation, { ...context, store: noMaps.store }), { code: 'ENOSPC' });
  assert.equal(noMaps.refused.length, 2, 'the second image is tried after the first');
  const { status, findings } = await statusOf(context, 'segmentation');
  assert.deepEqual(
    [status, findings.filter(({ code }) => code === 'SEGMENTATION_DISK_FULL').map(({ message }) => message)],
    [
      'failed',
      ['total', 'total_mr'].map((task) => `${task}: the disk is full (ENOSPC: no space left on device, write)`),
    ],
  );
  assert.equal((await run(structures, context)).status, 'ok', 'the course goes on');

  assert.equal((await run(segmentation, context)).status, 'ok');
  const noMasks = fullFor(context, /structures\/(?!.*\.json$)/);
  await assert.rejects(run(structures, { ...context, store: noMasks.store }), { code: 'ENOSPC' });
  assert.ok(noMasks.refused.length > 0);
  const failed = await statusOf(context, 'structures');
  assert.deepEqual([failed.status, failed.reason], ['failed', 'ENOSPC: no space left on device, write']);
  assert.equal((await run(structures, context)).status, 'ok');
  const { structures: found } = await readStructures(context.store, COURSE_ID);
  assert.deepEqual(
    found.map(({ status }) => status),
    ['ok', 'ok', 'empty', 'ok', 'ok', 'empty'],
  );
});
