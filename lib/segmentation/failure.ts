import { GpuLost, GpuOutOfMemory, OutOfMemory, TimedOut } from '../errors.ts';
import type { FindingCode } from '../findings.ts';
import { UnusableResult } from './label-map.ts';

/** Why a program gave no segmentation. */
export interface Failure {
  /** Of the finding. */
  code: FindingCode;
  reason: string;
}

const KNOWN: { pattern: RegExp; code: FindingCode; reason: string }[] = [
  {
    pattern: /could not be started|is not on this machine/,
    code: 'SEGMENTATION_NO_PROGRAM',
    reason: 'the program is not installed on this machine',
  },
  {
    pattern: /max retries exceeded|an exception occurred: |an internal server error occurred/i,
    code: 'SEGMENTATION_NO_WEIGHTS',
    reason: 'the download server of the program did not answer: run again, or copy the weights to this machine',
  },
  {
    pattern:
      /segmentation\.license has|requires a license|invalid license|license number has not been set|could not find config file/i,
    code: 'SEGMENTATION_LICENSE',
    reason: 'the task needs a licence: set segmentation.license to a valid number',
  },
  {
    pattern: /permission ?(?:error|denied)|read-only file system/i,
    code: 'SEGMENTATION_NO_WEIGHTS',
    reason: 'the program may not write to its weights folder: download the weights first and set segmentation.weights',
  },
  {
    pattern: /PytorchStreamReader|UnpicklingError|torch\/serialization\.py|Error\(s\) in loading state_dict|BadZipFile/,
    code: 'SEGMENTATION_NO_WEIGHTS',
    reason: 'the weights are damaged or belong to another network: copy or download them again',
  },
  {
    pattern:
      /downloading model|no module named ['"]?nnunet|model_?folder|fold_\w.*(?:not found|no such file)|requests\.exceptions|checkpoint_\w+\.pth/i,
    code: 'SEGMENTATION_NO_WEIGHTS',
    reason: 'the weights are not on this machine and could not be downloaded: set the folder with the weights',
  },
  {
    pattern: /no space left on device|ENOSPC|disk quota exceeded/i,
    code: 'SEGMENTATION_DISK_FULL',
    reason: 'the disk is full',
  },
];

/** Says in the words of the person who can help why a program failed. */
export function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof TimedOut) return { code: 'SEGMENTATION_TIMED_OUT', reason: message };
  if (error instanceof GpuOutOfMemory) return { code: 'SEGMENTATION_GPU_MEMORY', reason: message };
  if (error instanceof GpuLost) return { code: 'SEGMENTATION_GPU_LOST', reason: message };
  if (error instanceof OutOfMemory) return { code: 'SEGMENTATION_MEMORY', reason: message };
  if (error instanceof UnusableResult) return { code: 'SEGMENTATION_UNUSABLE', reason: message };
  const known = KNOWN.find(({ pattern }) => pattern.test(message));
  return known
    ? { code: known.code, reason: `${known.reason} (${message})` }
    : { code: 'SEGMENTATION_FAILED', reason: message };
}
