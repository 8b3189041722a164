import { totalmem } from 'node:os';
import { execa } from 'execa';
import type { Config } from '#lib/config.ts';
import { findProgram } from '#lib/pool/find-program.ts';
import { asksForGpu, type Device } from '#lib/pool/gpus.ts';
import { missingHere, type System, thisSystem } from '#lib/pool/platform.ts';
import { lackOfCuda } from '#lib/segmentation/nnunet/onnx-cuda.ts';
import type { MachineFacts } from '../machine-budget.ts';
import type { Check } from './check.ts';
import type { Storage } from './storage.ts';
import { weightsCheck } from './weights-check.ts';

/** A clone runs TypeScript as it is, the package JavaScript. */
const NODE_AT_LEAST = import.meta.url.endsWith('.ts') ? 24 : 20;
const MEMORY_GIB_AT_LEAST = 4;
const FREE_GIB_AT_LEAST = 10;

/** Whether this machine can do what the configuration asks. */
export async function machineChecks(machine: MachineFacts, config: Config, storage: Storage): Promise<Check[]> {
  const { segmentation, custom_models } = config;
  const weights = await weightsCheck(config);
  return [
    nodeCheck(process.versions.node),
    systemCheck(thisSystem),
    { what: 'cores', verdict: 'ok', message: String(machine.cores) },
    memoryCheck(machine.memoryBytes, totalmem()),
    storageCheck(storage),
    gpuCheck(machine, segmentation.device),
    await programCheck('TotalSegmentator', segmentation.command, segmentation.enabled, 'pip install TotalSegmentator'),
    ...(weights ? [weights] : []),
    await programCheck('nnU-Net', custom_models.nnunet_predict, custom_models.enabled, 'pip install nnunetv2'),
    await onnxCheck(machine),
  ];
}

export function nodeCheck(version: string): Check {
  const isEnough = Number(version.split('.')[0]) >= NODE_AT_LEAST;
  const message = isEnough ? version : `${version}, needs ${NODE_AT_LEAST}`;
  return { what: 'node', verdict: isEnough ? 'ok' : 'bad', message };
}

/** Everything works on Linux; elsewhere this says what does not. */
export function systemCheck(system: System): Check {
  const missing = missingHere(system);
  const message = [system.platform, ...missing].join('; ');
  return { what: 'system', verdict: missing.length === 0 ? 'ok' : 'missing', message };
}

export function memoryCheck(usableBytes: number, totalBytes: number): Check {
  const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  const limited = usableBytes < totalBytes ? ` of ${gib(totalBytes)}, by the limit of the control group` : '';
  const isEnough = usableBytes / 2 ** 30 >= MEMORY_GIB_AT_LEAST;
  const needs = isEnough ? '' : `; a planning CT with radiomics needs ${MEMORY_GIB_AT_LEAST} GiB`;
  return { what: 'memory', verdict: isEnough ? 'ok' : 'bad', message: `${gib(usableBytes)}${limited}${needs}` };
}

function storageCheck({ kind, fileSystem, freeGib }: Storage): Check {
  const message = `${kind} (${fileSystem}), ${freeGib.toFixed(0)} GiB free`;
  return { what: 'storage', verdict: freeGib >= FREE_GIB_AT_LEAST ? 'ok' : 'bad', message };
}

function gpuCheck({ gpus }: MachineFacts, device: Device | 'auto'): Check {
  const what = 'GPUs';
  if (gpus.length > 0) {
    return { what, verdict: 'ok', message: gpus.map(({ name, memoryMiB }) => `${name} ${memoryMiB} MiB`).join(', ') };
  }
  const verdict = asksForGpu(device) ? 'missing' : 'ok';
  return { what, verdict, message: 'none found by nvidia-smi; segmentation runs on the CPU' };
}

async function programCheck(what: string, command: string, isWanted: boolean, how: string): Promise<Check> {
  const path = await findProgram(command);
  if (path) return { what, verdict: 'ok', message: `${path} ${await versionOf(path)}`.trim() };
  const message = isWanted ? `not installed: ${how}` : 'not installed, and not needed by the configuration';
  return { what, verdict: isWanted ? 'missing' : 'ok', message };
}

/** The first number that the program prints about itself; nothing where it does not. */
async function versionOf(path: string): Promise<string> {
  const { stdout = '' } = await execa(path, ['--version'], { reject: false, timeout: 30_000 });
  return /(?<![\d.])\d+(\.\d+)+/.exec(stdout)?.[0] ?? '';
}

/** The runtime, and where there are GPUs whether it can use them. */
async function onnxCheck({ gpus }: MachineFacts): Promise<Check> {
  try {
    await import('onnxruntime-node');
    const lack = gpus.length > 0 ? lackOfCuda() : undefined;
    const where = gpus.length > 0 && lack === undefined ? 'GPUs of NVIDIA' : 'the CPU';
    const message = [`models in ONNX files run on ${where}`, ...(lack === undefined ? [] : [lack])].join('; ');
    return { what: 'onnx', verdict: lack === undefined ? 'ok' : 'missing', message };
  } catch (error) {
    return { what: 'onnx', verdict: 'missing', message: `onnxruntime-node cannot be loaded: ${error}` };
  }
}
