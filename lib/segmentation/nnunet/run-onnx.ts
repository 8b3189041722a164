import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { BadInput, PipelineError } from '../../errors.ts';
import { combineParts, type SubtaskPart } from '../custom-models/combine.ts';
import { postprocessed } from '../custom-models/postprocessed.ts';
import type { CustomModel, Network } from '../custom-models/schema.ts';
import { labelsOf } from '../label-table.ts';
import type { ModelInput, ModelResult, ProgramRecord } from '../model-run.ts';
import { onnxFiles, plansFile } from './onnx-files.ts';
import { type Plan, readPlan } from './plans.ts';
import type { Infer } from './predict.ts';
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
  for (const network of model.networks) {
    const started = performance.now();
    const plan = await planOf(model, network);
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
  return { labelMaps: combineParts(parts, model), programs, findings: [], missing: [] };
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
  const body = await readFile(file);
  const options = { intraOpNumThreads: cores, interOpNumThreads: 1, logSeverityLevel: 3 as const };
  const hasCuda = device === 'gpu' && listSupportedBackends().some(({ name, bundled }) => name === 'cuda' && bundled);
  const provider = hasCuda ? 'cuda' : 'cpu';
  try {
    return { session: await InferenceSession.create(body, { ...options, executionProviders: [provider] }), provider };
  } catch (cause) {
    throw new BadInput('the ONNX file cannot be opened', { where: file.split('/').at(-1), cause });
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
    const logits = answer[output] as OrtTensor;
    if (logits.dims[1] !== classes)
      throw new BadInput(
        `the network has ${logits.dims[1]} classes, the model names ${classes - 1} and the background`,
      );
    return logits.data as Float32Array;
  };
}
