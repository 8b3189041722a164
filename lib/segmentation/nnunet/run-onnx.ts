import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname } from 'node:path';
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { BadConfig, BadInput, PipelineError } from '../../errors.ts';
import type { Finding } from '../../findings.ts';
import { combineParts, type SubtaskPart } from '../custom-models/combine.ts';
import { compareWithDataset, renamedLabels } from '../custom-models/dataset-labels.ts';
import { postprocessed } from '../custom-models/postprocessed.ts';
import type { CustomModel, Network } from '../custom-models/schema.ts';
import { labelsOf } from '../label-table.ts';
import type { ModelInput, ModelResult, ProgramRecord } from '../model-run.ts';
import type { Shape } from './array.ts';
import { isHalf } from './half.ts';
import { onnxFiles, plansFile } from './onnx-files.ts';
import { type Plan, readPlan } from './plans.ts';
import type { Infer, Logits } from './predict.ts';
import { segment } from './segment.ts';

/**
 * Runs nnU-Net networks that were exported to ONNX in this process: input [1, 1, z, y, x], output logits
 * [1, classes, z, y, x]. On the GPU when `device` is gpu and the runtime has its library, else on the CPU.
 * @throws BadInput when a file is broken or does not fit its plans
 */
export async function runOnnx(
  model: CustomModel,
  input: ModelInput,
  device: 'gpu' | 'cpu' | 'mps',
): Promise<ModelResult> {
  const parts: SubtaskPart[] = [];
  const programs: ProgramRecord[] = [];
  const findings: Finding[] = [];
  for (const network of model.networks) {
    const started = performance.now();
    const plan = await planOf(model, network);
    const compared = await compareWithDataset(network.label_order, [dirname(plansFile(model, network))]);
    if (compared.hasRegions)
      throw new BadConfig(`${network.alias} was trained on regions that overlap: run it by nnU-Net`);
    findings.push(...renamedLabels(model, network, compared, input.where));
    const { networks, provider, release } = await openNetworks(model, network, plan, device, input.cores);
    try {
      const classes = network.label_order.length + 1;
      const options = { classes, mirrorAxes: network.mirror_axes, signal: input.signal };
      const data = await segment(input.volume, plan, networks, options);
      const found = { volume: { grid: input.volume.grid, data }, labels: labelsOf(network.label_order) };
      parts.push({ alias: network.alias, labelMap: await postprocessed(found, model, network) });
    } finally {
      await release();
    }
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    const options = { network: network.alias, provider };
    programs.push({ name: 'onnxruntime', version: ort().env.versions.node ?? '', options, seconds, status: 'ok' });
  }
  return { labelMaps: combineParts(parts, model), programs, findings, missing: [] };
}

type Runtime = typeof import('onnxruntime-node');

/** Loaded when a model needs it: its library is large, and an installation may be without it. @throws BadInput */
function ort(): Runtime {
  try {
    return createRequire(import.meta.url)('onnxruntime-node') as Runtime;
  } catch (cause) {
    throw new BadInput('this model needs ONNX Runtime, which cannot be loaded: npm install -g onnxruntime-node', {
      cause,
    });
  }
}

async function planOf(model: CustomModel, network: Network): Promise<Plan> {
  const json = JSON.parse(await readFile(plansFile(model, network), 'utf8'));
  return readPlan(json, network.architecture ?? model.nnunet.model);
}

async function openNetworks(model: CustomModel, network: Network, plan: Plan, device: string, cores: number) {
  const sessions: InferenceSession[] = [];
  let provider = 'cpu';
  for (const file of onnxFiles(model, network)) {
    const opened = await open(file, device, cores);
    provider = opened.provider;
    sessions.push(opened.session);
  }
  const networks = sessions.map((session) => inferenceOf(session, plan, network.label_order.length + 1));
  const release = async () => {
    for (const session of sessions) await session.release();
  };
  return { networks, provider, release };
}

async function open(
  file: string,
  device: string,
  cores: number,
): Promise<{ session: InferenceSession; provider: string }> {
  const { InferenceSession, listSupportedBackends } = ort();
  const options = { intraOpNumThreads: cores, interOpNumThreads: 1, logSeverityLevel: 3 as const };
  const hasCuda = device === 'gpu' && listSupportedBackends().some(({ name, bundled }) => name === 'cuda' && bundled);
  const provider = hasCuda ? 'cuda' : 'cpu';
  try {
    return { session: await InferenceSession.create(file, { ...options, executionProviders: [provider] }), provider };
  } catch (cause) {
    const beside = 'a network with weights in a file of its own (model.onnx.data) needs that file beside it';
    throw new BadInput(`the ONNX file cannot be opened: ${beside}`, { where: basename(file), cause });
  }
}

function inferenceOf(session: InferenceSession, { patch }: Plan, classes: number): Infer {
  const { Tensor } = ort();
  const [name] = session.inputNames;
  const [output] = session.outputNames;
  return async (window) => {
    const answer = await session.run({ [name]: new Tensor('float32', window, [1, 1, ...patch]) }).catch((cause) => {
      throw new PipelineError(`the network failed: ${cause instanceof Error ? cause.message : cause}`, { cause });
    });
    return checkedLogits(answer[output] as OrtTensor, classes, patch);
  };
}

/** @throws BadInput when the answer is no full set of logits for the patch */
function checkedLogits({ dims, data }: OrtTensor, classes: number, patch: Shape): Logits {
  if (dims.length === 5 && dims[1] !== classes)
    throw new BadInput(`the network has ${dims[1]} classes, the model names ${classes - 1} and the background`);
  const asked = [1, classes, ...patch];
  if (dims.length !== 5 || asked.some((length, axis) => dims[axis] !== length))
    throw new BadInput(`the network answers with [${dims}] instead of [${asked}]: export its full-resolution logits`);
  if (data instanceof Float32Array || isHalf(data)) return data;
  throw new BadInput('the network answers with other numbers than floating ones of 16 or 32 bits');
}
