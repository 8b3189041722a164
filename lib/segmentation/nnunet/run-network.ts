import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Tensor as OrtTensor } from 'onnxruntime-node';
import { BadConfig, BadInput } from '../../errors.ts';
import { type Finding, finding } from '../../findings.ts';
import type { Device } from '../../pool/gpus.ts';
import { checkFiles } from '../conversion/manifest.ts';
import { compareWithDataset, type Region, renamedLabels } from '../custom-models/dataset-labels.ts';
import { readModelJson } from '../custom-models/model-json.ts';
import type { CustomModel, Network } from '../custom-models/schema.ts';
import type { ModelInput, ProgramRecord } from '../model-run.ts';
import { isHalf } from './half.ts';
import { headFile, onnxFiles, plansFile } from './onnx-files.ts';
import { type OnnxNetwork, openNetwork } from './onnx-network.ts';
import { ort } from './onnx-session.ts';
import { type Plan, readPlan } from './plans.ts';
import type { Infer, Logits } from './predict.ts';
import { type LabelArray, segment } from './segment.ts';

export interface NetworkOptions {
  device: Device;
  /** What the networks found that ran before, by their aliases: the second of a cascade is shown one. */
  found?: Map<string, FoundLabels>;
  /** Part of a window between neighbours; absent: half. */
  windowStep?: number;
}

/** What a network found, as nnU-Net writes it, and the values that it knows. */
export interface FoundLabels {
  labels: LabelArray;
  values: number[];
}

export interface NetworkResult {
  found: FoundLabels;
  /** The regions that it was trained on, where they may overlap. */
  regions?: Region[];
  program: ProgramRecord;
  findings: Finding[];
}

/**
 * Runs one network of nnU-Net that was exported to ONNX in this process: input [1, channels, z, y, x], output logits
 * [1, classes, z, y, x], without z in 2D. On the GPU when `device` is gpu and the runtime can use it, else on the CPU, with a
 * finding.
 * @throws BadInput when a file is broken or does not fit its plans
 */
export async function runNetwork(
  model: CustomModel,
  network: Network,
  input: ModelInput,
  { device, found = new Map(), windowStep }: NetworkOptions,
): Promise<NetworkResult> {
  const started = performance.now();
  const plan = await planOf(model, network);
  const compared = await compareWithDataset(model, network.label_order, [dirname(plansFile(model, network))]);
  const { regions } = compared;
  if (compared.hasRegions && !regions)
    throw new BadConfig(`${network.alias} was trained on regions: label_order must name them as dataset.json does`);
  const previous = previousOf(network, plan, found);
  const signature: Signature = {
    patch: plan.isFlat ? plan.patch.slice(1) : plan.patch,
    channels: 1 + (previous?.values.length ?? 0),
    classes: network.label_order.length + (regions ? 0 : 1),
    hasBackground: !regions,
  };
  const { networks, provider, withoutGpu, release } = await openNetworks(
    model,
    network,
    signature,
    device,
    input.cores,
  );
  try {
    const labels = await segment(input.volume, plan, networks, {
      classes: signature.classes,
      regionValues: regions?.map(({ paints }) => paints),
      previous,
      mirrorAxes: network.mirror_axes,
      windowStep,
      signal: input.signal,
    });
    const values = regions?.flatMap((region) => region.values) ?? network.label_order.map((_, index) => index + 1);
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    const options = { network: network.alias, provider };
    return {
      found: { labels, values: [...new Set(values)].sort((a, b) => a - b) },
      regions,
      program: { name: 'onnxruntime', version: ort().env.versions.node ?? '', options, seconds, status: 'ok' },
      findings: [...renamedLabels(model, network, compared, input.where), ...slowFindings(model, withoutGpu, input)],
    };
  } finally {
    await release();
  }
}

/** A GPU that is there and not used: that is said, in the log too. */
function slowFindings({ name }: CustomModel, withoutGpu: string | undefined, { where, log }: ModelInput): Finding[] {
  if (withoutGpu === undefined) return [];
  const message = `${name} ran on the CPU: ${withoutGpu}`;
  log.warn({ message }, 'Segmentation:Gpu:Unused');
  return [finding('SEGMENTED_WITHOUT_GPU', where, message)];
}

