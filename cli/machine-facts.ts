import type { Config } from '#lib/config.ts';
import { findProgram } from '#lib/pool/find-program.ts';
import { readGpus } from '#lib/pool/gpus.ts';
import { readMachine } from '#lib/pool/machine.ts';
import type { MachineFacts } from './machine-budget.ts';

/** Looks at this machine and for the programs that the configuration names. */
export async function machineFacts({ segmentation, custom_models }: Config): Promise<MachineFacts> {
  const [gpus, segmenter, predictor] = await Promise.all([
    readGpus(),
    findProgram(segmentation.command),
    findProgram(custom_models.nnunet_predict),
  ]);
  return { ...readMachine(), gpus, hasSegmenter: segmenter !== undefined, hasPredictor: predictor !== undefined };
}
