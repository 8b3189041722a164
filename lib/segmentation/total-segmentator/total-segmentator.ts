import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GpuOutOfMemory, PipelineError, TimedOut } from '../../errors.ts';
import { type Finding, finding } from '../../findings.ts';
import { nearest } from '../../nearest.ts';
import { writeNifti } from '../../nifti/write-nifti.ts';
import { type Device, deviceHere } from '../../pool/gpus.ts';
import { runProgram } from '../../pool/program.ts';
import { type LabelMap, readLabelMap, UnusableResult } from '../label-map.ts';
import type { ModelInput, ModelResult, ProgramRecord } from '../model-run.ts';
import { inScratchFolder } from '../scratch-folder.ts';
import { type TotalSegmentatorSettings, totalSegmentatorArgs, totalSegmentatorEnv } from './command-line.ts';
import { homeFor } from './home-folder.ts';
import { needsLicence } from './licences.ts';
import { knownClasses } from './program-facts.ts';
import { type Attempt, attemptsFor, takesSubset } from './tasks.ts';

export interface TotalSegmentatorModel {
  task: string;
  /** Full path of the program. */
  command: string;
  version: string;
  settings: TotalSegmentatorSettings;
}

/**
 * Runs a task of TotalSegmentator on an image: one inference, one label map. When the memory of the GPU does not
 * suffice it is tried again split, then with the 3 mm model.
 * @throws GpuOutOfMemory when that does not help either; TimedOut, UnusableResult, PipelineError
 */
export async function runTotalSegmentator(model: TotalSegmentatorModel, input: ModelInput): Promise<ModelResult> {
  const programs: ProgramRecord[] = [];
  const { roiSubset, unknown } = await subsetOf(model, input);
  const asked = model.settings.device;
  const device = asked === 'auto' ? await deviceHere(asked) : asked;
  for (const attempt of attemptsFor(model.task, input.volume.grid, model.settings)) {
    const record = { name: 'TotalSegmentator', version: model.version, options: optionsOf(model, device, attempt) };
    const started = performance.now();
    const seconds = () => Math.round((performance.now() - started) / 10) / 100;
    try {
      const { labelMap, onCpu } = await runOnce(model, { ...attempt, device }, roiSubset, input);
      programs.push({ ...record, seconds: seconds(), status: 'ok' });
      const findings = [...findingsOf(model, attempt, onCpu, input.where), ...unknown.map(({ found }) => found)];
      return { labelMaps: [labelMap], missing: unknown.map(({ name }) => name), programs, findings };
    } catch (error) {
      if (!(error instanceof GpuOutOfMemory)) throw afterMemory(error, programs);
      programs.push({ ...record, seconds: seconds(), status: 'gpu_out_of_memory' });
      input.log.warn(record.options, 'Segmentation:Gpu:OutOfMemory');
    }
  }
  throw new GpuOutOfMemory(`${model.task} needs more memory than this GPU has, even split and at 3 mm`);
}

/** An attempt that only the lack of memory led to, and that fails otherwise, leaves the lack of memory as the reason. */
function afterMemory(error: unknown, programs: ProgramRecord[]): unknown {
  if (programs.length === 0 || !(error instanceof PipelineError) || error instanceof TimedOut) return error;
  const message = `this GPU has too little memory, and the smaller attempt failed: ${error.message}`;
  return new GpuOutOfMemory(message, { cause: error });
}

interface Subset {
  roiSubset?: string[];
  /** Classes that were asked for and that the task does not know. */
  unknown: { name: string; found: Finding }[];
}

