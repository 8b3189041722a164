import { BadInput, describeError } from '../errors.ts';
import { type Finding, finding } from '../findings.ts';
import { isMemoryError } from '../pool/memory-error.ts';
import type { TaskResult } from '../pool/pool.ts';
import type { CourseResult } from './define-course-stage.ts';

/** A structure as a person and a finding name it. */
export interface NamedStructure {
  roiNumber: number;
  roiName: string;
  source: string;
  structureSetUid?: string;
}

/** The task of a structure that may succeed at another attempt: it ran out of time or memory, or met a defect. */
export interface TaskFailure {
  structure: NamedStructure;
  error: Error;
}

/** Empty when the task ended well, or the data leave it no other end. */
export function failuresOf(structure: NamedStructure, result: TaskResult<unknown>): TaskFailure[] {
  return result.ok || result.error instanceof BadInput ? [] : [{ structure, error: result.error }];
}

/**
 * What a stage came to: `partial` when tasks failed, with a finding for each structure. A lack of memory goes on to the
 * job, which ends with the code that gets it more.
 */
export function resultOf(findings: Finding[], failures: TaskFailure[]): CourseResult {
  if (failures.length === 0) return { status: 'ok', findings };
  const byStructure = new Map(failures.map((failure) => [keyOf(failure.structure), failure]));
  const first = [...byStructure.values()];
  const reasons = first.map(({ structure, error }) => `${structure.roiName}: ${describeError(error)}`);
  const more = reasons.length > SHOWN ? [`and ${reasons.length - SHOWN} more`] : [];
  return {
    status: 'partial',
    reason: `${counted(first.length)} without a result: ${[...reasons.slice(0, SHOWN), ...more].join('; ')}`,
    findings: [...findings, ...first.map(({ structure, error }) => notComputed(structure, error))],
    error: failures.find(({ error }) => isMemoryError(error))?.error,
  };
}

const SHOWN = 5;

function notComputed({ roiNumber, roiName, source, structureSetUid }: NamedStructure, error: Error): Finding {
  const found = finding('ROI_NOT_COMPUTED', `roi ${roiNumber} (${source})`, describeError(error));
  return { roiNumber, roiName, source, structureSetUid, ...found };
}

function keyOf({ roiNumber, source, roiName, structureSetUid }: NamedStructure): string {
  return [source, structureSetUid, roiNumber, roiName].join('\n');
}

function counted(structures: number): string {
  return structures === 1 ? '1 structure' : `${structures} structures`;
}
