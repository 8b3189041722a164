import { button, element } from './elements.ts';

/** Headings of tables of the page become buttons that sort by their column, and a table can be copied. */
export function startSorting(): void {
  for (const table of document.querySelectorAll<HTMLTableElement>('table.sortable')) {
    makeSortable(table);
    addCopy(table);
  }
}

/** A button above the table that copies it as a spreadsheet takes it: cells between tabs, numbers without spaces. */
function addCopy(table: HTMLTableElement): void {
  const region = table.closest('.scroll');
  if (!region) return;
  const name = region.getAttribute('aria-label') ?? 'table';
  const copy = button(
    'Copy',
    () => copyText(tsvOf(table)).then(told('Copied'), told('Not copied: the browser refuses')),
    {
      'aria-label': `Copy the table ${name}`,
    },
  );
  const status = element('span', { class: 'quiet', role: 'status' });
  const told = (text: string) => () => {
    status.textContent = text;
  };
  region.before(element('div', { class: 'controls copy' }, element('span', { class: 'spacer' }), status, copy));
}

function tsvOf(table: HTMLTableElement): string {
  return [...table.rows].map((row) => [...row.cells].map(plainText).join('\t')).join('\n');
}

function plainText(cell: HTMLTableCellElement): string {
  const text = (cell.textContent ?? '').replace(/\s+/g, ' ').trim();
  if (text === '–') return '';
  return /^[−\d]/.test(text) ? text.replaceAll('\u2009', '').replace('−', '-') : text;
}

/** By the clipboard where the browser gives it, as it does not to a page of plain http, else by a selection. */
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = element('textarea', {}, text);
  document.body.append(area);
  area.select();
  const isDone = document.execCommand('copy');
  area.remove();
  if (!isDone) throw new Error('the browser refuses to copy');
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
