import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  activated,
  ensembleOf,
  nnunetV1,
  nnunetV2,
  nnunetV2ModelFolder,
  ownCommand,
} from '#lib/segmentation/custom-models/command-lines.ts';
import { parseCustomModel } from '#lib/segmentation/custom-models/schema.ts';

const AT = { input: 'in', output: 'out', weights: 'results/Dataset7', results: 'results' };
const OPTIONS = { device: 'cpu' as const, nnunetPredict: 'nnUNetv2_predict', probabilities: false };
const TAIL = ['-npp', '1', '-nps', '1', '-device', 'cpu'];

function modelOf(nnunet: object, network: object, more: object = {}) {
  return parseCustomModel({ nnunet, networks: [{ id: 7, alias: 'n', label_order: ['a'], ...network }], ...more }, '/m');
}

test('nnU-Net 2: dataset, configuration, folds, trainer, plans, checkpoint and further arguments', () => {
  const plain = modelOf({}, {});
  assert.deepEqual(nnunetV2(plain, plain.networks[0], AT, OPTIONS), {
    command: 'nnUNetv2_predict',
    args: [
      ...['-i', 'in', '-o', 'out', '-d', '7', '-c', '3d_fullres', '-f', 'all', '-chk', 'checkpoint_final.pth'],
      ...TAIL,
    ],
    env: { nnUNet_results: 'results', nnUNet_raw: 'results', nnUNet_preprocessed: 'results' },
  });
  const network = {
    trainer: 'T',
    plans: 'P',
    folds: '0 1',
    architecture: '2d',
    checkpoint: 'best.pth',
    extra_args: '-x',
  };
  const full = modelOf({ command: '/opt/predict', env: { A: 1 } }, { ...network, env: { B: 2 } });
  const at = { ...AT, previous: 'first' };
  const line = nnunetV2(full, full.networks[0], at, { ...OPTIONS, probabilities: true });
  assert.equal(line.command, '/opt/predict');
  assert.deepEqual(line.args, [
    ...['-i', 'in', '-o', 'out', '-d', '7', '-c', '2d', '-f', '0', '1', '-tr', 'T', '-p', 'P', '-chk', 'best.pth'],
    ...TAIL,
    ...['-prev_stage_predictions', 'first', '--save_probabilities', '-x'],
  ]);
  assert.deepEqual([line.env.A, line.env.B], ['1', '2']);
});

test('a model folder, nnU-Net 1 and ensembles of both versions use their own programs', () => {
  const folder = modelOf({ interface: 'nnunetv2_modelfolder', folds: [0] }, {});
  const inFolder = nnunetV2ModelFolder(folder, folder.networks[0], AT, { ...OPTIONS, device: 'gpu' });
  assert.deepEqual(
    [inFolder.command, ...inFolder.args.slice(4, 10), inFolder.args.at(-1)],
    ['nnUNetv2_predict_from_modelfolder', '-m', 'results/Dataset7', '-f', '0', '-chk', 'checkpoint_final.pth', 'cuda'],
  );
  const first = modelOf({ interface: 'nnunetv1' }, { task: 'Task055', trainer: 'T', cascade_trainer: 'C', plans: 'P' });
  const line = nnunetV1(first, first.networks[0], AT, { ...OPTIONS, probabilities: true });
  assert.deepEqual(line.args, [
    ...['-i', 'in', '-o', 'out', '-t', 'Task055', '-m', '3d_fullres', '-f', 'all'],
    ...['-tr', 'T', '-ctr', 'C', '-p', 'P', '--save_npz'],
  ]);
  assert.equal(line.env.RESULTS_FOLDER, 'results');

  const second = { id: 8, alias: 'o', label_order: ['a'] };
  const both = (nnunet: object, ensemble: object) =>
    parseCustomModel({ nnunet, networks: [{ id: 7, alias: 'n', label_order: ['a'] }, second], ensemble }, '/m');
  const inputs = ['n', 'o'];
  assert.deepEqual(
    [ensembleOf(both({}, { inputs }), ['x', 'y'], 'out', 'results')].map(({ command, args }) => [command, ...args]),
    [['nnUNetv2_ensemble', '-i', 'x', 'y', '-o', 'out', '-np', '1']],
  );
  const withJson = both({ interface: 'nnunetv1' }, { inputs, postprocessing_json: 'p.json' });
  assert.deepEqual(
    [ensembleOf(withJson, ['x', 'y'], 'out', 'results')].map(({ command, args }) => [command, ...args]),
    [['nnUNet_ensemble', '-f', 'x', 'y', '-o', 'out', '-pp', '/m/p.json']],
  );
});

test('a custom command receives its paths, in a container those of the container', () => {
  const at = { folder: '/tmp/run', input: '/tmp/run/image.nii.gz', output: '/tmp/run/labels.nii.gz' };
  const own = modelOf({ interface: 'command', command: 'segment {input} {output} --w {model}/w --on {device}' }, {});
  assert.deepEqual(ownCommand(own, at, { device: 'cpu' }), {
    command: 'segment',
    args: ['/tmp/run/image.nii.gz', '/tmp/run/labels.nii.gz', '--w', '/m/w', '--on', 'cpu'],
    env: {},
  });
  const command = ['segment', '{input}', '{output}', '{model}'];
  const boxed = modelOf({ interface: 'command', command, container: 'me/model:1', env: { A: 'b c' } }, {});
  assert.deepEqual(ownCommand(boxed, at, { device: 'gpu' }), {
    command: 'docker',
    args: [
      ...['run', '--rm', '--init', '--network', 'none', '--gpus', 'all', '-v', '/tmp/run:/data', '-v', '/m:/model:ro'],
      ...['-e', 'A=b c', 'me/model:1', 'segment', '/data/image.nii.gz', '/data/labels.nii.gz', '/model'],
    ],
    env: {},
  });
});

test('an environment is activated before the program, whose arguments need no quoting', () => {
  const line = { command: 'predict', args: ['a b', '$HOME'], env: {} };
  assert.deepEqual(activated(line, null), line);
  assert.deepEqual(activated(line, 'conda activate nn').args, [
    ...['-c', 'conda activate nn && exec "$@"', 'bash', 'predict', 'a b', '$HOME'],
  ]);
});
