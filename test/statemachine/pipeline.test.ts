import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { FUNCTION_BINDINGS, STAGE_BINDINGS } from '#statemachine/bindings.ts';
import { statesIn } from '#statemachine/engine/check.ts';
import { loadDefinition, placeholdersIn } from '#statemachine/engine/parse.ts';
import { loadPipeline, PIPELINE_FILES, readPipeline, SUBSTITUTIONS } from '#test/fixtures/pipeline.ts';

const validate: (definition: unknown) => { errors: unknown[] } = createRequire(import.meta.url)('asl-validator');
for (const file of PIPELINE_FILES) {
  test(`${file} is valid Amazon States Language for asl-validator`, () => {
    const text = readPipeline(file).replace(/\$\{(\w+)\}/g, (_, name) => SUBSTITUTIONS[name]);
    assert.deepEqual(validate(JSON.parse(text)).errors, []);
  });

  test(`${file} loads into the engine`, () => {
    assert.ok(loadPipeline(file).StartAt);
  });
}

test('every placeholder is bound and every binding is used', () => {
  const used = PIPELINE_FILES.flatMap((file) => placeholdersIn(readPipeline(file)));
  assert.deepEqual([...new Set(used)].sort(), Object.keys(SUBSTITUTIONS).sort());
});

/** The stage that a Task names beside its placeholder, for a person who reads the file. */
test('a state names the stage that its placeholder is bound to', () => {
  const stages = Object.entries(STAGE_BINDINGS).map(([name, { stage }]) => [name, stage]);
  const marked = { ...Object.fromEntries(stages), ...FUNCTION_BINDINGS };
  const definition = loadDefinition(readPipeline('pipeline.asl.json'), { ...SUBSTITUTIONS, ...marked });
  const named = [...statesIn(definition)].flatMap(([, state]) => {
    if (state.Type !== 'Task') return [];
    const { FunctionName, Payload, Input } = state.Arguments as Record<string, never>;
    if (Payload) return [[FunctionName, (Payload as { stage: string }).stage]];
    return Input ? [[(Input as Record<string, string>).jobDefinition, (Input as Record<string, string>).stage]] : [];
  });
  assert.ok(named.length >= Object.keys(STAGE_BINDINGS).length);
  for (const [bound, stage] of named) assert.equal(bound, stage);
});
