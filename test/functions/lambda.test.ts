import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { BadInput, Transient } from '#lib/errors.ts';
import type { Stage } from '#lib/stages/stage.ts';
import { stageFunction } from '../../functions/lambda.ts';

const context = { getRemainingTimeInMillis: () => 60_000 };
const event = (input: object) => ({ stage: 'probe', inputUri: '/in', storeUri: '/out', input });

function probe(run: (input: { text: string }) => Promise<unknown>): Stage<{ text: string }, unknown> {
  return { name: 'probe', input: z.strictObject({ text: z.string() }), run };
}

test('a function passes its input to the stage and returns the output of the stage', async () => {
  const handler = stageFunction(
    probe(async ({ text }) => ({ said: text })),
    () => {},
  );
  assert.deepEqual(await handler(event({ text: 'x' }), context), { said: 'x' });
});

test('errors keep their class name, which ErrorEquals in the state machine matches', async () => {
  const failing = stageFunction(
    probe(async () => {
      throw new Transient('throttled');
    }),
    () => {},
  );
  await assert.rejects(failing(event({ text: 'x' }), context), { name: 'Transient' });
  await assert.rejects(failing(event({ other: 1 }), context), { name: BadInput.name });
  await assert.rejects(failing({ ...event({ text: 'x' }), stage: 'dvh' }, context), /runs probe, not dvh/);
});

test('each call prints metrics of the stage, and whether it failed', async () => {
  const lines: Record<string, unknown>[] = [];
  const handler = stageFunction(
    probe(async ({ text }) => {
      if (text === 'bad') throw new BadInput('no slices');
    }),
    (line) => lines.push(line as Record<string, unknown>),
  );
  await handler(event({ text: 'good' }), context);
  await assert.rejects(handler(event({ text: 'bad' }), context));
  const metrics = lines.filter((line) => '_aws' in line);
  assert.deepEqual(
    metrics.map(({ Stage, StageFailed }) => [Stage, StageFailed]),
    [
      ['probe', 0],
      ['probe', 1],
    ],
  );
});
