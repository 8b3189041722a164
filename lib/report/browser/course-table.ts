import type { CourseEntry, CoursesData } from '../cohort/courses-data.ts';
import { type CourseColumn, type CourseView, columnsOf } from './course-columns.ts';
import { button, choice, element } from './elements.ts';
import { csvOf, saveFile } from './save.ts';
import { compareValues } from './sort-tables.ts';

const ROWS_OF_A_PAGE = 100;
const VIEWS: [CourseView, string][] = [
  ['overview', 'Overview'],
  ['stages', 'Stages'],
  ['structures', 'Structures'],
  ['goals', 'Goals'],
];

interface Filter {
  text: string;
  state: string;
  qc: string;
  structure: string;
  /** First and last day of the start of a course, YYYY-MM-DD, or ''. */
  from: string;
  to: string;
}

/** The table of all courses: search, filters, sorting, pages, and what is left as CSV. */
export class CourseTable {
  readonly #data: CoursesData;
  readonly #place: HTMLElement;
  readonly #table = element('table', { class: 'courses' });
  readonly #count = element('span', { class: 'quiet', role: 'status' });
  readonly #only = element('span');
  readonly #filter: Filter = { text: '', state: '', qc: '', structure: '', from: '', to: '' };
  #group: Set<number> | undefined;
  #view: CourseView = 'overview';
  #sort: { head: string; sign: 1 | -1 } = { head: '', sign: 1 };
  #page = 0;

  constructor(data: CoursesData, place: HTMLElement) {
    this.#data = data;
    this.#place = place;
    const scroll = element(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Courses' },
      this.#table,
    );
    place.append(this.#controls(), scroll, this.#pager());
  }

  /** Leaves only some courses in the table, for a reason that it says. */
  showOnly(reason: string, courses: Set<number>): void {
    this.#group = courses;
    this.#only.replaceChildren(
      `Only: ${reason} `,
      button('Show all courses', () => {
        this.#group = undefined;
        this.#only.replaceChildren();
        this.draw(0);
      }),
    );
    this.draw(0);
    this.#place.scrollIntoView();
  }

  draw(page = this.#page): void {
    this.#page = page;
    const columns = columnsOf(this.#view, this.#data);
    const found = this.#found(columns);
    const first = page * ROWS_OF_A_PAGE;
    const rows = found.slice(first, first + ROWS_OF_A_PAGE);
    this.#table.classList.toggle(
      'matrix',
      columns.some(({ isMark }) => isMark),
    );
    this.#table.replaceChildren(
      this.#head(columns, found),
      element('tbody', {}, ...rows.map((course) => rowOf(course, columns))),
    );
    const range = found.length > ROWS_OF_A_PAGE ? `${first + 1} to ${first + rows.length} of ` : '';
    this.#count.textContent = `${range}${found.length} of ${this.#data.courses.length} courses`;
    const [before, after] = this.#place.querySelectorAll<HTMLButtonElement>('.pager button');
    before.disabled = page === 0;
    after.disabled = first + ROWS_OF_A_PAGE >= found.length;
  }

  #found(columns: CourseColumn[]): CourseEntry[] {
    const { text, state, qc, structure, from, to } = this.#filter;
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const place = this.#data.structures.indexOf(structure);
    const found = this.#data.courses.filter(
      (course, n) =>
        (!this.#group || this.#group.has(n)) &&
        (state === '' || course.state === state) &&
        (qc === '' || course.qc === qc) &&
        (structure === '' || course.structureLetters[place] === 'o') &&
        (from === '' || course.start >= from) &&
        (to === '' || (course.start !== '' && course.start <= to)) &&
        words.every((word) => searchText(course).includes(word)),
    );
    const sorted = columns.find(({ head }) => head === this.#sort.head);
    if (!sorted) return found;
    return found.sort((a, b) => compareValues(sorted.value(a), sorted.value(b), this.#sort.sign));
  }

  #head(columns: CourseColumn[], found: CourseEntry[]): HTMLElement {
    const row = element('tr');
    for (const { head, isNumber, isMark, value } of columns) {
      const sort = button(head, () => {
        this.#sort = { head, sign: this.#sort.head === head && this.#sort.sign === 1 ? -1 : 1 };
        this.draw(0);
        this.#table.querySelector<HTMLElement>('[aria-sort] button')?.focus();
      });
      sort.className = 'sort';
      const direction = this.#sort.sign === 1 ? 'ascending' : 'descending';
      const cell = element('th', {
        scope: 'col',
        class: isNumber ? 'n' : undefined,
        'aria-sort': this.#sort.head === head ? direction : undefined,
      });
      cell.append(sort);
      if (isMark) {
        const has = found.filter((course) => ['mask', 'ok', 'passes'].includes(String(value(course)))).length;
        cell.append(element('small', {}, ` ${has}/${found.length}`));
      }
      row.append(cell);
    }
    return element('thead', {}, row);
  }

  #controls(): HTMLElement {
    const set = (change: Partial<Filter>) => {
      Object.assign(this.#filter, change);
      this.draw(0);
    };
    const values = (of: (course: CourseEntry) => string): [string, string][] => [
      ['', 'all'],
      ...[...new Set(this.#data.courses.map(of))].filter(Boolean).map((value): [string, string] => [value, value]),
    ];
    const search = element('input', { type: 'search', placeholder: 'patient, plan, dose …' });
    search.addEventListener('input', () => set({ text: search.value }));
    const day = (label: string, name: 'from' | 'to') => {
      const input = element('input', { type: 'date' });
      input.addEventListener('change', () => set({ [name]: input.value }));
      return element('label', { class: 'control' }, `${label} `, input);
    };
    return element(
      'div',
      { class: 'controls' },
      choice('Show', VIEWS, (view) => {
        this.#view = view as CourseView;
        this.draw(0);
      }),
      element('label', { class: 'control' }, 'Search ', search),
      choice(
        'State',
        values(({ state }) => state),
        (state) => set({ state }),
      ),
      choice(
        'QC',
        values(({ qc }) => qc),
        (qc) => set({ qc }),
      ),
      choice(
        'With structure',
        [['', 'any'], ...this.#data.structures.toSorted().map((name): [string, string] => [name, name])],
        (structure) => set({ structure }),
      ),
      day('From', 'from'),
      day('to', 'to'),
      element('span', { class: 'spacer' }),
      button('CSV', () => this.#save(), { 'aria-label': 'Save these courses as CSV' }),
      this.#only,
    );
  }

  #pager(): HTMLElement {
    return element(
      'p',
      { class: 'controls pager' },
      this.#count,
      button('Previous', () => this.draw(this.#page - 1)),
      button('Next', () => this.draw(this.#page + 1)),
    );
  }

  #save(): void {
    const columns = columnsOf(this.#view, this.#data);
    const rows = this.#found(columns).map((course) => [course.id, ...columns.map(({ value }) => value(course))]);
    saveFile('courses.csv', csvOf([['course_id', ...columns.map(({ head }) => head)], ...rows]), 'text/csv');
  }
}

function rowOf(course: CourseEntry, columns: CourseColumn[]): HTMLElement {
  return element(
    'tr',
    {},
    ...columns.map(({ isNumber, isMark, value, cell }) =>
      element(
        'td',
        { class: isNumber ? 'n' : isMark ? 'mark' : undefined },
        cell?.(course) ?? String(value(course) ?? '–'),
      ),
    ),
  );
}

function searchText({ patient, name, plan, technique, rule, id }: CourseEntry): string {
  return [patient, name, plan, technique, rule, id].join(' ').toLowerCase();
}
