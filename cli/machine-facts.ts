import type { Config } from '#lib/config.ts';
import { findProgram } from '#lib/pool/find-program.ts';
import { readGpus } from '#lib/pool/gpus.ts';
import { readMachine } from '#lib/pool/machine.ts';
import { discoverModels } from '#lib/segmentation/custom-models/discover.ts';
import type { MachineFacts } from './machine-budget.ts';

/** Looks at this machine and for the programs that the configuration names. */
export async function machineFacts({ segmentation, custom_models }: Config): Promise<MachineFacts> {
  const [gpus, segmenter, predictor] = await Promise.all([
    readGpus(),
    findProgram(segmentation.command),
    findProgram(custom_models.nnunet_predict),
  ]);
  const hasPredictor = predictor !== undefined || (await needsNoPredictor(custom_models));
  const hasSegmenter = segmenter !== undefined || segmentation.converted.length > 0;
  return { ...readMachine(), gpus, hasSegmenter, hasPredictor };
}

/** Whether some model runs without the program of nnU-Net: as ONNX, or by its own command. */
async function needsNoPredictor({ enabled, root, models: names }: Config['custom_models']): Promise<boolean> {
  if (!enabled) return false;
  const { models } = await discoverModels(root, names);
  return models.some(({ nnunet }) => nnunet.interface !== 'nnunetv2' || nnunet.command !== undefined);
}
