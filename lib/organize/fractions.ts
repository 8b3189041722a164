import { type Finding, finding } from '../findings.ts';
import type { CourseRecord, Fraction } from '../rt/course.ts';
import { type DeliveredBeam, isDelivery, treats } from '../rt/treatment-record.ts';
import { fractionsOfSummary, summaryDiffers } from './fraction-summary.ts';
import { compareText } from './words.ts';

/** Fractions, with what is odd about their records. */
export interface Fractions {
  fractions: Fraction[];
  findings: Finding[];
}

/** Sorts after every number. */
const UNNUMBERED = Number.MAX_SAFE_INTEGER;

/**
 * The delivered fractions of a course, plan by plan: from the records of its sessions, otherwise from a treatment
 * summary. Plans, structure sets and set-up fields do not count.
 */
export function fractionsOf(records: CourseRecord[]): Fractions {
  const results = [...Map.groupBy(records, planUidOf)].map(([planUid, ofPlan]) => {
    const parts = partsOf(ofPlan.filter(({ record }) => isDelivery(record)));
    const summaries = ofPlan.filter(({ record }) => record.kind === 'summary');
    if (parts.length === 0) return fractionsOfSummary(planUid, summaries);
    const { fractions, findings } = fractionsOfPlan(planUid, parts);
    return { fractions, findings: [...findings, ...summaryDiffers(summaries, fractions)] };
  });
  return {
    fractions: results.flatMap(({ fractions }) => fractions).sort(inOrder),
    findings: results.flatMap(({ findings }) => findings),
  };
}

function inOrder(a: Fraction, b: Fraction): number {
  return (
    compareText(a.date || '9', b.date || '9') ||
    compareText(a.planUid, b.planUid) ||
    (a.groupNumber ?? 0) - (b.groupNumber ?? 0) ||
    (a.number ?? UNNUMBERED) - (b.number ?? UNNUMBERED) ||
    compareText(a.startTime, b.startTime)
  );
}

function planUidOf({ planUid, record }: CourseRecord): string {
  return planUid ?? record.planUids[0] ?? '';
}

/** What one record holds of one fraction. */
interface Part {
  recordUid: string;
  group?: number;
  number?: number;
  date: string;
  time: string;
  machines: string[];
  beams: DeliveredBeam[];
}

/** A part for each fraction number that the beams of a record bear. */
function partsOf(records: CourseRecord[]): Part[] {
  const groups = new Set(records.flatMap(({ record }) => record.fractionGroupNumber ?? []));
  const onlyGroup = groups.size === 1 ? [...groups][0] : undefined;
  return records.flatMap(({ record, sopInstanceUid }) => {
    const treating = record.beams.filter(treats);
    const byNumber =
      treating.length > 0 ? Map.groupBy(treating, (beam) => beam.fractionNumber) : new Map([[undefined, []]]);
    const { date, time, machines } = record;
    const group = record.fractionGroupNumber ?? onlyGroup;
    return [...byNumber].map(([number, beams]) => ({
      recordUid: sopInstanceUid,
      group,
      number,
      date,
      time,
      machines,
      beams,
    }));
  });
}

/** Fraction group and number together tell fractions apart; a number counts within its group. */
function fractionsOfPlan(planUid: string, parts: Part[]): Fractions {
  const results = [...Map.groupBy(parts, (part) => part.group)].flatMap(([group, ofGroup]) =>
    judged(sessionsOf(ofGroup)).map((one) => ({ ...one, fraction: fractionOf(planUid, group, one) })),
  );
  return {
    fractions: results.map(({ fraction }) => fraction),
    findings: results.filter(({ isRepeat }) => isRepeat).map(({ session }) => repetition(session)),
  };
}

interface Judged {
  session: Session;
  /** Its place among the sessions of its fraction group; null without a date. */
  rank: number | null;
  isContinuation: boolean;
  isRepeat: boolean;
}

/** Which sessions complete an earlier one of the same number, and which give it again. */
function judged(sessions: Session[]): Judged[] {
  const starts = sessions.filter(({ date }) => date !== '').map(startOf);
  const order = [...new Set(starts)].sort(compareText);
  return sessions.map((session, n) => {
    const { number, date } = session;
    const earlier = number === undefined ? [] : sessions.slice(0, n).filter((other) => other.number === number);
    const isRepeat = earlier.length > 0 && repeats(session, earlier);
    const rank = date === '' ? null : order.indexOf(startOf(session)) + 1;
    return { session, rank, isRepeat, isContinuation: earlier.length > 0 && !isRepeat };
  });
}

