import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { BadConfig } from '#lib/errors.ts';
import type { Volume } from '#lib/image/grid.ts';
import { silentLog } from '#lib/log.ts';
import { IDENTITY } from '#lib/math/vec3.ts';
import { runChain } from '#lib/segmentation/chain/run-chain.ts';
import { parseCustomModel } from '#lib/segmentation/custom-models/schema.ts';
import { onnxNetwork } from '../../../fixtures/onnx-network.ts';

const folder = mkdtempSync(join(tmpdir(), 'chain-test-'));
after(() => rmSync(folder, { recursive: true }));

const PATCH: [number, number, number] = [8, 8, 8];
const settings = { patch_size: PATCH, spacing: [2, 2, 2], normalization_schemes: ['NoNormalization'] };
const plans = {
  configurations: { '3d_fullres': settings },
  transpose_forward: [0, 1, 2],
  transpose_backward: [0, 1, 2],
  foreground_intensity_properties_per_channel: {},
};
writeFileSync(join(folder, 'plans.json'), JSON.stringify(plans));
/** Bright where the image is (value 1), dark where it is (value 2). */
writeFileSync(join(folder, 'signs.onnx'), onnxNetwork({ patch: PATCH, weights: [0, 1, -1] }));
/** Everything that is dark (value 1). */
writeFileSync(join(folder, 'dark.onnx'), onnxNetwork({ patch: PATCH, weights: [0, -1] }));

const SIGNS = { alias: 'signs', checkpoint: 'signs.onnx', label_order: ['bright', 'dim'] };
const DARK = { alias: 'dark', checkpoint: 'dark.onnx', label_order: ['night'] };

function model(steps: object[]) {
  return parseCustomModel({ name: 'm', nnunet: { interface: 'onnx' }, networks: [SIGNS, DARK], steps }, folder);
}

/** Bright (1) in the first 4 of 16 columns, dark (-1) in the last 4, 0 between them. */
function image(value = 1): Volume<Int16Array> {
  const data = Int16Array.from({ length: 16 * 10 * 10 }, (_, v) => (v % 16 < 4 ? value : v % 16 < 12 ? 0 : -1));
  return { grid: { size: [16, 10, 10], spacingMm: [2, 2, 2], originMm: [0, 0, 0], direction: IDENTITY }, data };
}

async function run(steps: object[], volume = image()) {
  const own = model(steps);
  const { signal } = new AbortController();
  const input = { volume, where: '1.2', cores: 1, signal, log: silentLog };
  const { labelMaps, programs } = await runChain(own, own.steps ?? [], input, 'cpu');
  assert.equal(labelMaps.length, 1);
  return { row: [...labelMaps[0].volume.data.subarray(0, 16)].join(''), labels: labelMaps[0].labels, programs };
}

const find = { name: 'find', networks: ['signs'], labels: { bright: 1, dim: 2 } };

test('labels get the values of the step, and labels that the step does not keep become background', async () => {
  const { row, labels } = await run([{ ...find, labels: { dim: 7 } }]);
  assert.equal(row, '0000000000007777');
  assert.deepEqual(labels, [{ name: 'dim', value: 7 }]);
});

test('results of a later network replace those of an earlier one', async () => {
  const { row, programs } = await run([
    { ...find, networks: ['signs', 'dark'], labels: { bright: 1, dim: 2, night: 3 } },
  ]);
  assert.equal(row, '1111000000003333');
  assert.equal(programs.length, 2);
});

test('a crop shows the networks only the box around a structure, with the margin in whole voxels', async () => {
  const crop = { step: 'find', structures: ['bright'], margin_mm: [17, 0, 0] };
  const { row } = await run([find, { name: 'dark', networks: ['dark'], labels: { night: 1 }, crop }]);
  assert.equal(row, '0000000000000000');
  const wider = { ...crop, margin_mm: [19.9, 0, 0] };
  const { row: more } = await run([find, { name: 'dark', networks: ['dark'], labels: { night: 1 }, crop: wider }]);
  assert.equal(more, '0000000000001000');
});

test('without the structure to crop around nothing is found', async () => {
  const crop = { step: 'find', structures: ['bright'], margin_mm: [0, 0, 0] };
  const { row, labels } = await run([find, { name: 'dark', networks: ['dark'], labels: { night: 1 }, crop }], image(0));
  assert.equal(row, '0000000000000000');
  assert.deepEqual(labels, [{ name: 'night', value: 1 }]);
});

test('voxels far from a structure are removed', async () => {
  const inside = { step: 'find', structures: ['bright'], margin_mm: [20, 20, 20] };
  const { row } = await run([find, { name: 'dark', networks: ['dark'], labels: { night: 1 }, inside }]);
  assert.equal(row, '0000000000001100');
});

test('an image is resampled to the spacing of the step, and its labels back', async () => {
  const halves = image();
  halves.data.forEach((_, v) => {
    halves.data[v] = v % 16 < 8 ? 1 : -1;
  });
  assert.equal((await run([{ ...find, spacing_mm: [4, 4, 4] }], halves)).row, '1111111122222222');
});

test('steps that name something unknown are refused', () => {
  const refused = (step: object, message: RegExp) =>
    assert.throws(
      () => model([find, { name: 'last', networks: ['dark'], labels: { night: 1 }, ...step }]),
      (error) => error instanceof BadConfig && message.test(error.message),
    );
  const crop = { step: 'find', structures: ['bright'], margin_mm: [0, 0, 0] };
  refused({ networks: ['lost'] }, /step last runs network lost/);
  refused({ labels: { bright: 1 } }, /keeps bright, which none of its networks finds/);
  refused({ crop: { ...crop, step: 'later' } }, /looks at step later, which does not come before it/);
  refused({ crop: { ...crop, structures: ['night'] } }, /looks for night, which step find does not keep/);
  refused({ keep_largest: ['bright'] }, /cleans bright, which it does not keep/);
  refused({ name: 'find' }, /step find exists twice/);
});
