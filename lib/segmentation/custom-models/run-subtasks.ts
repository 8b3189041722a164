import { PipelineError } from '../../errors.ts';
import { finding } from '../../findings.ts';
import { findProgram } from '../../pool/find-program.ts';
import type { LabelMap } from '../label-map.ts';
import type { ModelInput, ModelResult } from '../model-run.ts';
import { totalSegmentatorVersion } from '../total-segmentator/program-facts.ts';
import { runTotalSegmentator } from '../total-segmentator/total-segmentator.ts';
import { combineParts, type SubtaskPart } from './combine.ts';
import { labelToken } from './label-names.ts';
import type { CustomModel, Network } from './schema.ts';
import type { CustomModelSettings } from './settings.ts';

/** Runs tasks of TotalSegmentator as a model of one's own, and keeps the classes that it names. */
export async function runSubtasks(
  model: CustomModel,
  { segmentation }: CustomModelSettings,
  input: ModelInput,
): Promise<ModelResult> {
  const command = await findProgram(segmentation.command);
  if (!command) throw new PipelineError(`${segmentation.command} is not installed`);
  const version = await totalSegmentatorVersion(command, input.signal);
  const settings = { ...segmentation, roi_subset: null };
  const parts: SubtaskPart[] = [];
  const result: ModelResult = { labelMaps: [], programs: [], findings: [], missing: [] };
  for (const network of model.networks) {
    const task = network.task ?? network.id;
    const { labelMaps, programs, findings } = await runTotalSegmentator({ task, command, version, settings }, input);
    const { labelMap, missing } = chosen(labelMaps[0], network);
    parts.push({ alias: network.alias, labelMap });
    result.programs.push(...programs);
    result.findings.push(...findings);
    result.missing.push(...missing);
  }
  if (result.missing.length > 0) {
    const message = `${model.name}: TotalSegmentator has no ${result.missing.join(', ')}`;
    result.findings.push(finding('CUSTOM_MODEL_LABELS_MISSING', input.where, message));
  }
  return { ...result, labelMaps: combineParts(parts, model) };
}

/** The classes of the model under its own names: written alike but for case and punctuation. */
function chosen({ volume, labels }: LabelMap, { label_order }: Network): { labelMap: LabelMap; missing: string[] } {
  const found = label_order.map((name) => ({
    name,
    value: labels.find((label) => labelToken(label.name) === labelToken(name))?.value,
  }));
  const kept = found.flatMap(({ name, value }) => (value === undefined ? [] : [{ name, value }]));
  const values = new Set(kept.map(({ value }) => value));
  const data = volume.data.map((value) => (values.has(value) ? value : 0)) as typeof volume.data;
  const missing = found.filter(({ value }) => value === undefined).map(({ name }) => name);
  return { labelMap: { volume: { grid: volume.grid, data }, labels: kept }, missing };
}
