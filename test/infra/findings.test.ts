import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { IPolicyValidationContext, PolicyValidationPluginReport } from 'aws-cdk-lib';
import { AwsSolutionsChecks, HIPAASecurityChecks } from 'cdk-nag';
import { ACKNOWLEDGEMENTS, type Acknowledgement } from '../../infra/acknowledgements.ts';
import { withoutAcknowledged } from '../../infra/checks.ts';
import { builtApp } from '../fixtures/cloud-app.ts';
import { VARIANTS } from '../fixtures/variants.ts';

/** What the deployment puts into the environment of functions that read it when they load. */
const ENVIRONMENT = {
  AWS_REGION: 'eu-west-1',
  STATE_MACHINE_ARN: 'arn:aws:states:eu-west-1:123456789012:stateMachine:x',
  RESULTS_BUCKET: 'results',
  IMAGE_WEIGHTS: 'total',
  SCHEDULE_GROUP: 'quiet',
  QUEUE_ARN: 'arn:aws:sqs:eu-west-1:123456789012:x',
  SCHEDULE_ROLE_ARN: 'arn:aws:iam::123456789012:role/x',
};

type Violation = PolicyValidationPluginReport['violations'][number];

const used = new Set<Acknowledgement>();

for (const [name, settings] of Object.entries(VARIANTS))
  test(`every AwsSolutions or HIPAA.Security finding is fixed or has a written reason: ${name}`, () => {
    const violations: Violation[] = [];
    const checks = [new AwsSolutionsChecks(), new HIPAASecurityChecks()].map((pack) => ({
      name: pack.name,
      validate(context: IPolicyValidationContext) {
        violations.push(...pack.validate(context).violations);
        return { success: true, violations: [] };
      },
    }));
    builtApp(settings, { bundle: () => 'functions', checks }).app.synth();
    assert.ok(violations.length > 20, 'the packs look at something');
    const found = withoutAcknowledged(violations);
    assert.deepEqual(
      found.open.map(({ ruleName, violatingResources }) => [
        ruleName,
        violatingResources.map((one) => one.constructPath),
      ]),
      [],
    );
    for (const row of found.used) used.add(row);
  });

test('every written reason belongs to a finding', () => {
  const idle = ACKNOWLEDGEMENTS.filter((row) => !used.has(row)).map(({ rule, where }) => `${rule} ${where}`);
  assert.deepEqual(idle, []);
});

test('the deployed app bundles loadable functions and passes its own checks', async () => {
  const started = performance.now();
  const { app } = builtApp({ dropboxMinutes: 10, network: 'nat' }, {});
  app.synth();
  console.log(`# synthesis with bundles and checks: ${((performance.now() - started) / 1000).toFixed(1)} s`);
  Object.assign(process.env, ENVIRONMENT);
  for (const name of await readdir(join(app.outdir, 'functions'))) {
    const { handler } = await import(join(app.outdir, 'functions', name, 'index.mjs'));
    assert.equal(typeof handler, 'function', name);
  }
});
