import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { parseConfig } from '#lib/config.ts';
import { writeJson, writeJsonLines } from '#lib/course-store/json.ts';
import { ExitCode } from '#lib/errors.ts';
import { ctSlices } from '#lib/phantom/objects/image.ts';
import { paint } from '#lib/phantom/paint.ts';
import { sphere } from '#lib/phantom/solid.ts';
import { aggregate } from '#lib/stages/aggregate/aggregate.ts';
import { radiomics } from '#lib/stages/radiomics/radiomics.ts';
import { structures } from '#lib/stages/structures/structures.ts';
import { fileStore } from '#lib/store/file.ts';
import { courseKeys, runKeys } from '#lib/store/keys.ts';
import { IMAGED_KEYS, imagedCourse, phantomImage, runOn } from '#test/fixtures/imaged-course.ts';

const folder = mkdtempSync(join(tmpdir(), 'aggregate-'));
after(() => rmSync(folder, { recursive: true }));
const BALL = sphere([0, 0, 0], 16);
const MAIN = fileURLToPath(new URL('../../../../containers/analysis/main.ts', import.meta.url));

test('a file that the disk does not give ends the job of the tables after file_timeout, and is named', async () => {
  const store = fileStore(folder);
  const [aa, bb] = ['aaaaaaaa', 'bbbbbbbb'].map(courseKeys);
  await writeJson(store, runKeys.config, { aggregation: { file_timeout: 0.3 } });
  await writeJsonLines(store, runKeys.courses, [{ courseId: 'aaaaaaaa' }, { courseId: 'bbbbbbbb' }]);
  await writeJson(store, aa.course, { courseId: 'aaaaaaaa', images: [], structureSets: [] });
  await writeJson(store, bb.status('dvh'), {});
  await execa('mkfifo', [join(folder, bb.course)]);
  await writeJson(store, 'task.json', { stage: 'aggregate', input: {}, inputUri: store.uri, storeUri: store.uri });
  const { exitCode, stderr } = await execa(process.execPath, [MAIN, `${store.uri}/task.json`], {
    reject: false,
    timeout: 30_000,
  });
  assert.equal(exitCode, ExitCode.bug, stderr);
  assert.match(stderr, new RegExp(`"error":"TimedOut","reason":"no answer after 0.3 s \\(${bb.course}\\)"`));
});

test('tables of an earlier run of a stage are not mixed in', async () => {
  const image = phantomImage(1, 'ctImage', 'CT');
  const slices = ctSlices(image, paint(image.grid, 0, [{ solid: BALL, value: 50, noise: 20 }], 1));
  const features = { imageType: { Original: {} }, featureClass: { firstorder: ['Mean'] } };
  const config = (ibsi: object | null) => parseConfig({ radiomics: { params_file: features, ibsi } });
  const context = await imagedCourse(
    [{ image, modality: 'CT', slices, rois: { GTV: BALL } }],
    config({ families: ['statistics'] }),
  );
  const courseId = IMAGED_KEYS.root.split('/')[1];
  await writeJsonLines(context.store, runKeys.courses, [{ courseId }]);
  await writeJson(context.store, runKeys.organized, {
    ...{ catalogDigest: '', tables: [], findings: [], counts: { instances: 0 } },
  });
  await runOn(context, structures);
  const tables = [];
  for (const ibsi of [{ families: ['statistics'] }, null]) {
    await writeJson(context.store, runKeys.config, config(ibsi));
    await runOn(context, radiomics);
    const { tables: rows } = (await aggregate.run({}, context)) as { tables: Record<string, number> };
    tables.push([rows.radiomics_ct, rows.radiomics_ibsi]);
  }
  assert.deepEqual(tables, [
    [1, 1],
    [1, undefined],
  ]);
  const left: string[] = [];
  for await (const { key } of context.store.list('results/radiomics_ibsi')) left.push(key);
  assert.deepEqual(left, [], 'nor does its file stay');
});
