import { type Finding, finding } from '../findings.ts';
import { type CourseRecord, countFractions, type Fraction } from '../rt/course.ts';
import type { FractionGroupSummary, TreatmentRecord } from '../rt/treatment-record.ts';
import { compareText } from './words.ts';

/**
 * The fractions of a plan without recorded sessions, as its newest treatment summary counts them: with the day of each
 * where the summary names it, else the first and the last day of the treatment.
 */
export function fractionsOfSummary(
  planUid: string,
  summaries: CourseRecord[],
): { fractions: Fraction[]; findings: Finding[] } {
  const newest = newestOf(summaries);
  if (!newest) return { fractions: [], findings: [] };
  const { record, sopInstanceUid } = newest;
  const fractions = record.summary.flatMap((group) =>
    datedFractions(group, record).map(({ number, date, time }) => ({
      planUid,
      groupNumber: group.groupNumber ?? null,
      number,
      numberSource: 'recorded' as const,
      continuesFraction: false,
      source: 'summary' as const,
      date,
      startTime: time,
      endTime: time,
      machines: record.machines,
      recordUids: [sopInstanceUid],
    })),
  );
  const message = `${fractions.length} fractions are known only from the treatment summary`;
  const known = finding('FRACTIONS_FROM_SUMMARY', sopInstanceUid, message);
  return { fractions, findings: [known, ...impossibleCounts(newest)] };
}

/** Says when the newest summary of a plan counts other fractions than its recorded sessions. */
export function summaryDiffers(summaries: CourseRecord[], fractions: Fraction[]): Finding[] {
  const newest = newestOf(summaries);
  const counted = newest?.record.summary.reduce((sum, group) => sum + countOf(group), 0);
  const recorded = countFractions(fractions);
  if (!newest || counted === recorded) return [];
  const message = `the treatment summary counts ${counted} fractions, ${recorded} are recorded: the records are used`;
  return [finding('SUMMARY_DIFFERS', newest.sopInstanceUid, message)];
}

function newestOf(summaries: CourseRecord[]): CourseRecord | undefined {
  const stamp = ({ record }: CourseRecord) => `${record.lastTreatmentDate} ${record.date} ${record.time}`;
  return summaries.toSorted(
    (a, b) => compareText(stamp(b), stamp(a)) || compareText(a.sopInstanceUid, b.sopInstanceUid),
  )[0];
}

/** More fractions than any course has. The file may state any number, and each becomes a row. */
const MOST_FRACTIONS = 1000;

function countOf({ fractionsDelivered, fractions }: FractionGroupSummary): number {
  return fractionsDelivered !== undefined && isPossible(fractionsDelivered) ? fractionsDelivered : fractions.length;
}

function isPossible(count: number): boolean {
  return Number.isInteger(count) && count >= 0 && count <= MOST_FRACTIONS;
}

/** Says when a summary counts fractions that no course has: those that it names are taken. */
function impossibleCounts({ record, sopInstanceUid }: CourseRecord): Finding[] {
  return record.summary
    .filter(({ fractionsDelivered = 0 }) => !isPossible(fractionsDelivered))
    .map(({ fractionsDelivered, fractions }) => {
      const message = `the treatment summary counts ${fractionsDelivered} fractions; the ${fractions.length} that it lists are used`;
      return finding('FRACTION_COUNT_IMPOSSIBLE', sopInstanceUid, message);
    });
}

/** A fraction for each that is counted; those that the summary names keep their number and day. */
function datedFractions(group: FractionGroupSummary, record: TreatmentRecord) {
  const named = group.fractions.toSorted((a, b) => (a.number ?? 0) - (b.number ?? 0));
  const count = countOf(group);
  const isOnlyGroup = record.summary.length === 1;
  return Array.from({ length: count }, (_, n) => {
    const known = named[n];
    const first = isOnlyGroup && n === 0 ? record.firstTreatmentDate : '';
    const last = isOnlyGroup && n === count - 1 ? record.lastTreatmentDate : '';
    const date = known?.date || first || last;
    return { number: known?.number ?? n + 1, date, time: known?.time ?? '' };
  });
}
