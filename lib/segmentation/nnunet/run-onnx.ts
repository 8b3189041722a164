import type { Finding } from '../../findings.ts';
import type { Device } from '../../pool/gpus.ts';
import { combineParts, type SubtaskPart } from '../custom-models/combine.ts';
import { inOrder } from '../custom-models/network-order.ts';
import { postprocessed } from '../custom-models/postprocessed.ts';
import { regionMaps } from '../custom-models/region-maps.ts';
import type { CustomModel } from '../custom-models/schema.ts';
import { labelsOf } from '../label-table.ts';
import type { ModelInput, ModelResult, ProgramRecord } from '../model-run.ts';
import { type FoundLabels, runNetwork } from './run-network.ts';

/**
 * Runs the networks of a model in ONNX one after the other and puts their structures together. The second of a cascade
 * gets the labels of the first as channels.
 * @throws BadInput when a file is broken or does not fit its plans
 */
export async function runOnnx(model: CustomModel, input: ModelInput, device: Device): Promise<ModelResult> {
  const parts: SubtaskPart[] = [];
  const programs: ProgramRecord[] = [];
  const findings: Finding[] = [];
  const found = new Map<string, FoundLabels>();
  for (const network of inOrder(model.networks)) {
    const result = await runNetwork(model, network, input, { device, found });
    found.set(network.alias, result.found);
    programs.push(result.program);
    findings.push(...result.findings);
    const { regions } = result;
    const labels = regions?.map(({ name, paints }) => ({ name, value: paints })) ?? labelsOf(network.label_order);
    const volume = { grid: input.volume.grid, data: result.found.labels };
    const labelMap = await postprocessed({ volume, labels }, model, network);
    const maps = regions ? regionMaps(labelMap.volume, regions) : [labelMap];
    parts.push(...maps.map((map) => ({ alias: network.alias, labelMap: map })));
  }
  return { labelMaps: combineParts(parts, model), programs, findings, missing: [] };
}
