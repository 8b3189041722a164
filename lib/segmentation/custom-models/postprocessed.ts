import { resolve } from 'node:path';
import { BadInput } from '../../errors.ts';
import type { LabelMap } from '../label-map.ts';
import { postprocess, readPostprocessing } from '../nnunet/postprocessing.ts';
import { readModelJson } from './model-json.ts';
import type { CustomModel } from './schema.ts';

/**
 * A result after the postprocessing that the model names, if any.
 * @throws BadInput when the file is not one of nnU-Net v2
 */
export async function postprocessed(
  labelMap: LabelMap,
  { folder }: CustomModel,
  { source_directory = '.', postprocessing_json: file }: { source_directory?: string; postprocessing_json?: string },
): Promise<LabelMap> {
  if (file === undefined) return labelMap;
  const json = await readModelJson(resolve(folder, source_directory, file));
  try {
    return postprocess(labelMap, readPostprocessing(json));
  } catch (cause) {
    throw new BadInput(cause instanceof Error ? cause.message : String(cause), { where: file, cause });
  }
}
