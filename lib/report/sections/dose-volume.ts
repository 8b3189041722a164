import type { Row } from '../../tables/table.ts';
import { type DvhCurve, type DvhLevel, dvhChart, MOST_CURVES } from '../charts/dvh-chart.ts';
import { type CourseView, columnsOf, firstValue, groupBy } from '../courses.ts';
import { formatCell, plural } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { ReportInput } from '../input.ts';
import { chip, dataColumn, dataTable } from '../parts.ts';
import { roiLabel, tellingApart } from '../roi-names.ts';

/** Metrics that fit on a page, in this order; all others are in the tables. */
const SHOWN_METRICS = [
  'Volume[cc]',
  'Mean[Gy]',
  'Min[Gy]',
  'Max[Gy]',
  'D98%[Gy]',
  'D95%[Gy]',
  'D50%[Gy]',
  'D2%[Gy]',
  'D0.03cc[Gy]',
  'V95%[%]',
  'V20Gy[%]',
  'dose_coverage',
];

/** DVH curves and metrics of a course, and its clinical goals. */
export function doseVolume(course: CourseView, input: ReportInput): Markup | undefined {
  const metrics = course.rows('dvh_metrics');
  const curves = orderedCurves(course.rows('dvh_curves'), metrics);
  if (metrics.length === 0 && curves.length === 0) return undefined;
  const hidden = curves.length - MOST_CURVES;
  return html`<h3>Dose and volume</h3>${curves.length > 0 && dvhChart(curves, levels(metrics), course.anchor)}
${hidden > 0 && html`<p class="quiet">and ${plural(hidden, 'more curve')} in the table <code>dvh_curves</code></p>`}
${metrics.length > 0 && metricsTable(metrics, input)}${goals(course)}`;
}

function metricsTable(metrics: Row[], input: ReportInput): Markup {
  const names = new Set(columnsOf(input, 'dvh_metrics').map((column) => column.name));
  const shown = SHOWN_METRICS.filter((name) => names.has(name));
  const others = [...names].filter((name) => /\]$/.test(name) && !shown.includes(name)).length;
  return html`${dataTable(
    [
      { head: 'Structure', cell: (row) => row.roi_name },
      ...tellingApart(metrics),
      ...(names.has('status')
        ? [{ head: 'Status', cell: (row: Row) => row.status && chip(row.status, String(row.reason ?? '')) }]
        : []),
      ...shown.map((name) => ({ ...dataColumn(name), ...(name === 'dose_coverage' && { head: 'Coverage' }) })),
    ],
    metrics,
  )}${others > 0 && html`<p class="quiet">and ${plural(others, 'more metric')} in the table <code>dvh_metrics</code></p>`}`;
}

function goals(course: CourseView): Markup | undefined {
  const rows = course.rows('goals');
  if (rows.length === 0) return undefined;
  return html`<h3>Clinical goals</h3>${dataTable(
    [
      { head: 'Structure', cell: (row) => row.roi_name },
      ...tellingApart(rows),
      { head: 'Goal', cell: (row) => row.goal },
      {
        head: 'Reached',
        numeric: true,
        cell: (row) => `${formatCell(row.value, String(row.unit ?? ''))} ${row.unit ?? ''}`,
      },
      { head: 'Result', cell: (row) => row.result && chip(row.result) },
    ],
    rows,
  )}`;
}

/** Targets first, then by mean dose: the curves that a plan is judged by come before the limit of the chart. */
function orderedCurves(rows: Row[], metrics: Row[]): DvhCurve[] {
  const key = (row: Row) => [row.structure_set_uid, row.roi_number, row.roi_name, row.source, row.dose_uid].join('\n');
  const means = new Map(metrics.map((row) => [key(row), Number(row['Mean[Gy]'] ?? 0)]));
  return [...groupBy(rows, key)]
    .map(([id, group]) => {
      const name = String(group[0].roi_name ?? '');
      return {
        name: roiLabel(group[0], rows),
        rows: group,
        rank: (/^[PCGI]TV/i.test(name) ? 1e6 : 0) + (means.get(id) ?? 0),
      };
    })
    .sort((a, b) => b.rank - a.rank || (a.name < b.name ? -1 : 1));
}

/** Prescribed doses that the metrics were computed against. */
function levels(metrics: Row[]): DvhLevel[] {
  const doses = metrics
    .map((row) => firstValue(row, 'prescription[Gy]', 'prescription_gy'))
    .filter((dose) => typeof dose === 'number');
  return [...new Set(doses)].sort((a, b) => a - b).map((doseGy) => ({ doseGy, label: `${doseGy} Gy` }));
}
