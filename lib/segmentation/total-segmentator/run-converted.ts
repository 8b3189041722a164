import { deviceHere } from '../../pool/gpus.ts';
import { runChain } from '../chain/run-chain.ts';
import type { LabelMap } from '../label-map.ts';
import type { ModelInput, ModelResult } from '../model-run.ts';
import { turnTo } from '../orientation.ts';
import { type ClassChoice, chooseClasses, complete } from './class-choice.ts';
import type { TotalSegmentatorSettings } from './command-line.ts';
import type { ConvertedTask } from './converted-tasks.ts';
import { licenceFindings } from './licences.ts';
import { subsetSteps } from './subset-steps.ts';
import { takesSubset } from './tasks.ts';

/**
 * Runs a task of TotalSegmentator that was converted, without the program. With `roi_subset` only the box around its classes
 * is looked at, and only they are kept.
 * @throws UnusableResult when nothing is found where there always is something, BadInput when a file is broken
 */
export async function runConverted(
  converted: ConvertedTask,
  { device, roi_subset }: Pick<TotalSegmentatorSettings, 'device' | 'roi_subset'>,
  input: ModelInput,
): Promise<ModelResult> {
  const { task, model, steps } = converted;
  const names = Object.keys(steps[steps.length - 1].labels);
  const subset = roi_subset && takesSubset(task) ? roi_subset : undefined;
  const choice = subset && chooseClasses(task, subset, names, input.where);
  const turned = turnTo(model.nnunet.orientation, input.volume);
  const wanted = choice ? subsetSteps(converted, choice.chosen) : steps;
  const result = await runChain(model, wanted, { ...input, volume: turned.volume }, await deviceHere(device));
  const labelMap = turned.restore(result.labelMaps[0]);
  const unknown = choice?.unknown ?? [];
  return {
    labelMaps: [complete(choice ? withClasses(labelMap, choice) : labelMap, task, choice?.chosen)],
    missing: unknown.map(({ name }) => name),
    programs: result.programs.map((record) => ({ ...record, options: { task, ...record.options } })),
    findings: [...result.findings, ...licenceFindings(task, input.where), ...unknown.map(({ found }) => found)],
  };
}

function withClasses({ volume, labels }: LabelMap, { chosen }: ClassChoice): LabelMap {
  const kept = labels.filter(({ name }) => chosen.includes(name));
  const values = new Set(kept.map(({ value }) => value));
  const data = volume.data.map((value) => (values.has(value) ? value : 0)) as typeof volume.data;
  return { volume: { grid: volume.grid, data }, labels: kept };
}
