import type { Row } from '../../tables/table.ts';
import { groupBy, rowsOf } from '../courses.ts';
import { formatCell, formatCount } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { ReportInput } from '../input.ts';
import { dataTable, facts, folded } from '../parts.ts';

/** What ran with which settings, how long it took, what it cost, and where every number is explained. */
export function provenance(input: ReportInput): Markup {
  return html`${facts((input.provenance ?? []).map(({ label, value }) => [label, value]))}
${input.cost && input.cost.length > 0 && html`<h3>Cost</h3>${facts(input.cost.map(({ label, value }) => [label, value]))}`}
${timings(rowsOf(input, 'timings'))}${input.config && folded('Configuration', html`<pre>${input.config}</pre>`)}
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

function timings(statuses: Row[]): Markup | undefined {
  const timed = statuses.filter((row) => typeof row.seconds === 'number');
  if (timed.length === 0) return undefined;
  const rows = [...groupBy(timed, (row) => String(row.stage))].map(([stage, group]) => {
    const seconds = group.map((row) => Number(row.seconds)).sort((a, b) => a - b);
    return {
      stage,
      courses: group.length,
      total: seconds.reduce((sum, value) => sum + value, 0),
      median: seconds[Math.floor((seconds.length - 1) / 2)],
      longest: seconds[seconds.length - 1],
      memory: Math.max(...group.map((row) => Number(row.peak_memory_mib ?? 0))),
    };
  });
  return folded(
    'Time and memory',
    dataTable(
      [
        { head: 'Stage', cell: (row) => row.stage },
        { head: 'Courses', numeric: true, cell: (row) => row.courses as number },
        { head: 'Total', unit: 's', numeric: true, cell: (row) => formatCell(row.total, 's') },
        { head: 'Median', unit: 's', numeric: true, cell: (row) => formatCell(row.median, 's') },
        { head: 'Longest', unit: 's', numeric: true, cell: (row) => formatCell(row.longest, 's') },
        { head: 'Peak memory', unit: 'MiB', numeric: true, cell: (row) => formatCell(row.memory, 'MiB') },
      ],
      rows,
      'Time and memory',
    ),
  );
}
