import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { builtApp, templatesOf } from '../fixtures/cloud-app.ts';
import { PIPELINE_FILES, readPipeline } from '../fixtures/pipeline.ts';

const validate: (definition: unknown) => { errors: unknown[] } = createRequire(import.meta.url)('asl-validator');

const { storage, pipeline } = templatesOf(builtApp());

/** Hashes of contents change with every line of code: they are no change of the deployment. */
function masked(template: object): string {
  return JSON.stringify(template, null, 1).replaceAll(/[0-9a-f]{64}/g, '<hash>');
}

test('the template of the storage stack equals the reviewed snapshot', (t) => {
  t.assert.snapshot(masked(storage.toJSON()), { serializers: [String] });
});

test('the template of the pipeline stack equals the reviewed snapshot', (t) => {
  t.assert.snapshot(masked(pipeline.toJSON()), { serializers: [String] });
});

for (const file of PIPELINE_FILES) {
  test(`${file} is valid after the deployment fills its placeholders, and none is left open`, () => {
    const machine = Object.values(pipeline.findResources('AWS::StepFunctions::StateMachine')).find(({ Properties }) =>
      Properties.StateMachineName.endsWith(file.replace('.asl.json', '')),
    );
    const substitutions = machine?.Properties.DefinitionSubstitutions as Record<string, unknown>;
    const text = readPipeline(file).replaceAll(/\$\{(\w+)\}/g, (_, name) => {
      assert.ok(name in substitutions, `${name} is not bound`);
      const value = substitutions[name];
      return typeof value === 'string' ? value : 'arn:aws:states:eu-west-1:123456789012:stateMachine:x';
    });
    assert.deepEqual(validate(JSON.parse(text)).errors, []);
  });
}
