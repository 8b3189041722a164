import type { StructureFacts } from './facts.ts';

/** The outline of the patient: by its type, else by its name. */
export function isBodyOutline({
  interpretedType,
  standardName,
}: Pick<StructureFacts, 'interpretedType' | 'standardName'>): boolean {
  return interpretedType === 'EXTERNAL' || standardName === 'Body' || standardName === 'External';
}
