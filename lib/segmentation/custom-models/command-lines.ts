import { resolve } from 'node:path';
import type { Device } from '../../pool/gpus.ts';
import type { CustomModel, Network } from './schema.ts';

export interface CommandLine {
  command: string;
  args: string[];
  env: Record<string, string>;
}

/** Folders of one run of a network. */
export interface NetworkFolders {
  input: string;
  output: string;
  /** Folder of the weights: `Dataset...` within the results, or a model folder. */
  weights: string;
  /** nnUNet_results: the folder that `weights` lies in. */
  results: string;
  /** Result of the network that this one refines. */
  previous?: string;
}

export interface CommandOptions {
  device: Device;
  /** Default program of nnU-Net v2. */
  nnunetPredict: string;
  /** Keep probabilities: an ensemble needs them. */
  probabilities: boolean;
}

const TORCH_DEVICES = { gpu: 'cuda', cpu: 'cpu', mps: 'mps' };
const ALL_FOLDS = 'all';

/** nnUNetv2_predict for a network of the results folder. */
export function nnunetV2(
  model: CustomModel,
  network: Network,
  at: NetworkFolders,
  options: CommandOptions,
): CommandLine {
  return {
    command: programOf(model) ?? options.nnunetPredict,
    args: [
      ...['-i', at.input, '-o', at.output, '-d', network.id],
      ...['-c', network.architecture ?? model.nnunet.model],
      ...['-f', ...foldsOf(model, network)],
      ...(network.trainer ? ['-tr', network.trainer] : []),
      ...(network.plans ? ['-p', network.plans] : []),
      ...['-chk', network.checkpoint],
      ...['-npp', '1', '-nps', '1', '-device', TORCH_DEVICES[options.device]],
      ...(at.previous ? ['-prev_stage_predictions', at.previous] : []),
      ...(options.probabilities ? ['--save_probabilities'] : []),
      ...network.extra_args,
    ],
    env: environmentOf(model, network, at.results),
  };
}

/** nnUNetv2_predict_from_modelfolder: the folder that holds plans.json and the folds. */
export function nnunetV2ModelFolder(
  model: CustomModel,
  network: Network,
  at: NetworkFolders,
  options: CommandOptions,
): CommandLine {
  return {
    command: programOf(model) ?? 'nnUNetv2_predict_from_modelfolder',
    args: [
      ...['-i', at.input, '-o', at.output, '-m', at.weights],
      ...['-f', ...foldsOf(model, network)],
      ...['-chk', network.checkpoint],
      ...['-npp', '1', '-nps', '1', '-device', TORCH_DEVICES[options.device]],
      ...(options.probabilities ? ['--save_probabilities'] : []),
      ...network.extra_args,
    ],
    env: environmentOf(model, network, at.results),
  };
}

/** nnUNet_predict of version 1. */
export function nnunetV1(
  model: CustomModel,
  network: Network,
  at: NetworkFolders,
  options: CommandOptions,
): CommandLine {
  return {
    command: programOf(model) ?? 'nnUNet_predict',
    args: [
      ...['-i', at.input, '-o', at.output, '-t', network.task ?? network.id],
      ...['-m', network.architecture ?? model.nnunet.model],
      ...['-f', ...foldsOf(model, network)],
      ...(network.trainer ? ['-tr', network.trainer] : []),
      ...(network.cascade_trainer ? ['-ctr', network.cascade_trainer] : []),
      ...(network.plans ? ['-p', network.plans] : []),
      ...(options.probabilities ? ['--save_npz'] : []),
      ...network.extra_args,
    ],
    env: { ...environmentOf(model, network, at.results), RESULTS_FOLDER: at.results },
  };
}

/** Its ensemble does the postprocessing itself; that of version 2 leaves it to another command. */
export function isV1({ nnunet }: CustomModel): boolean {
  return nnunet.interface === 'nnunetv1';
}

/** Means of the probabilities of several networks. */
export function ensembleOf(model: CustomModel, inputs: string[], output: string, results: string): CommandLine {
  const v1 = isV1(model);
  const { command, postprocessing_json: json } = model.ensemble ?? {};
  return {
    command: command ?? (v1 ? 'nnUNet_ensemble' : 'nnUNetv2_ensemble'),
    args: [
      ...(v1 ? ['-f', ...inputs] : ['-i', ...inputs]),
      ...['-o', output],
      ...(v1 && json ? ['-pp', resolve(model.folder, json)] : []),
      ...(v1 ? [] : ['-np', '1']),
    ],
    env: { nnUNet_results: results, nnUNet_raw: results, nnUNet_preprocessed: results, ...model.nnunet.env },
  };
}

/** A command of one's own; `{input}`, `{output}`, `{model}` and `{device}` stand for paths and the device. */
export function ownCommand(
  model: CustomModel,
  at: { folder: string; input: string; output: string },
  { device }: Pick<CommandOptions, 'device'>,
): CommandLine {
  const { command, container, env } = model.nnunet;
  const given = typeof command === 'string' ? command.split(/\s+/).filter(Boolean) : (command ?? []);
  const inside = (path: string) => (container ? path.replace(at.folder, '/data') : path);
  const values: Record<string, string> = {
    input: inside(at.input),
    output: inside(at.output),
    model: container ? '/model' : model.folder,
    device: TORCH_DEVICES[device],
  };
  const filled = given.map((word) => word.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole));
  if (!container) return { command: filled[0], args: filled.slice(1), env };
  return {
    command: 'docker',
    args: [
      ...['run', '--rm', '--init', '--network', 'none'],
      ...(device === 'gpu' ? ['--gpus', 'all'] : []),
      ...['-v', `${at.folder}:/data`, '-v', `${model.folder}:/model:ro`],
      ...Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]),
      container,
      ...filled,
    ],
    env: {},
  };
}

/** The same command after the activation of an environment, without quoting: the shell gets the words as arguments. */
export function activated({ command, args, env }: CommandLine, activate: string | null): CommandLine {
  if (!activate) return { command, args, env };
  return { command: 'bash', args: ['-c', `${activate} && exec "$@"`, 'bash', command, ...args], env };
}

function programOf({ nnunet: { command } }: CustomModel): string | undefined {
  return Array.isArray(command) ? command[0] : command;
}

function foldsOf(model: CustomModel, network: Network): string[] {
  const folds = network.folds ?? model.nnunet.folds ?? [];
  return folds.length > 0 ? folds : [ALL_FOLDS];
}

function environmentOf(model: CustomModel, network: Network, results: string): Record<string, string> {
  const own = { ...model.nnunet.env, ...network.env };
  return { nnUNet_raw: results, nnUNet_preprocessed: results, ...own, nnUNet_results: results };
}
