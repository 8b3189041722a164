import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { demoCohort } from '#lib/phantom/demo/cohort.ts';
import { deployedCloud, rtpipeline } from './cloud.ts';

/**
 * A smoke test of a deployment in a real account, which costs some cents: `RTPIPELINE_AWS=yes npm run test:aws` with
 * credentials and region in the environment. Segmentation is left out, so that it needs no GPU quota.
 */
const wanted = process.env.RTPIPELINE_AWS === 'yes';
const DEPLOYMENT = process.env.RTPIPELINE_DEPLOYMENT ?? 'rtpipeline';

test('a deployment on AWS takes the sample cohort to tables', {
  skip: wanted ? false : 'set RTPIPELINE_AWS=yes',
}, async () => {
  const work = mkdtempSync(join(tmpdir(), 'rtpipeline-aws-'));
  try {
    for (const { path, bytes } of demoCohort()) {
      mkdirSync(dirname(join(work, 'cohort', path)), { recursive: true });
      writeFileSync(join(work, 'cohort', path), bytes);
    }
    const config = join(work, 'config.yaml');
    writeFileSync(config, 'segmentation: { enabled: false }\ncustom_models: { enabled: false }\n');
    const cloud = deployedCloud();
    const { upload, results, machine } = await cloud.outputs(`${DEPLOYMENT}-pipeline`);
    const known = await cloud.executions(machine);
    const name = `smoke-${Date.now().toString(36)}`;
    rtpipeline(
      'upload',
      join(work, 'cohort'),
      '--to',
      upload,
      '--name',
      name,
      '--config',
      config,
      '--record',
      join(work, 'record'),
    );
    const ended = await cloud.nextExecution(machine, known, 3600);
    assert.equal(ended.status, 'SUCCEEDED', ended.error);
    assert.match(rtpipeline('results', `${results}/runs/${name}`, '--out', join(work, 'out')), /files in/);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
});
