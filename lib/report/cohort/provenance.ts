import type { Row } from '../../tables/table.ts';
import { groupBy, rowsOf } from '../courses.ts';
import { formatCell, formatCount } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { ReportFact, ReportInput } from '../input.ts';
import { dataTable, facts, folded } from '../parts.ts';
import { jobsTogether } from './run-timeline.ts';

/** What ran with which settings, how long it took and how much it needed, and where every number is explained. */
export function provenance(input: ReportInput): Markup {
  return html`${facts((input.provenance ?? []).map(({ label, value }) => [label, value]))}
${timings(rowsOf(input, 'timings'), input.cost ?? [])}${input.config && folded('Configuration', html`<pre>${input.config}</pre>`)}
${folded(
  'Tables',
  html`<p class="quiet">Beside this page as Parquet and CSV; <code>data_dictionary.json</code> explains every column.</p>${dataTable(
    [
      { head: 'Table', cell: (row) => row.name },
      { head: 'Rows', numeric: true, cell: (row) => formatCount(Number(row.rows)) },
      { head: 'Columns', numeric: true, cell: (row) => formatCount(Number(row.columns)) },
    ],
    input.tables.map((table) => ({ name: table.name, rows: table.rows.length, columns: table.columns.length })),
    'Tables',
  )}`,
)}`;
}

/** Time, jobs at work together, memory and cost: of the run, and of each stage. */
function timings(statuses: Row[], cost: ReportFact[]): Markup | undefined {
  const timed = statuses.filter((row) => typeof row.seconds === 'number');
  if (timed.length === 0) return undefined;
  const all = workOf(timed);
  const rows = [...groupBy(timed, (row) => String(row.stage))].map(([stage, group]) => ({ stage, ...workOf(group) }));
  return html`<h3>Time, memory and cost</h3>${facts([
    ['From first to last job', all.span],
    ['Work of all jobs', durationText(all.total)],
    ['Jobs at once', all.mean === undefined ? '' : `${all.mean.toFixed(1)} on average, ${all.most} at most`],
    ['Highest memory of a job', `${formatCell(all.memory, 'MiB')} MiB`],
    ...cost.map(({ label, value }): [string, string] => [label, value]),
  ])}${dataTable(
    [
      { head: 'Stage', cell: (row) => row.stage.replaceAll('_', ' ') },
      { head: 'Courses', numeric: true, cell: (row) => formatCount(row.jobs) },
      { head: 'Total', unit: 's', numeric: true, cell: (row) => formatCell(row.total, 's') },
      { head: 'Part', unit: '%', numeric: true, cell: (row) => formatCell((100 * row.total) / all.total, '%') },
      { head: 'Median', unit: 's', numeric: true, cell: (row) => formatCell(row.median, 's') },
      { head: 'Longest', unit: 's', numeric: true, cell: (row) => formatCell(row.longest, 's') },
      { head: 'At once', numeric: true, cell: (row) => formatCell(row.most) },
      { head: 'Peak memory', unit: 'MiB', numeric: true, cell: (row) => formatCell(row.memory, 'MiB') },
    ],
    rows,
    'Time and memory',
  )}<p class="quiet">A result of an earlier run counts where it was made. <code>rtpipeline estimate</code> says what a run would cost on AWS.</p>`;
}

function workOf(rows: Row[]) {
  const seconds = rows.map((row) => Number(row.seconds)).sort((a, b) => a - b);
  const total = seconds.reduce((sum, value) => sum + value, 0);
  const together = jobsTogether(rows);
  return {
    jobs: rows.length,
    total,
    median: seconds[Math.floor((seconds.length - 1) / 2)],
    longest: seconds[seconds.length - 1],
    memory: rows.reduce((most, row) => Math.max(most, Number(row.peak_memory_mib ?? 0)), 0),
    span: together && durationText(together.seconds),
    mean: together && total / Math.max(together.seconds, 1),
    most: together?.most,
  };
}

function durationText(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours > 0) return `${formatCount(hours)} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${Math.floor(seconds % 60)} s` : `${formatCell(seconds, 's')} s`;
}
