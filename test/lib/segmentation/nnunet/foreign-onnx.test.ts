import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { BadInput, PipelineError } from '#lib/errors.ts';
import type { Volume } from '#lib/image/grid.ts';
import { silentLog } from '#lib/log.ts';
import { IDENTITY } from '#lib/math/vec3.ts';
import { parseCustomModel } from '#lib/segmentation/custom-models/schema.ts';
import { runOnnx } from '#lib/segmentation/nnunet/run-onnx.ts';
import { type ForeignOnnx, foreignOnnx, type OnnxShape, type OnnxType } from '../../../fixtures/foreign-onnx.ts';
import { onnxNetwork, rawWeights } from '../../../fixtures/onnx-network.ts';

const PATCH: [number, number, number] = [8, 8, 8];
const WEIGHTS = [0, 1, -1];
const folder = mkdtempSync(join(tmpdir(), 'foreign-onnx-test-'));
after(() => rmSync(folder, { recursive: true }));
const settings = { patch_size: PATCH, spacing: [2, 2, 2], normalization_schemes: ['NoNormalization'] };
const axes = { transpose_forward: [0, 1, 2], transpose_backward: [0, 1, 2] };
const plans = { configurations: { '3d_fullres': settings }, ...axes, foreground_intensity_properties_per_channel: {} };
writeFileSync(join(folder, 'plans.json'), JSON.stringify(plans));

/** Larger than a window. -1 in the first half along x, 1 in the other. */
function image(): Volume<Int16Array> {
  const data = Int16Array.from({ length: 12 * 9 * 10 }, (_, v) => (v % 12 < 6 ? -1 : 1));
  return { grid: { size: [12, 9, 10], spacingMm: [2, 2, 2], originMm: [0, 0, 0], direction: IDENTITY }, data };
}

async function labelsBy(checkpoint: string): Promise<number[]> {
  const network = { id: 'n', checkpoint, label_order: ['bright', 'dark'] };
  const model = parseCustomModel({ name: 'm', nnunet: { interface: 'onnx' }, networks: [network] }, folder);
  const { signal } = new AbortController();
  const { labelMaps } = await runOnnx(
    model,
    { volume: image(), where: '1.2', cores: 1, signal, log: silentLog },
    'cpu',
  );
  return [...labelMaps[0].volume.data];
}

function labelsOf(network: Partial<ForeignOnnx>): Promise<number[]> {
  const usual = { weights: WEIGHTS, input: [1, 1, ...PATCH], output: [1, 3, ...PATCH] };
  writeFileSync(join(folder, 'model.onnx'), foreignOnnx({ ...usual, ...network }));
  return labelsBy('model.onnx');
}

/** A line for a person, without the path of this machine. */
const refusal = (type: typeof PipelineError, message: RegExp) => (error: Error) => {
  assert.equal(error.constructor, type);
  assert.match(error.message, message);
  assert.doesNotMatch(error.message, /\n|\/foreign-onnx-test/);
  return true;
};

const EXPECTED = Array.from(image().data, (value) => (value > 0 ? 1 : 2));
const five = <T>(length: T): T[] => Array.from({ length: 5 }, () => length);

const SHAPES: [name: string, input: OnnxShape, output: OnnxShape][] = [
  ['named', ['n', 'c', 'z', 'y', 'x'], ['n', 'k', 'z', 'y', 'x']],
  ['unknown', five(undefined), five(undefined)],
  ['negative, which older programs write for unknown ones', five(-1), five(-1)],
  ['not even counted', undefined, undefined],
];
for (const [name, input, output] of SHAPES)
  test(`a network runs with axes that are ${name}`, async () => {
    assert.deepEqual(await labelsOf({ input, output }), EXPECTED);
  });

test('logits of 16 bits are read, window after window', { skip: typeof Float16Array === 'undefined' }, async () => {
  assert.deepEqual(await labelsOf({ gives: 'float16' }), EXPECTED);
});

for (const channels of [0, 2, 3])
  test(`a network that takes ${channels} channels is refused: a model gets one image`, async () => {
    const asked = labelsOf({ channels, input: [1, channels, ...PATCH] });
    await assert.rejects(asked, refusal(BadInput, new RegExp(`takes ${channels} channels, but the model gives it 1`)));
  });

test('a network that says nothing of its two channels fails with the reason of the runtime', async () => {
  const asked = labelsOf({ channels: 2, input: [1, 'c', ...PATCH] });
  await assert.rejects(asked, refusal(PipelineError, /the network failed: .*Input channels C is not equal.*C: 1/));
});

