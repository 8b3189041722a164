import type { Row } from '../../tables/table.ts';
import { groupBy } from '../courses.ts';
import { html, type Markup } from '../html.ts';
import { nameOf, roiLabel, structureKey } from '../roi-names.ts';
import type { DvhCurve, DvhData, DvhGoal } from './dvh-data.ts';
import type { CoursePage } from './subject.ts';

/** Volumes that `dvh_metrics` has a dose and its numerical uncertainty for. */
export const SPREAD_AT = [98, 95, 50, 2];
const DIGITS = 7;
/** The style sheet has so many: structures beyond them take the colours again, with another dash. */
const COLOURS = 14;

/** The chart of all curves of the course: the script draws it from the data. */
export function doseVolume(page: CoursePage): { markup?: Markup; data?: DvhData } {
  const { details, course } = page;
  const groups = [...groupBy(details.curves, (row) => `${structureKey(row)}\n${row.dose_uid ?? ''}`)];
  if (groups.length === 0) return {};
  const metrics = new Map(course.rows('dvh_metrics').map((row) => [curveKey(row), row]));
  const goals = groupBy(course.rows('goals'), curveKey);
  const first = firstChoice(details.curves);
  const curves = groups
    .map(([key, rows]) => curveOf(rows, page, { metrics: metrics.get(key), goals: goals.get(key) ?? [], first }))
    .filter(({ doseGy }) => doseGy.length > 1)
    .sort((a, b) => a.structure - b.structure);
  const doses = Object.fromEntries(curves.map(({ doseUid }) => [doseUid, nameOf(doseUid, details.names)]));
  return {
    markup: html`<div id="dvh"></div><noscript><p>The chart needs the script of the page. Its numbers are in the tables.</p></noscript>`,
    data: { curves, doses },
  };
}

interface OfCurve {
  metrics?: Row;
  goals: Row[];
  first: (row: Row) => boolean;
}

function curveOf(rows: Row[], { details, numbers }: CoursePage, { metrics, goals, first }: OfCurve): DvhCurve {
  const points = rows
    .map((row) => [Number(row['dose[Gy]']), Number(row['volume[%]'])])
    .filter(([dose, volume]) => Number.isFinite(dose) && Number.isFinite(volume))
    .sort((a, b) => a[0] - b[0]);
  const whole = rows.find((row) => Number(row['volume[%]']) > 0);
  const volumeCc = whole ? (100 * Number(whole['volume[cc]'])) / Number(whole['volume[%]']) : Number.NaN;
  const prescription = metrics?.['prescription[Gy]'];
  const structure = numbers.get(structureKey(rows[0])) ?? 0;
  const doses = [...new Set(details.curves.map(({ dose_uid }) => dose_uid))];
  return {
    structure,
    dash: Math.floor(structure / COLOURS) + doses.indexOf(rows[0].dose_uid),
    label: roiLabel(rows[0], details.curves, details.names),
    doseUid: String(rows[0].dose_uid ?? ''),
    doseGy: points.map(([dose]) => rounded(dose)),
    volumePct: points.map(([, volume]) => rounded(volume)),
    volumeCc: rounded(volumeCc),
    prescriptionGy: typeof prescription === 'number' ? prescription : null,
    isShown: first(rows[0]),
    goals: goals.flatMap((goal) => goalPoint(goal, volumeCc, Number(prescription)) ?? []),
    spread: SPREAD_AT.flatMap((volumePct) => {
      const uncertaintyGy = metrics?.[`D${volumePct}%[Gy]_uncertainty`];
      return typeof uncertaintyGy === 'number' ? [{ volumePct, uncertaintyGy }] : [];
    }),
  };
}

function curveKey(row: Row): string {
  return `${structureKey(row)}\n${row.dose_uid ?? ''}`;
}

/** Several sets or doses stand side by side: at first the curves of the primary set, drawn by hand, on the first dose. */
function firstChoice(rows: Row[]): (row: Row) => boolean {
  const [dose] = rows.map(({ dose_uid }) => dose_uid);
  const hasManual = rows.some(({ source }) => source === 'manual');
  const hasPrimary = rows.some(({ primary }) => primary);
  return (row) =>
    row.dose_uid === dose && (!hasManual || row.source === 'manual') && (!hasPrimary || Boolean(row.primary));
}

/** Goals on a dose at a volume, or on a volume at a dose, are points of the chart; others are not. */
function goalPoint(goal: Row, volumeCc: number, prescriptionGy: number): DvhGoal | undefined {
  const { metric, limit, result } = goal;
  if (typeof limit !== 'number') return undefined;
  const match = /^([DV])([\d.]+)(%|cc|Gy)\[(Gy|%|cc)\]$/.exec(String(metric));
  if (!match) return undefined;
  const [, kind, at, unit, of] = match;
  const number = Number(at);
  const [doseGy, volume, volumeUnit] =
    kind === 'D' ? [limit, number, unit] : [unit === 'Gy' ? number : (number * prescriptionGy) / 100, limit, of];
  const volumePct = volumeUnit === 'cc' ? (100 * volume) / volumeCc : volume;
  if (!Number.isFinite(doseGy) || !Number.isFinite(volumePct)) return undefined;
  return { text: String(goal.goal), result: String(result), doseGy, volumePct };
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}
