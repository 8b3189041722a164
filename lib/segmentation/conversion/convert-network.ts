import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { BadInput, PipelineError } from '../../errors.ts';
import { runProgram } from '../../pool/program.ts';
import { activated } from '../custom-models/command-lines.ts';
import { checkLogits } from './check-logits.ts';
import { fileSha256, type Manifest } from './manifest.ts';
import type { TrainedModel } from './trained-model.ts';

/** A Python with PyTorch and nnunetv2. */
export interface Exporter {
  python: string;
  /** Shell command that comes before it. */
  activate: string | null;
  signal: AbortSignal;
}

/** What the exporter tells in export.json. */
const exportSchema = z.strictObject({
  trainer: z.string(),
  patch: z.array(z.int().positive()),
  channels: z.int().positive(),
  classes: z.int().positive(),
  mirror_axes: z.array(z.int().min(0).max(2)),
  checks: z.record(z.string(), z.strictObject({ step: z.int().positive(), logits: z.array(z.number()) })),
  versions: z.record(z.string(), z.string()),
});
type Exported = z.infer<typeof exportSchema>;

const SCRIPT = fileURLToPath(new URL('./export_nnunet.py', import.meta.url));

/**
 * Writes a trained network as ONNX into a folder of its own, with its plans, and asks it once.
 * @param folder of the model; the network gets the folder `alias` in it
 * @param copied files of the trained folder that go along
 * @throws BadInput when the network cannot be converted, or answers otherwise than PyTorch
 */
export async function convertNetwork(
  trained: TrainedModel,
  folder: string,
  alias: string,
  copied: string[],
  exporter: Exporter & { checkpoint: string },
): Promise<{ exported: Exported; described: Manifest['networks'][number] }> {
  const to = join(folder, alias);
  await mkdir(to, { recursive: true });
  const exported = await exportNetworks(trained, to, exporter);
  for (const name of copied) await copyFile(join(trained.folder, name), join(to, name));
  const described = await describe(trained, alias, exported, exporter.checkpoint);
  for (const fold of described.folds) await checkLogits(join(folder, fold.file), described.input, fold);
  return { exported, described };
}

/**
 * Runs a script of ours that leaves its answer in a file of the folder.
 * @throws BadInput when Python fails, or the answer is a refusal
 */
export async function askPython(
  { python: command, activate, signal }: Exporter,
  args: string[],
  answerFile: string,
  what: string,
): Promise<unknown> {
  await runProgram({ ...activated({ command, args, env: {} }, activate), signal }).catch((cause) => {
    if (!(cause instanceof PipelineError)) throw cause;
    throw new BadInput(`${cause.message}. Name a Python with PyTorch and nnunetv2 with --python`, { cause });
  });
  const told: unknown = JSON.parse(await readFile(answerFile, 'utf8'));
  await rm(answerFile);
  const refused = z.looseObject({ refused: z.string() }).safeParse(told);
  if (refused.success) throw new BadInput(`${what} is not converted: ${refused.data.refused}`);
  return told;
}

async function exportNetworks(model: TrainedModel, to: string, exporter: Exporter & { checkpoint: string }) {
  const args = [SCRIPT, model.folder, to, exporter.checkpoint, ...model.folds];
  const told = await askPython(exporter, args, join(to, 'export.json'), model.configuration);
  return exportSchema.parse(told);
}

async function describe(
  { folder, configuration, folds, plan }: TrainedModel,
  alias: string,
  { trainer, patch, channels, checks }: Exported,
  checkpoint: string,
): Promise<Manifest['networks'][number]> {
  return {
    ...{ alias, configuration, trainer },
    normalisation: plan.normalisation,
    intensities: plan.intensities ? { ...plan.intensities } : null,
    input: [channels, ...patch],
    folds: await Promise.all(
      folds.map(async (fold) => ({
        file: `${alias}/fold_${fold}.onnx`,
        checkpointSha256: await fileSha256(join(folder, `fold_${fold}`, checkpoint)),
        ...checks[fold],
      })),
    ),
  };
}
