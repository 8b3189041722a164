import type { Row } from '../../tables/table.ts';
import { groupBy, rowsOf } from '../courses.ts';
import { html, type Markup } from '../html.ts';
import type { ReportInput } from '../input.ts';
import { dataTable } from '../parts.ts';

const RESULTS = ['pass', 'acceptable', 'fail', 'not_evaluable'];

/** How often each goal is reached: of structures that it could be evaluated for. */
export function scorecard(input: ReportInput): Markup | undefined {
  const goals = [...groupBy(rowsOf(input, 'goals'), ({ goal }) => String(goal))];
  if (goals.length === 0) return undefined;
  const rows = goals.map(([goal, group]) => ({ goal, counts: RESULTS.map((result) => countOf(group, result)) }));
  return html`${dataTable(
    [
      { head: 'Goal', cell: ({ goal }) => goal },
      { head: 'Reached', cell: ({ counts }) => shareBar(counts) },
      ...RESULTS.map((result, n) => ({
        head: result.replaceAll('_', ' '),
        numeric: true,
        cell: ({ counts }: (typeof rows)[number]) =>
          counts[n] > 0 && result === 'fail' ? html`<b class="chip bad">${counts[n]}</b>` : counts[n],
      })),
    ],
    rows,
    'Clinical goals',
  )}<p class="quiet">The view Goals of the table of courses shows each course and goal.</p>`;
}

function shareBar([pass, acceptable, fail]: number[]): Markup {
  const parts = [
    ['robust', pass, 'pass'],
    ['acceptable', acceptable, 'acceptable'],
    ['poor', fail, 'fail'],
  ] as const;
  return html`<span class="bar">${parts.map(
    ([tone, count, word]) => count > 0 && html`<i class="${tone}" style="flex:${count}" title="${word}: ${count}"></i>`,
  )}</span>`;
}

function countOf(rows: Row[], result: string): number {
  return rows.filter((row) => row.result === result).length;
}