/** What the first network of a cascade found, for the second. @throws BadConfig where the model does not name the first */
function previousOf(network: Network, { previousStage }: Plan, found: Map<string, FoundLabels>) {
  if (!previousStage) return undefined;
  const first = network.previous_stage === undefined ? undefined : found.get(network.previous_stage);
  if (!first)
    throw new BadConfig(`${network.alias} refines ${previousStage}: set previous_stage to the alias of that network`);
  return first;
}

async function planOf(model: CustomModel, network: Network): Promise<Plan> {
  const json = await readModelJson(plansFile(model, network));
  return readPlan(json, network.architecture ?? model.nnunet.model);
}

/** Inputs and outputs of a network. */
interface Signature {
  /** Voxels of a window along its two or three axes. */
  patch: number[];
  channels: number;
  classes: number;
  hasBackground: boolean;
}

async function openNetworks(model: CustomModel, network: Network, signature: Signature, device: Device, cores: number) {
  const opened: OnnxNetwork[] = [];
  const release = async () => {
    for (const one of opened) await one.release();
  };
  try {
    for (const file of onnxFiles(model, network)) {
      await checkFiles(model.folder, [file, headFile(file)].filter(existsSync));
      opened.push(await openNetwork(file, device, cores));
    }
    for (const one of opened) {
      checkInput(one, signature);
      checkOutput(one);
    }
  } catch (error) {
    await release();
    throw error;
  }
  const networks = opened.map((one) => inferenceOf(one, signature));
  const { provider, withoutGpu } = opened[0];
  return { networks, provider, withoutGpu, release };
}

/** @throws BadInput when the network takes something else than a window of its plans */
function checkInput({ inputs: [image, ...more] }: OnnxNetwork, { patch, channels }: Signature): void {
  if (!image || more.length > 0)
    throw new BadInput(
      `the network has ${image ? 1 + more.length : 0} inputs. Export it with the image as the only one`,
    );
  if (!image.isTensor) throw new BadInput('the network does not take an image');
  if (image.type !== 'float32')
    throw new BadInput(`the network takes numbers of the type ${image.type}. Export it for 32-bit numbers`);
  const { shape } = image;
  const differs = (asked: number, axis: number) => typeof shape[axis] === 'number' && shape[axis] !== asked;
  if (differs(1, 0)) throw new BadInput(`the network takes ${shape[0]} windows at once. Export it for one`);
  if (differs(channels, 1))
    throw new BadInput(`the network takes ${shape[1]} channels, but the model gives it ${channels}`);
  const hasAxes = shape.length === 0 || shape.length === 2 + patch.length;
  if (!hasAxes || patch.some((length, axis) => differs(length, 2 + axis)))
    throw new BadInput(`the network takes windows of [${shape.slice(2)}] voxels, but plans.json says [${patch}]`);
}

/** @throws BadInput when the network returns something else than the logits of a window */
function checkOutput({ outputs: [logits, ...more] }: OnnxNetwork): void {
  if (!logits || more.length > 0)
    throw new BadInput(
      `the network has ${logits ? 1 + more.length : 0} outputs. Export it with the logits as the only one`,
    );
  if (!logits.isTensor) throw new BadInput('the network does not return an array of logits');
  if (logits.type !== 'float32' && logits.type !== 'float16') throw otherNumbers(logits.type);
}

function inferenceOf({ ask }: OnnxNetwork, signature: Signature): Infer {
  return async (window, take) => {
    const classes = await ask(window, [1, signature.channels, ...signature.patch], (answer, first) => {
      const logits = checkedLogits(answer, signature);
      if (first + answer.dims[1] <= signature.classes) take(logits, first);
    });
    if (classes !== signature.classes) throw otherClasses(classes, signature);
  };
}

/** @throws BadInput when the answer has not the shape of the patch or is no array of logits */
function checkedLogits({ dims, data, type }: OrtTensor, { patch, classes }: Signature): Logits {
  const asked = [1, dims[1] ?? classes, ...patch];
  if (dims.length !== asked.length || asked.some((length, axis) => dims[axis] !== length))
    throw new BadInput(`the network returns [${dims}] instead of [${asked}]: export its full-resolution logits`);
  if (data instanceof Float32Array || isHalf(data)) return data;
  throw otherNumbers(type);
}

function otherNumbers(type: string): BadInput {
  return new BadInput(`the network returns numbers of the type ${type}. Export it for 32-bit numbers`);
}

function otherClasses(found: number, { classes, hasBackground }: Signature): BadInput {
  const named = hasBackground ? `${classes - 1} and the background` : `${classes} regions`;
  return new BadInput(`the network has ${found} classes, but the model names ${named}`);
}
