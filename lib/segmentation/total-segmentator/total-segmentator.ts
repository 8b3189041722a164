import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GpuOutOfMemory, PipelineError, TimedOut } from '../../errors.ts';
import { type Finding, finding } from '../../findings.ts';
import { writeNifti } from '../../nifti/write-nifti.ts';
import { type Device, deviceHere } from '../../pool/gpus.ts';
import { runProgram } from '../../pool/program.ts';
import { type LabelMap, readLabelMap, UnusableResult } from '../label-map.ts';
import type { ModelInput, ModelResult, ProgramRecord } from '../model-run.ts';
import { inScratchFolder } from '../scratch-folder.ts';
import { type ClassChoice, chooseClasses, complete } from './class-choice.ts';
import { type TotalSegmentatorSettings, totalSegmentatorArgs, totalSegmentatorEnv } from './command-line.ts';
import { homeFor } from './home-folder.ts';
import { licenceFindings, needsLicence } from './licences.ts';
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
  const { chosen: roiSubset, unknown = [] } = await subsetOf(model, input);
  const asked = model.settings.device;
  const device = asked === 'auto' ? await deviceHere(asked) : asked;
  for (const attempt of attemptsFor(model.task, input.volume.grid, model.settings)) {
    const record = { name: 'TotalSegmentator', version: model.version, options: optionsOf(model, device, attempt) };
    const started = performance.now();
    const seconds = () => Math.round((performance.now() - started) / 10) / 100;
    try {
      const { labelMap, onCpu } = await runOnce(model, { ...attempt, device }, roiSubset, input);
      programs.push({ ...record, seconds: seconds(), status: 'ok' });
      const findings = [
        ...findingsOf(model, attempt, onCpu && device !== 'cpu', input.where),
        ...unknown.map(({ found }) => found),
      ];
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

/** What is asked of the task where it can be asked for classes; all of it when the program does not list them. */
async function subsetOf(model: TotalSegmentatorModel, { signal, where }: ModelInput): Promise<Partial<ClassChoice>> {
  const asked = model.settings.roi_subset;
  if (!asked || !takesSubset(model.task)) return {};
  const known = await knownClasses(model.command, model.task, signal);
  return known ? chooseClasses(model.task, asked, known, where) : { chosen: asked };
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

function optionsOf(
  { task, settings }: TotalSegmentatorModel,
  device: Device,
  attempt: Attempt,
): Record<string, unknown> {
  return { task, device, ...attempt, roiSubset: settings.roi_subset };
}

function findingsOf(model: TotalSegmentatorModel, { fast }: Attempt, isWithoutGpu: boolean, where: string): Finding[] {
  const findings: Finding[] = [];
  if (fast && !model.settings.fast) {
    const message = `${model.task} needed more memory than the GPU has: the 3 mm model was used instead`;
    findings.push(finding('SEGMENTED_AT_3_MM', where, message));
  }
  findings.push(...licenceFindings(model.task, where));
  if (isWithoutGpu) {
    const message = `${model.task} ran on the CPU: there is no usable GPU`;
    findings.push(finding('SEGMENTED_WITHOUT_GPU', where, message));
  }
  return findings;
}
