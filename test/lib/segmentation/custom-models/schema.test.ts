import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { BadConfig } from '#lib/errors.ts';
import { parseCustomModel } from '#lib/segmentation/custom-models/schema.ts';

/** As RTpipeline 2 had them. */
const CARDIAC = `
name: cardiac
summary: Chambers and valves
required_regions: THORAX
min_region_confidence: 0.6
nnunet:
  interface: nnunetv2
  command: nnUNetv2_predict
  model: 3d_fullres
  folds: all
  env: {nnUNet_results: weights}
networks:
  - dataset: 603
    name: chambers
    weights: Dataset603.zip
    labels: [atrium_left, atrium_right]
    predict_args: --disable_tta --verbose
  - id: 605
    alias: valves
    archive: Dataset605.zip
    structures: [valve_aortic]
    architecture: 3d_lowres
    folds: [0, 1]
combine: {order: [valves, chambers]}
`;

test('a model of RTpipeline 2 is read with its alternative names', () => {
  const model = parseCustomModel(parse(CARDIAC), '/models/heart');
  assert.deepEqual(
    [model.name, model.description, model.required_body_regions, model.min_region_confidence],
    ['cardiac', 'Chambers and valves', ['THORAX'], 0.6],
  );
  const [chambers, valves] = model.networks;
  assert.deepEqual(
    [chambers.id, chambers.alias, chambers.archive, chambers.label_order, chambers.extra_args],
    ['603', 'chambers', 'Dataset603.zip', ['atrium_left', 'atrium_right'], ['--disable_tta', '--verbose']],
  );
  assert.deepEqual([valves.id, valves.folds, valves.architecture], ['605', ['0', '1'], '3d_lowres']);
  assert.deepEqual(model.combine.ordered_networks, ['valves', 'chambers']);
});

test('a model without a name is named after its folder', () => {
  const model = parseCustomModel({ networks: [{ id: 1, label_order: ['a'] }] }, '/models/heart');
  assert.deepEqual([model.name, model.networks[0].alias, model.nnunet.interface], ['heart', '1', 'nnunetv2']);
});

test('ambiguous settings, and settings that change the result, are refused with the reason', () => {
  const net = (more: object) => ({ id: 1, label_order: ['a'], ...more });
  const cases: [unknown, RegExp][] = [
    [null, /does not describe a model/],
    [{ networks: [] }, /networks/],
    [{ networks: [net({})], colour: 'red' }, /colour/],
    [{ networks: [net({ label_order: [] })] }, /label_order/],
    [{ networks: [net({ label_order: ['Lung_L', 'lung l'] })] }, /Lung_L .* and lung l .* are too similar/],
    [
      { networks: [net({ alias: 'x', label_order: ['Lung-L'] }), net({ alias: 'y', label_order: ['Lung_L'] })] },
      /are too similar/,
    ],
    [{ networks: [net({ label_order: ['--'] })] }, /needs a letter or a digit/],
    [{ networks: [net({}), net({ label_order: ['b'] })] }, /two networks have the alias 1/],
    [{ networks: [net({})], combine: { networks: ['z'] } }, /network z does not exist/],
    [{ networks: [net({})], nnunet: { interface: 'medsam_boxprompt' } }, /MedSAM/],
    [{ networks: [net({ postprocessing: { confine_to_lung_mask: true } })] }, /postprocessing/],
    [{ networks: [net({})], nnunet: { orientation: 'XYZ' } }, /orientation/],
    [
      {
        networks: [net({}), net({ id: 2, label_order: ['b'] })],
        nnunet: { interface: 'onnx' },
        ensemble: { inputs: ['1', '2'] },
      },
      /ensemble of ONNX networks/,
    ],
  ];
  for (const [content, message] of cases) {
    assert.throws(
      () => parseCustomModel(content, '/models/m'),
      (error) => error instanceof BadConfig && message.test(error.message),
      JSON.stringify(content),
    );
  }
});

test('networks may give the same structure under the same spelling, and the later one is used', () => {
  const networks = [
    { alias: 'x', label_order: ['heart'] },
    { alias: 'y', label_order: ['heart'] },
  ];
  assert.equal(parseCustomModel({ networks }, '/m').networks.length, 2);
});
