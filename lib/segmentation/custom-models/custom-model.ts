import { runChain } from '../chain/run-chain.ts';
import type { ModelInput, ModelResult } from '../model-run.ts';
import { runOnnx } from '../nnunet/run-onnx.ts';
import { turnTo } from '../orientation.ts';
import { inScratchFolder } from '../scratch-folder.ts';
import { runNetworks } from './run-networks.ts';
import { runOwnCommand } from './run-own-command.ts';
import { runSubtasks } from './run-subtasks.ts';
import type { CustomModel } from './schema.ts';
import type { CustomModelSettings } from './settings.ts';

/**
 * Runs a model of one's own on an image.
 * @throws PipelineError when a program fails or its result is unusable, BadInput when the weights are broken
 */
export async function runCustomModel(
  model: CustomModel,
  settings: CustomModelSettings,
  input: ModelInput,
): Promise<ModelResult> {
  if (model.nnunet.interface === 'totalsegmentator') return runSubtasks(model, settings, input);
  const turned = turnTo(model.nnunet.orientation, input.volume);
  const result = await inScratchFolder((folder) => {
    const there = { ...input, volume: turned.volume };
    if (model.steps) return runChain(model, model.steps, there, settings.segmentation.device);
    if (model.nnunet.interface === 'onnx') return runOnnx(model, there, settings.segmentation.device);
    if (model.nnunet.interface === 'command') return runOwnCommand(model, settings, there, folder);
    return runNetworks(model, settings, there, folder);
  });
  return { ...result, labelMaps: result.labelMaps.map(turned.restore) };
}
