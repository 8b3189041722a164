import { type Deidentified, deidentify } from '#lib/deidentify/deidentify.ts';
import type { StructureName } from '#lib/deidentify/structure-names.ts';
import { BadInput } from '#lib/errors.ts';
import { archiveKind, HEAD_BYTES } from '#lib/store/archive/kind.ts';
import { openLineRecord } from '../line-record.ts';
import type { DeidentifyRun } from './flags.ts';

/**
 * De-identifies files and keeps the account of them: a JSON line per file in a record that stays with the owner of the
 * data, as it holds the original paths and names of structures.
 */
export interface Tally {
  /** The outcome for a file; what cannot be read is held back too. */
  judge(file: Uint8Array): Deidentified;
  /** Writes down an outcome: when what came of it is safe, as an interrupted run goes on behind the last line. */
  account(path: string, outcome: Deidentified, copy?: CopyOf): void;
  /** Both at once. */
  take(path: string, file: Uint8Array): Deidentified;
  /** Accounts for a file that was not even read. */
  holdBack(path: string, reason: string, copy?: CopyOf): void;
  /** Lines that an earlier run left. */
  earlier: readonly RecordLine[];
  /** Counts lines of an earlier run as its own. */
  resume(lines: readonly RecordLine[]): void;
  /** For a person, without anything of a patient. */
  summary(): string;
}

/** The original of a copy, and the name of the copy. */
export interface CopyOf {
  /** Changes when the original does. */
  version: string;
  /** Key of the copy; absent without a copy. */
  copy?: string;
  /** Digest of key and settings: copies with another digest do not belong to this run. */
  settings: string;
}

/** A line of the record. */
export interface RecordLine extends Partial<CopyOf> {
  path: string;
  heldBack?: string;
  patient?: string;
  sopInstanceUid?: string;
  names?: number;
  replacedNames?: StructureName[];
}

export function openTally({ settings, isNewKey }: DeidentifyRun, keyFile: string, recordFile: string): Tally {
  const record = openLineRecord<RecordLine>(recordFile);
  const patients = new Set<string>();
  const reasons = new Map<string, number>();
  const names = { all: 0, replaced: 0 };
  let files = 0;

  function count({ heldBack, patient = '', names: all = 0, replacedNames: replaced = [] }: RecordLine): void {
    files += 1;
    if (heldBack !== undefined) reasons.set(heldBack, (reasons.get(heldBack) ?? 0) + 1);
    else patients.add(patient);
    names.all += all;
    names.replaced += replaced.length;
  }

  function account(path: string, outcome: Deidentified, copy?: CopyOf): void {
    const line = { ...recordOf(path, outcome), ...copy };
    count(line);
    record.add(line);
  }

  return {
    earlier: record.lines,
    judge: (file) => outcomeOf(file, settings),
    account,
    take(path, file) {
      const outcome = outcomeOf(file, settings);
      account(path, outcome);
      return outcome;
    },
    holdBack(path, reason, copy) {
      account(path, { kind: 'held_back', reason }, copy);
    },
    resume(lines) {
      for (const line of lines) count(line);
    },
    summary() {
      const held = [...reasons.values()].reduce((sum, count) => sum + count, 0);
      return [
        `${files - held} of ${files} files de-identified, ${patients.size} patients.`,
        ...[...reasons].sort().map(([reason, count]) => `held back: ${count}, ${reason}`),
        ...(names.all > 0 ? [`structure names replaced by numbers: ${names.replaced} of ${names.all}`] : []),
        `List of originals and copies: ${recordFile}. It names patients: keep it private.`,
        ...(isNewKey
          ? [
              `New key: ${keyFile}. Keep it, and keep it secret: without it the same patients get other pseudonyms next time.`,
            ]
          : []),
      ].join('\n');
    },
  };
}

function outcomeOf(file: Uint8Array, settings: DeidentifyRun['settings']): Deidentified {
  try {
    return deidentify(file, settings);
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    const isArchive = archiveKind(file.subarray(0, HEAD_BYTES)) !== undefined;
    return { kind: 'held_back', reason: isArchive ? 'this is an archive: unpack it first' : unlocated(error.message) };
  }
}

/** One reason for all files of a kind, wherever they break. */
function unlocated(message: string): string {
  return message.replace(/ at byte \d.*$/s, '').replace(/: x[0-9a-f]{8}$/, '');
}

function replacedNames({ names }: Deidentified & { kind: 'written' }) {
  return names.filter(({ original, written }) => original !== written);
}

function recordOf(path: string, outcome: Deidentified): RecordLine {
  if (outcome.kind === 'held_back') return { path, heldBack: outcome.reason };
  const { patient, sopInstanceUid, names } = outcome;
  const replaced = replacedNames(outcome);
  const ofNames = {
    ...(names.length > 0 && { names: names.length }),
    ...(replaced.length > 0 && { replacedNames: replaced }),
  };
  return { path, patient, sopInstanceUid, ...ofNames };
}
