import { remainsOf } from '#lib/deidentify/remains.ts';
import { StoreMissing } from '#lib/errors.ts';
import { mapConcurrently } from '#lib/pool/concurrent.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import type { RecordLine } from './tally.ts';

export interface CheckedCopies {
  checked: number;
  /** Copies or originals that are missing, so that they cannot be checked. */
  unchecked: number;
  /** How many copies hold something of their original, by element and kind. */
  remains: Map<string, number>;
}

const PARALLEL = 4;

/** The second pass: reads every copy beside its original and searches for what should be gone. */
export async function checkCopies(
  input: ObjectStore,
  out: ObjectStore,
  record: readonly RecordLine[],
  keepsUids: boolean,
): Promise<CheckedCopies> {
  const lines = [...new Map(record.flatMap((line) => (line.copy ? [[line.copy, line] as const] : []))).values()];
  const result: CheckedCopies = { checked: 0, unchecked: 0, remains: new Map() };
  await mapConcurrently(lines, PARALLEL, async ({ path, copy = '' }) => {
    try {
      const [original, copied] = await Promise.all([input.get(path), out.get(copy)]);
      const found = remainsOf(original, copied, keepsUids).map(
        ({ tag, kind }) => `${tag || 'outside of elements'}: ${kind}`,
      );
      for (const what of new Set(found)) result.remains.set(what, (result.remains.get(what) ?? 0) + 1);
      result.checked += 1;
    } catch (error) {
      if (!(error instanceof StoreMissing)) throw error;
      result.unchecked += 1;
    }
  });
  return result;
}

/** For a person, without anything of a patient. */
export function describeCheck({ checked, unchecked, remains }: CheckedCopies): string {
  const lines = [...remains].sort().map(([what, count]) => `still present: ${what}, in ${count} copies`);
  const verdict = lines.length === 0 ? ': no removed identity found in them' : '';
  return [
    `${checked} copies searched${verdict}.`,
    ...lines,
    ...(unchecked > 0 ? [`not searched: ${unchecked}, because the copy or its original no longer exists`] : []),
  ].join('\n');
}
