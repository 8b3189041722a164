import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Finding } from '../../findings.ts';
import { writeNifti } from '../../nifti/write-nifti.ts';
import { runProgram } from '../../pool/program.ts';
import { readLabelMap, UnusableResult } from '../label-map.ts';
import { type Label, labelsOf } from '../label-table.ts';
import type { ModelInput, ModelResult, ProgramRecord } from '../model-run.ts';
import { combineParts, type SubtaskPart } from './combine.ts';
import {
  activated,
  type CommandLine,
  ensembleOf,
  isV1,
  type NetworkFolders,
  nnunetV1,
  nnunetV2,
  nnunetV2ModelFolder,
} from './command-lines.ts';
import { compareWithDataset, renamedLabels, trainedFolders } from './dataset-labels.ts';
import { inOrder } from './network-order.ts';
import { postprocessed } from './postprocessed.ts';
import { regionMaps } from './region-maps.ts';
import type { CustomModel, Network } from './schema.ts';
import type { CustomModelSettings } from './settings.ts';
import { resultsFolder, weightsFolder } from './weights.ts';

const BUILDERS = { nnunetv2: nnunetV2, nnunetv1: nnunetV1, nnunetv2_modelfolder: nnunetV2ModelFolder } as const;

/** Runs the networks of an nnU-Net model one after the other, then the ensemble, and puts their structures together. */
export async function runNetworks(
  model: CustomModel,
  settings: CustomModelSettings,
  input: ModelInput,
  folder: string,
): Promise<ModelResult> {
  const inputFolder = join(folder, 'input');
  await mkdir(inputFolder);
  await writeFile(join(inputFolder, 'case_0000.nii.gz'), writeNifti(input.volume, true));
  const programs: ProgramRecord[] = [];
  const run = async (line: CommandLine, alias: string) => {
    const { seconds } = await runProgram({
      ...activated(line, settings.custom.conda_activate),
      cwd: folder,
      threads: settings.segmentation.threads_per_worker ?? undefined,
      timeoutMs: 1000 * settings.custom.timeout,
      signal: input.signal,
    });
    programs.push({ ...recordOf(line, alias), seconds: Math.round(10 * seconds) / 10, status: 'ok' });
  };

  const parts: SubtaskPart[] = [];
  const findings: Finding[] = [];
  for (const network of inOrder(model.networks)) {
    const at = await foldersOf(model, network, settings, inputFolder, folder);
    const compared = await compareWithDataset(model, network.label_order, await trainedFolders(at.weights));
    findings.push(...renamedLabels(model, network, compared, input.where));
    const options = {
      device: settings.segmentation.device,
      nnunetPredict: settings.custom.nnunet_predict,
      probabilities: model.ensemble?.inputs.includes(network.alias) ?? false,
    };
    await run(builderOf(model)(model, network, at, options), network.alias);
    const { regions } = compared;
    const labels = regions?.map(({ name, paints }) => ({ name, value: paints })) ?? labelsOf(network.label_order);
    const found = await readPart(at.output, labels, input);
    const labelMap = await postprocessed(found, model, network);
    const maps = regions ? regionMaps(labelMap.volume, regions) : [labelMap];
    parts.push(...maps.map((map) => ({ alias: network.alias, labelMap: map })));
  }
  if (!model.ensemble) return { labelMaps: combineParts(parts, model), programs, findings, missing: [] };

  const output = outputOf(folder, 'ensemble');
  await mkdir(output);
  const members = model.ensemble.inputs.map((alias) => outputOf(folder, alias));
  await run(ensembleOf(model, members, output, resultsFolder(model)), 'ensemble');
  const labels = model.ensemble.label_order ?? labelsOfMember(model);
  const alone = parts.filter(({ alias }) => !model.ensemble?.inputs.includes(alias));
  const found = await readPart(output, labelsOf(labels), input);
  const labelMap = isV1(model) ? found : await postprocessed(found, model, model.ensemble);
  const all = [...alone, { alias: 'ensemble', labelMap }];
  return { labelMaps: combineParts(all, model), programs, findings, missing: [] };
}

function builderOf({ nnunet }: CustomModel) {
  return BUILDERS[nnunet.interface as keyof typeof BUILDERS];
}

async function foldersOf(
  model: CustomModel,
  network: Network,
  settings: CustomModelSettings,
  input: string,
  folder: string,
): Promise<NetworkFolders> {
  const unpackInto = settings.custom.retain_weights ? resultsFolder(model) : join(folder, 'weights');
  const weights = await weightsFolder(model, network, unpackInto);
  const output = outputOf(folder, network.alias);
  await mkdir(output, { recursive: true });
  const previous = network.previous_stage && outputOf(folder, network.previous_stage);
  return { input, output, weights, results: dirname(weights), previous };
}

function outputOf(folder: string, alias: string): string {
  return join(folder, `output-${alias.replace(/[^\w.-]/g, '_')}`);
}

async function readPart(output: string, labels: Label[], { volume }: ModelInput) {
  const file = await readFile(join(output, 'case.nii.gz')).catch((cause) => {
    throw new UnusableResult('the network ended without a result', { cause });
  });
  return readLabelMap(file, volume.grid, labels);
}

function labelsOfMember({ networks, ensemble }: CustomModel): string[] {
  return networks.find(({ alias }) => alias === ensemble?.inputs[0])?.label_order ?? [];
}

function recordOf({ command, args }: CommandLine, alias: string): Omit<ProgramRecord, 'seconds' | 'status'> {
  const options = args.filter((word) => !word.includes('/'));
  return { name: command.split('/').at(-1) ?? command, version: '', options: { network: alias, options } };
}