/** @throws UnusableResult when the task knows none of the classes that are asked for */
async function subsetOf(model: TotalSegmentatorModel, { signal, where }: ModelInput): Promise<Subset> {
  const asked = model.settings.roi_subset;
  if (!asked || !takesSubset(model.task)) return { unknown: [] };
  const known = await knownClasses(model.command, model.task, signal);
  if (!known) return { roiSubset: asked, unknown: [] };
  const roiSubset = asked.filter((name) => known.includes(name));
  if (roiSubset.length === 0) throw new UnusableResult(`${model.task} has none of the classes ${asked.join(', ')}`);
  const unknown = asked
    .filter((name) => !known.includes(name))
    .map((name) => {
      const message = `${model.task} has no class ${name}; the nearest is ${nearest(name, known)}`;
      return { name, found: finding('SEGMENTATION_CLASS_UNKNOWN', where, message) };
    });
  return { roiSubset, unknown };
}

async function runOnce(
  { task, command, settings: given }: TotalSegmentatorModel,
  attempt: Attempt & { device: Device },
  roiSubset: string[] | undefined,
  { volume, cores, signal }: ModelInput,
): Promise<{ labelMap: LabelMap; onCpu: boolean }> {
  const settings = needsLicence(task) ? given : { ...given, license: null };
  return inScratchFolder(async (folder) => {
    const call = {
      task,
      ...attempt,
      roiSubset,
      inputPath: join(folder, 'image.nii.gz'),
      outputPath: join(folder, 'labels.nii.gz'),
    };
    await writeFile(call.inputPath, writeNifti(volume, true));
    let onCpu = false;
    await runProgram({
      command,
      args: totalSegmentatorArgs(call, settings, cores),
      cwd: folder,
      env: { ...totalSegmentatorEnv(settings), ...(await homeFor(task, settings, folder)) },
      threads: settings.threads_per_worker ?? undefined,
      secrets: settings.license === null ? [] : [settings.license],
      timeoutMs: 1000 * settings.timeout,
      signal,
      output: (text) => {
        onCpu ||= text.includes('No GPU detected') || text.includes('running on the CPU');
      },
    });
    const file = await readFile(call.outputPath).catch((cause) => {
      throw new UnusableResult('the program ended without a result', { cause });
    });
    return { labelMap: complete(readLabelMap(file, volume.grid), task, roiSubset), onCpu };
  });
}

/** Tasks whose classes are everywhere in a body: an image without any was not segmented. */
const ALWAYS_FIND = ['total', 'total_v3', 'total_mr', 'body', 'body_mr'];

/** Classes that were asked for and are not in the table of the result were not looked for. */
function complete(labelMap: LabelMap, task: string, roiSubset: string[] | undefined): LabelMap {
  const names = new Set(labelMap.labels.map(({ name }) => name));
  const missing = (roiSubset ?? []).filter((name) => !names.has(name));
  if (missing.length > 0) throw new UnusableResult(`the result lacks ${missing.join(', ')}`);
  const mayBeEmpty = roiSubset !== undefined || !ALWAYS_FIND.includes(task);
  if (!mayBeEmpty && !labelMap.volume.data.some((value) => value > 0))
    throw new UnusableResult('nothing was found in the image');
  return labelMap;
}

function optionsOf(
  { task, settings }: TotalSegmentatorModel,
  device: Device,
  attempt: Attempt,
): Record<string, unknown> {
  return { task, device, ...attempt, roiSubset: settings.roi_subset };
}

function findingsOf(model: TotalSegmentatorModel, { fast }: Attempt, onCpu: boolean, where: string): Finding[] {
  const findings: Finding[] = [];
  if (fast && !model.settings.fast) {
    const message = `${model.task} needed more memory than the GPU has: the 3 mm model was used instead`;
    findings.push(finding('SEGMENTED_AT_3_MM', where, message));
  }
  if (needsLicence(model.task)) {
    const message = `${model.task} has its own licence: free for non-commercial use only`;
    findings.push(finding('SEGMENTED_UNDER_LICENCE', where, message));
  }
  if (onCpu && (model.settings.device === 'gpu' || model.settings.device === 'mps')) {
    const message = `${model.task} ran on the CPU: there is no usable GPU`;
    findings.push(finding('SEGMENTED_WITHOUT_GPU', where, message));
  }
  return findings;
}