function fractionOf(planUid: string, group: number | undefined, { session, rank, isContinuation }: Judged): Fraction {
  const unnumbered = rank === null ? 'unknown' : 'rank_of_date';
  return {
    planUid,
    groupNumber: group ?? null,
    number: session.number ?? rank,
    numberSource: session.number === undefined ? unnumbered : 'recorded',
    continuesFraction: isContinuation,
    source: 'records',
    ...merged(session),
  };
}

function repetition({ number, date, parts }: Session): Finding {
  const message = `fraction ${number} is recorded again in full on ${date}: it counts as a further fraction`;
  return finding('FRACTION_REPEATED', parts[0].recordUid, message);
}

/** All parts of one fraction within one day, without a pause that two sessions of a day have between them. */
interface Session {
  number?: number;
  date: string;
  parts: Part[];
}

function startOf({ date, parts }: Session): string {
  return `${date} ${parts[0].time}`;
}

/** Radiobiology asks for six hours between two fractions of a day; a broken-off one is completed sooner. */
const LEAST_PAUSE_H = 4;

function sessionsOf(parts: Part[]): Session[] {
  const ordered = parts.toSorted((a, b) => compareText(`${a.date} ${a.time}`, `${b.date} ${b.time}`));
  const numbered = ordered.filter((part) => part.number !== undefined);
  const sessions: Session[] = [];
  const add = (part: Part, number: number | undefined) => {
    const last = sessions.findLast((session) => session.number === number && session.date === part.date);
    const isNew = !last || (number === undefined && part.date === '') || hasPause(last, part);
    if (isNew) sessions.push({ number, date: part.date, parts: [part] });
    else last.parts.push(part);
  };
  for (const part of numbered) add(part, part.number);
  for (const part of ordered.filter(({ number }) => number === undefined)) add(part, numberOfDay(part, numbered));
  return sessions.toSorted((a, b) => compareText(startOf(a), startOf(b)));
}

/** A part without a number is of the last fraction of its day that began before it, else of the first of that day. */
function numberOfDay(part: Part, numbered: Part[]): number | undefined {
  const ofDay = numbered.filter(({ date }) => date !== '' && date === part.date);
  return (ofDay.findLast(({ time }) => time <= part.time) ?? ofDay[0])?.number;
}

function hasPause(session: Session, part: Part): boolean {
  const times = session.parts.map(({ time }) => hoursOf(time));
  return hoursOf(part.time) - Math.max(...times) >= LEAST_PAUSE_H;
}

/** NaN without a time. */
function hoursOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number);
  return time === '' ? Number.NaN : hours + minutes / 60;
}

/** Whether a session gives again a beam that an earlier one of the same fraction gave in full. */
function repeats(session: Session, earlier: Session[]): boolean {
  const complete = earlier.flatMap(({ parts }) => parts.flatMap(({ beams }) => beams.filter(isComplete)));
  const again = session.parts.flatMap(({ beams }) => beams).filter((beam) => beam.deliveryType !== 'CONTINUATION');
  return again.some((beam) => complete.some(({ number }) => number === beam.number));
}

/** Metersets are recorded with rounding. */
const COMPLETE_PART = 0.98;

function isComplete({ terminationStatus, specifiedMeterset, deliveredMeterset }: DeliveredBeam): boolean {
  if (!['', 'NORMAL'].includes(terminationStatus)) return false;
  if (specifiedMeterset === undefined || deliveredMeterset === undefined) return true;
  return deliveredMeterset >= COMPLETE_PART * specifiedMeterset;
}

function merged({ date, parts }: Session) {
  const times = parts
    .map(({ time }) => time)
    .filter(Boolean)
    .sort(compareText);
  const beams = parts.flatMap((part) => part.beams);
  return {
    date,
    startTime: times[0] ?? '',
    endTime: times.at(-1) ?? '',
    machines: [...new Set(parts.flatMap(({ machines }) => machines))].sort(compareText),
    deliveredDoseGy: total(beams.map((beam) => beam.doseGy)),
    deliveredMeterset: total(beams.map((beam) => beam.deliveredMeterset)),
    recordUids: [...new Set(parts.map(({ recordUid }) => recordUid))].sort(compareText),
  };
}

/** Sum of what is known; undefined when nothing is. */
function total(numbers: (number | undefined)[]): number | undefined {
  const known = numbers.flatMap((n) => n ?? []);
  return known.length === 0 ? undefined : known.reduce((sum, n) => sum + n, 0);
}
