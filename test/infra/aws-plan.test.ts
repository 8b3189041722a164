import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '#lib/config.ts';
import { isCourseStage } from '#lib/stages/table.ts';
import { AWS_PARTS, planText, reportText } from '../deploy/aws/plan.ts';

test('every part of the AWS test plan has a valid configuration, and waits for stages that it runs', () => {
  for (const part of AWS_PARTS) {
    if (part.kind !== 'run') continue;
    const { name, config, done, hostLostIn } = part;
    const { segmentation, custom_models, radiomics_robustness } = parseConfig(config);
    const runs = { segmentation, custom_models, robustness: radiomics_robustness };
    for (const stage of [...done, ...(hostLostIn ? [hostLostIn] : [])]) {
      assert.ok(isCourseStage(stage), `${name}: ${stage}`);
      assert.notEqual(runs[stage as keyof typeof runs]?.enabled, false, `${name}: ${stage} is off`);
    }
  }
});

test('the AWS test plan covers what no emulator shows (image build, GPU, custom models, a lost host, Athena) and states the total cost', () => {
  const text = planText(AWS_PARTS);
  for (const what of ['CodeBuild', 'GPU', 'custom models', 'taken away', 'Athena'])
    assert.ok(text.includes(what), what);
  assert.match(text, /Together at most about \$ 14\. RTPIPELINE_AWS=yes runs it\.$/);
});

test('the queries come after the run that they ask about', () => {
  const kinds = AWS_PARTS.map(({ kind }) => kind);
  assert.ok(kinds.indexOf('query') > kinds.indexOf('run'));
});

test('the report says when, where, and what failed', () => {
  const where = { account: '123456789012', region: 'eu-west-1', version: '0.1.0' };
  const results = [
    { name: 'one', failure: '', minutes: 12 },
    { name: 'two', failure: 'no GPU', minutes: 3 },
  ];
  const text = reportText(new Date('2026-11-30T10:00:00Z'), where, results);
  assert.match(text, /^# On AWS, 2026-11-30\n\nVersion 0\.1\.0, account 123456789012, eu-west-1\./);
  assert.match(text, /\| one \| passed \| 12 \|\n\| two \| failed: no GPU \| 3 \|/);
});
