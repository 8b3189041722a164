import { type Box, type Grid, type Volume, voxelCount } from '../../image/grid.ts';
import type { Vec3 } from '../../math/vec3.ts';
import type { Device } from '../../pool/gpus.ts';
import { postprocessed } from '../custom-models/postprocessed.ts';
import type { CustomModel, Network } from '../custom-models/schema.ts';
import type { Step, StepRegion } from '../custom-models/steps-schema.ts';
import type { LabelMap } from '../label-map.ts';
import { labelsOf } from '../label-table.ts';
import type { ModelInput, ModelResult } from '../model-run.ts';
import { type NetworkResult, runNetwork } from '../nnunet/run-network.ts';
import type { LabelArray } from '../nnunet/segment.ts';
import { cleaned } from './clean-labels.ts';
import { boxAround, cutOut, placedIn } from './crop.ts';
import { labelsWithin } from './labels-within.ts';
import { labelsOnGrid, respaced } from './respace.ts';

/** What the steps before have found, by their names. */
type Found = Map<string, LabelMap>;

/**
 * Runs networks as a chain, as TotalSegmentator 2.18 does: each step may look at the box around what an earlier one found,
 * resamples it by straight lines, runs its networks, joins and cleans their labels and brings them back by the nearest
 * voxel.
 * @param input its axes point as the model says; whole numbers stay whole as in the program
 * @returns the last step's label map @throws BadInput when a file is broken or does not fit its plans
 */
export async function runChain(
  model: CustomModel,
  steps: Step[],
  input: ModelInput,
  device: Device,
): Promise<ModelResult> {
  const found: Found = new Map();
  const result: ModelResult = { labelMaps: [], programs: [], findings: [], missing: [] };
  for (const step of steps) {
    const isLast = step === steps.at(-1);
    const box = step.crop && boxAround(valuesIn(step.crop, found), step.crop.margin_mm);
    if (step.crop && !box && isLast) {
      found.set(step.name, labelMapOf(step, input.volume.grid, labelsFor(step, voxelCount(input.volume.grid))));
      continue;
    }
    const { labels, results } = await runStep(model, step, input, box, device);
    const kept = step.inside ? labelsWithin(labels, valuesIn(step.inside, found), step.inside.margin_mm[0]) : labels;
    found.set(step.name, labelMapOf(step, input.volume.grid, kept));
    result.programs.push(...results.map(({ program }) => program));
    result.findings.push(...results.flatMap(({ findings }) => findings));
  }
  return { ...result, labelMaps: [found.get(steps[steps.length - 1].name) as LabelMap] };
}

async function runStep(
  model: CustomModel,
  step: Step,
  input: ModelInput,
  box: Box | undefined,
  device: Device,
): Promise<{ labels: LabelArray; results: NetworkResult[] }> {
  const part = box ? cutOut(input.volume, box) : input.volume;
  const seen = step.spacing_mm ? respaced(part, step.spacing_mm as Vec3) : part;
  const joined = labelsFor(step, voxelCount(seen.grid));
  const results: NetworkResult[] = [];
  for (const alias of step.networks) {
    const network = model.networks.find((one) => one.alias === alias) as Network;
    const options = { device, windowStep: step.window_step };
    const result = await runNetwork(model, network, { ...input, volume: seen }, options);
    const volume = { grid: seen.grid, data: result.found.labels };
    const kept = await postprocessed({ volume, labels: labelsOf(network.label_order) }, model, network);
    join(joined, kept.volume.data, [0, ...network.label_order.map((name) => step.labels[name] ?? 0)]);
    results.push({ ...result, found: { labels: new Uint8Array(), values: [] } });
  }
  const clean = cleaned({ grid: seen.grid, data: joined }, step);
  const there = labelsOnGrid({ grid: seen.grid, data: clean }, part.grid);
  return { labels: box ? placedIn(input.volume.grid, box, there) : there, results };
}

/** What a network found goes over what the ones before found; background leaves it. */
function join(into: LabelArray, labels: LabelArray, values: number[]): void {
  for (let v = 0; v < labels.length; v++) if (values[labels[v]] !== 0) into[v] = values[labels[v]];
}

function labelsFor({ labels }: Step, voxels: number): LabelArray {
  return Math.max(...Object.values(labels)) < 256 ? new Uint8Array(voxels) : new Uint16Array(voxels);
}

function labelMapOf({ labels }: Step, grid: Grid, data: LabelArray): LabelMap {
  return { volume: { grid, data }, labels: Object.entries(labels).map(([name, value]) => ({ name, value })) };
}

/** 1 where an earlier step found one of the structures. */
function valuesIn({ step, structures }: StepRegion, found: Found): Volume<Uint8Array> {
  const { volume, labels } = found.get(step) as LabelMap;
  const wanted = new Set(labels.filter(({ name }) => structures.includes(name)).map(({ value }) => value));
  return { grid: volume.grid, data: Uint8Array.from(volume.data, (value) => Number(wanted.has(value))) };
}