/** Number types, and what ONNX Runtime calls them. */
const TYPES: Partial<Record<OnnxType, string>> = {
  ...{ double: 'float64', int64: 'int64', int32: 'int32' },
  ...{ uint8: 'uint8', bool: 'bool', string: 'string' },
};
for (const [type, called] of Object.entries(TYPES) as [OnnxType, string][])
  test(`a network that takes or returns numbers of the type ${type} is refused`, async () => {
    const takes = refusal(BadInput, new RegExp(`takes numbers of the type ${called}\\. Export it for 32-bit numbers`));
    const gives = refusal(
      BadInput,
      new RegExp(`returns numbers of the type ${called}\\. Export it for 32-bit numbers`),
    );
    await assert.rejects(labelsOf({ takes: type }), takes);
    await assert.rejects(labelsOf({ gives: type }), gives);
  });

/** What else may differ, and the words of the refusal. */
const OTHERS: [what: string, network: Partial<ForeignOnnx>, message: RegExp][] = [
  ['takes 16-bit numbers', { takes: 'float16' }, /takes numbers of the type float16\. Export it for 32-bit/],
  ['takes bfloat16', { takes: 'bfloat16' }, /such as bfloat16\. Export it for 32-bit numbers \(model\.onnx\)/],
  ['returns bfloat16', { gives: 'bfloat16' }, /such as bfloat16\. Export it for 32-bit numbers \(model\.onnx\)/],
  ['has two inputs', { inputs: 2 }, /has 2 inputs\. Export it with the image as the only one/],
  ['has no input', { inputs: 0 }, /has 0 inputs/],
  ['has two outputs', { outputs: 2 }, /has 2 outputs\. Export it with the logits as the only one/],
  ['has no output', { outputs: 0 }, /has 0 outputs/],
  ['takes two windows at once', { input: [2, 1, ...PATCH], output: [2, 3, ...PATCH] }, /takes 2 windows at once/],
  ['returns a list of arrays', { last: 'SequenceConstruct' }, /does not return an array/],
  ['returns the shape', { last: 'Shape', output: [5] }, /returns \[5\] instead of \[1,3,8,8,8\]/],
  ['returns one number', { last: 'Size', output: [] }, /returns \[\] instead of \[1,3,8,8,8\]/],
  [
    'has another number of axes',
    { input: [1, 1, 8, 8], output: [1, 3, 8, 8] },
    /does not accept it \(.*Number of spatial dimensions.*\)\. Export it with opset 17/,
  ],
];
for (const [what, network, message] of OTHERS)
  test(`a network that ${what} is refused with the reason`, async () => {
    await assert.rejects(labelsOf(network), refusal(BadInput, message));
  });

/** What may stand in a file with the ending .onnx. */
const FILES: [what: string, content: Uint8Array | string, message: RegExp][] = [
  ['nothing', '', /truncated or not an ONNX file/],
  ['a text', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n', /truncated or not an ONNX file/],
  ['zeros', new Uint8Array(4096), /truncated or not an ONNX file/],
];
for (const [what, content, message] of FILES)
  test(`${what} in a file of a network is refused`, async () => {
    writeFileSync(join(folder, 'other.onnx'), content);
    await assert.rejects(labelsBy('other.onnx'), refusal(BadInput, message));
  });

/** Places of the weights of a network, and the words of the refusal. */
const EXTERNAL: [what: string, external: string, message: RegExp][] = [
  ['is not there', 'absent.data', /in a separate file .*must lie beside it/],
  ['is too short', 'short.data', /separate file with its weights is truncated\. Copy it again \(model\.onnx\)/],
  ['lies outside the folder of the model', '../outside.data', /in a separate file .*must lie beside it/],
  ['is named by its whole path', join(folder, 'whole.data'), /in a separate file .*must lie beside it/],
];
for (const [what, external, message] of EXTERNAL)
  test(`a network whose file of weights ${what} is refused`, async () => {
    mkdirSync(join(folder, 'inner'), { recursive: true });
    writeFileSync(join(folder, 'inner', 'short.data'), rawWeights(WEIGHTS).subarray(0, 8));
    for (const name of ['outside.data', 'whole.data']) writeFileSync(join(folder, name), rawWeights(WEIGHTS));
    writeFileSync(join(folder, 'inner', 'model.onnx'), onnxNetwork({ patch: PATCH, weights: WEIGHTS, external }));
    await assert.rejects(labelsBy('inner/model.onnx'), refusal(BadInput, message));
  });
