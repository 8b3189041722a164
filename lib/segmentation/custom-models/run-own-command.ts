import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeNifti } from '../../nifti/write-nifti.ts';
import { runProgram } from '../../pool/program.ts';
import { readLabelMap, UnusableResult } from '../label-map.ts';
import { labelsOf } from '../label-table.ts';
import type { ModelInput, ModelResult } from '../model-run.ts';
import { activated, ownCommand } from './command-lines.ts';
import type { CustomModel } from './schema.ts';
import type { CustomModelSettings } from './settings.ts';

/** Runs a command or container of one's own, which reads an image and writes a label map, both NIfTI. */
export async function runOwnCommand(
  model: CustomModel,
  settings: CustomModelSettings,
  { volume, signal }: ModelInput,
  folder: string,
): Promise<ModelResult> {
  const at = { folder, input: join(folder, 'image.nii.gz'), output: join(folder, 'labels.nii.gz') };
  await writeFile(at.input, writeNifti(volume, true));
  const line = ownCommand(model, at, settings.segmentation);
  const { seconds } = await runProgram({
    ...activated(line, model.nnunet.container ? null : settings.custom.conda_activate),
    cwd: folder,
    threads: settings.segmentation.threads_per_worker ?? undefined,
    timeoutMs: 1000 * settings.custom.timeout,
    signal,
  });
  const file = await readFile(at.output).catch((cause) => {
    throw new UnusableResult('the command ended without a result', { cause });
  });
  const labelMap = readLabelMap(file, volume.grid, labelsOf(model.networks[0].label_order));
  const name = model.nnunet.container ?? line.command.split('/').at(-1) ?? line.command;
  const program = { name, version: '', options: {}, seconds: Math.round(10 * seconds) / 10, status: 'ok' as const };
  return { labelMaps: [labelMap], programs: [program], findings: [], missing: [] };
}
