import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '#lib/config.ts';
import { deploymentKeys, deploymentKeysIn, withDeploymentKeys } from '#lib/upload-settings.ts';

test('only programs, shell commands and code folders are reserved for the deployment', () => {
  assert.deepEqual(deploymentKeys(), [
    'segmentation.weights',
    'segmentation.converted',
    'segmentation.command',
    'custom_models.root',
    'custom_models.digest',
    'custom_models.networks',
    'custom_models.nnunet_predict',
    'custom_models.retain_weights',
    'custom_models.conda_activate',
  ]);
});

test('settings reserved for the deployment do not leave this machine', () => {
  const sent = withDeploymentKeys(parseConfig({ custom_models: { root: '/home/me/models', enabled: true } }));
  assert.deepEqual(deploymentKeysIn(sent), []);
  assert.equal(parseConfig(sent).custom_models.enabled, true);
});

test('tasks that run without their program are those of the deployment, not those that an upload names', () => {
  const converted = [{ name: 'total', digest: 'd', networks: [] }];
  assert.deepEqual(deploymentKeysIn({ segmentation: { converted } }), ['segmentation.converted']);
  const deployed = withDeploymentKeys({ segmentation: { converted } }, { segmentation: {} });
  assert.deepEqual(parseConfig(deployed).segmentation.converted, []);
});

test('a section of a wrong type is left for the schema to refuse', () => {
  const broken = withDeploymentKeys({ custom_models: 'no' }, { custom_models: { root: '/opt' } });
  assert.throws(() => parseConfig(broken), /custom_models/);
});
