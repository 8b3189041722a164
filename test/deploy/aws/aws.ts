import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { stringify } from 'yaml';
import manifest from '../../../package.json' with { type: 'json' };
import { deployedCloud, type Outputs, rtpipeline } from '../cloud.ts';
import { writeCohort } from '../cohorts.ts';
import { courseEndings } from '../endings.ts';
import { askTables } from './ask-tables.ts';
import { buildImages } from './build-images.ts';
import { loseHostOf } from './lose-host.ts';
import { AWS_PARTS, type AwsPart, type PartResult, planText, type RunPart, reportText } from './plan.ts';

/**
 * A deployment in a real account, which costs some dollars: `RTPIPELINE_AWS=yes npm run test:aws` with credentials and region in
 * the environment. Without it the plan is told and nothing runs. It ends with a dated report, `aws-<date>.md`, in the folder
 * where it is started.
 */
const wanted = process.env.RTPIPELINE_AWS === 'yes';
const DEPLOYMENT = process.env.RTPIPELINE_DEPLOYMENT ?? 'rtpipeline';
const MODELS = fileURLToPath(new URL('../../../models', import.meta.url));
const WAIT_SECONDS = 4 * 3600;
const results: PartResult[] = [];
/** The first run of this proof: what the queries ask about. */
let firstRun: string | undefined;

if (!wanted) console.log(`\n${planText(AWS_PARTS)}\n`);

for (const part of AWS_PARTS)
  test(part.name, { skip: wanted ? false : 'set RTPIPELINE_AWS=yes' }, async () => {
    const began = Date.now();
    const failure = await prove(part).then(
      () => '',
      (error: Error) => error.message.split('\n')[0],
    );
    results.push({ name: part.name, failure, minutes: (Date.now() - began) / 60_000 });
    assert.equal(failure, '');
  });

after(async () => {
  if (!wanted) return;
  const { Account: account = '' } = await new STSClient().send(new GetCallerIdentityCommand({}));
  const now = new Date();
  const text = reportText(now, { account, region: process.env.AWS_REGION ?? '', version: manifest.version }, results);
  writeFileSync(`aws-${now.toISOString().slice(0, 10)}.md`, text);
  console.log(`\n${text}`);
});

async function prove(part: AwsPart): Promise<void> {
  if (part.kind === 'build') return buildImages(DEPLOYMENT);
  if (part.kind === 'run') return run(part);
  assert.ok(firstRun, 'no run of this proof has tables');
  return askTables(DEPLOYMENT, firstRun);
}

async function run(part: RunPart): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'rtpipeline-aws-'));
  try {
    const cloud = deployedCloud();
    const outputs = await cloud.outputs(`${DEPLOYMENT}-pipeline`);
    if (part.models) rtpipeline('publish-models', '--models', MODELS, '--to', outputs.results);
    const known = await cloud.executions(outputs.machine);
    const name = uploaded(part, work, outputs);
    if (part.hostLostIn) await loseHostOf(part.hostLostIn, `${DEPLOYMENT}-long-analysis`);
    const ended = await cloud.nextExecution(outputs.machine, known, WAIT_SECONDS);
    assert.equal(ended.status, 'SUCCEEDED', ended.error);
    const run = `${outputs.results}/runs/${name}`;
    const stages = (await courseEndings(cloud, run)).flatMap((course) => course.stages);
    for (const wantedStage of part.done) {
      const ends = stages.filter(({ stage }) => stage === wantedStage);
      assert.ok(
        ends.some(({ status }) => status === 'done'),
        `${wantedStage} ended done nowhere`,
      );
      // Some courses of the sample cohort cannot be computed, on purpose.
      const failed = ends.find(({ status, why }) => status === 'failed' && why !== 'bad_input');
      assert.ok(!failed, `${wantedStage}: ${failed?.why} ${failed?.reason}`);
    }
    if (part.hostLostIn)
      assert.ok(
        stages.some(({ stage, attempts = 1 }) => stage === part.hostLostIn && attempts > 1),
        'no second attempt',
      );
    assert.match(rtpipeline('results', run, '--out', join(work, 'out')), /files in/);
    firstRun ??= name;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function uploaded({ config }: RunPart, work: string, { upload }: Outputs): string {
  writeCohort(join(work, 'cohort'));
  writeFileSync(join(work, 'config.yaml'), stringify(config));
  const name = `smoke-${Date.now().toString(36)}`;
  const record = ['--record', join(work, 'record')];
  rtpipeline(
    'upload',
    join(work, 'cohort'),
    '--to',
    upload,
    '--name',
    name,
    '--config',
    join(work, 'config.yaml'),
    ...record,
  );
  return name;
}
