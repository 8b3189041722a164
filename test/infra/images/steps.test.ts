import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { CONTAINERS } from '#statemachine/bindings.ts';
import { IMAGES, imageName, pushSteps } from '../../../infra/images/steps.ts';
import { builtApp, templatesOf } from '../../fixtures/cloud-app.ts';

const registry = { host: '123.dkr.ecr.eu-west-1.amazonaws.com', deployment: 'second', version: '1.2.3' };

test('each image is built for x86 from its file and pushed under the name in the job definitions', () => {
  assert.deepEqual([...IMAGES].sort(), [...new Set(Object.values(CONTAINERS))].sort());
  const steps = pushSteps(registry, IMAGES);
  assert.deepEqual(
    steps.map(([verb]) => verb),
    ['build', 'push', 'build', 'push'],
  );
  for (const args of steps.filter(([verb]) => verb === 'build')) {
    assert.ok(args.includes('linux/amd64'));
    assert.ok(existsSync(new URL(`../../../${args[args.indexOf('--file') + 1]}`, import.meta.url)));
  }
  const { storage } = templatesOf(builtApp({ name: 'second' }));
  for (const image of IMAGES) {
    storage.hasResourceProperties('AWS::ECR::Repository', { RepositoryName: `second/${image}` });
    assert.equal(imageName(registry, image), `${registry.host}/second/${image}:1.2.3`);
  }
});
