import type { CourseRecord, Fraction } from '../rt/course.ts';
import { isDelivery } from '../rt/treatment-record.ts';
import { compareText } from './patient-objects.ts';

/** Sorts after every number. */
const UNNUMBERED = Number.MAX_SAFE_INTEGER;

/**
 * The delivered fractions of a course: sessions of treatment records, merged by plan and fraction. A fraction is known
 * by its recorded number; a record without one belongs to the fraction of its plan on that day, which without any
 * number is the rank of the day among the plan's days. Plans, structure sets, summaries and set-up fields are none.
 */
export function fractionsOf(records: CourseRecord[]): Fraction[] {
  const sessions = records.filter(({ record }) => isDelivery(record));
  const byPlan = Map.groupBy(sessions, planUidOf);
  return [...byPlan]
    .flatMap(([planUid, ofPlan]) => fractionsOfPlan(planUid, ofPlan))
    .sort(
      (a, b) =>
        compareText(a.date || '9', b.date || '9') ||
        compareText(a.planUid, b.planUid) ||
        (a.number ?? UNNUMBERED) - (b.number ?? UNNUMBERED),
    );
}

function fractionsOfPlan(planUid: string, records: CourseRecord[]): Fraction[] {
  const numberOfDay = recordedNumbers(records);
  const days = [...new Set(records.map(({ record }) => record.date).filter(Boolean))].sort(compareText);
  const groups = Map.groupBy(records, ({ record, sopInstanceUid }) => {
    const number = record.fractionNumber ?? numberOfDay.get(record.date);
    if (number !== undefined) return `number:${number}`;
    return record.date ? `day:${record.date}` : `record:${sopInstanceUid}`;
  });
  return [...groups.values()].map((group) => {
    const recorded = group.flatMap(({ record }) => record.fractionNumber ?? [])[0];
    const date =
      group
        .map(({ record }) => record.date)
        .filter(Boolean)
        .sort(compareText)[0] ?? '';
    const rank = date ? days.indexOf(date) + 1 : null;
    const number = recorded ?? rank;
    return {
      planUid,
      number,
      numberSource: recorded !== undefined ? 'recorded' : number === null ? 'unknown' : 'rank_of_date',
      date,
      ...merged(group),
    };
  });
}

/** Number of the first numbered record of each day. */
function recordedNumbers(records: CourseRecord[]): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const { record } of records) {
    const isNew = record.date !== '' && record.fractionNumber !== undefined && !numbers.has(record.date);
    if (isNew) numbers.set(record.date, record.fractionNumber!);
  }
  return numbers;
}

function merged(group: CourseRecord[]) {
  const times = group
    .map(({ record }) => record.time)
    .filter(Boolean)
    .sort(compareText);
  const beams = group.flatMap(({ record }) => record.beams);
  return {
    startTime: times[0] ?? '',
    endTime: times.at(-1) ?? '',
    machines: [...new Set(group.flatMap(({ record }) => record.machines))].sort(compareText),
    deliveredDoseGy: total(beams.map((beam) => beam.doseGy)),
    deliveredMeterset: total(beams.map((beam) => beam.deliveredMeterset)),
    recordUids: group.map(({ sopInstanceUid }) => sopInstanceUid).sort(compareText),
  };
}

function planUidOf({ planUid, record }: CourseRecord): string {
  return planUid ?? record.planUids[0] ?? '';
}

/** Sum of what is known; undefined when nothing is. */
function total(numbers: (number | undefined)[]): number | undefined {
  const known = numbers.flatMap((n) => n ?? []);
  return known.length === 0 ? undefined : known.reduce((sum, n) => sum + n, 0);
}
