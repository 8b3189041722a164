import { element } from './elements.ts';

/** Headings of tables of the page become buttons that sort by their column, and a table can be copied. */
export function startSorting(): void {
  for (const table of document.querySelectorAll<HTMLTableElement>('table.sortable')) makeSortable(table);
}

function makeSortable(table: HTMLTableElement): void {
  const heads = [...table.tHead!.rows[0].cells];
  heads.forEach((head, column) => {
    const sort = element('button', { type: 'button', class: 'sort' });
    sort.append(...head.childNodes);
    head.append(sort);
    sort.addEventListener('click', () => {
      const isDescending = head.getAttribute('aria-sort') === 'ascending';
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', isDescending ? 'descending' : 'ascending');
      sortRows(table.tBodies[0], column, isDescending ? -1 : 1);
    });
  });
}

/** Numbers by value, text as people do; cells without a value last whatever the direction. */
function sortRows(body: HTMLTableSectionElement, column: number, sign: 1 | -1): void {
  const rows = [...body.rows].map((row) => ({ row, value: cellValue(row.cells[column]) }));
  rows.sort((a, b) => compareValues(a.value, b.value, sign));
  body.append(...rows.map(({ row }) => row));
}

type Value = number | string | undefined;

export function compareValues(a: Value, b: Value, sign: 1 | -1): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  if (typeof a === 'number' && typeof b === 'number') return sign * (a - b);
  return sign * String(a).localeCompare(String(b), 'en', { numeric: true });
}

function cellValue(cell: HTMLTableCellElement): Value {
  const text = (cell.dataset.value ?? cell.textContent ?? '').trim();
  if (text === '' || text === '–') return undefined;
  const number = Number(text.replaceAll('\u2009', '').replace('−', '-'));
  return Number.isNaN(number) ? text : number;
}
