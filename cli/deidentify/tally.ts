import { appendFileSync } from 'node:fs';
import { type Deidentified, deidentify } from '#lib/deidentify/deidentify.ts';
import { BadInput } from '#lib/errors.ts';
import { archiveKind, HEAD_BYTES } from '#lib/store/archive/kind.ts';
import type { DeidentifyRun } from './flags.ts';

/**
 * De-identifies files and keeps the account of them: a JSON line per file in a record that stays with the owner of the
 * data, as it holds the original paths and names of structures.
 */
export interface Tally {
  /** The outcome for a file; what cannot be read is held back too. */
  take(path: string, file: Uint8Array): Deidentified;
  /** Accounts for a file that was not even read. */
  holdBack(path: string, reason: string): void;
  /** For a person, without anything of a patient. */
  summary(): string;
}

export function openTally({ settings, isNewKey }: DeidentifyRun, keyFile: string, recordFile: string): Tally {
  const patients = new Set<string>();
  const reasons = new Map<string, number>();
  const names = { all: 0, replaced: 0 };
  let files = 0;

  function account(path: string, outcome: Deidentified): Deidentified {
    files += 1;
    if (outcome.kind === 'held_back') reasons.set(outcome.reason, (reasons.get(outcome.reason) ?? 0) + 1);
    else {
      patients.add(outcome.patient);
      names.all += outcome.names.length;
      names.replaced += replacedNames(outcome).length;
    }
    appendFileSync(recordFile, `${JSON.stringify(recordOf(path, outcome))}\n`, { mode: 0o600 });
    return outcome;
  }

  return {
    take: (path, file) => account(path, outcomeOf(file, settings)),
    holdBack(path, reason) {
      account(path, { kind: 'held_back', reason });
    },
    summary() {
      const held = [...reasons.values()].reduce((sum, count) => sum + count, 0);
      return [
        `${files - held} of ${files} files de-identified, ${patients.size} patients.`,
        ...[...reasons].sort().map(([reason, count]) => `held back: ${count}, ${reason}`),
        ...(names.all > 0 ? [`names of structures replaced by numbers: ${names.replaced} of ${names.all}`] : []),
        `Which file is which: ${recordFile}. It names patients: keep it here.`,
        ...(isNewKey ? [`New key: ${keyFile}. Without it later files get other pseudonyms; keep it secret.`] : []),
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
    return { kind: 'held_back', reason: isArchive ? 'an archive: unpack it first' : unlocated(error.message) };
  }
}

/** One reason for all files of a kind, wherever they break. */
function unlocated(message: string): string {
  return message.replace(/ at byte \d.*$/s, '').replace(/: x[0-9a-f]{8}$/, '');
}

function replacedNames({ names }: Deidentified & { kind: 'written' }) {
  return names.filter(({ original, written }) => original !== written);
}

function recordOf(path: string, outcome: Deidentified): Record<string, unknown> {
  if (outcome.kind === 'held_back') return { path, heldBack: outcome.reason };
  const { patient, sopInstanceUid } = outcome;
  const replaced = replacedNames(outcome);
  return { path, patient, sopInstanceUid, ...(replaced.length > 0 && { replacedNames: replaced }) };
}
