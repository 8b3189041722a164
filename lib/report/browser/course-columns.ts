import type { CourseEntry, CoursesData } from '../cohort/courses-data.ts';
import { element } from './elements.ts';

/** A column of the table of courses. */
export interface CourseColumn {
  head: string;
  isNumber?: boolean;
  /** Heads are written upright, cells are marks. */
  isMark?: boolean;
  /** What is sorted by and exported. */
  value(course: CourseEntry): string | number | undefined;
  /** What is shown, where it is not the value. */
  cell?(course: CourseEntry): Node | string;
}

export type CourseView = 'overview' | 'stages' | 'structures' | 'goals';

const WORDS: Record<string, [mark: string, word: string, tone: string]> = {
  stageo: ['●', 'ok', 'good'],
  stagef: ['✕', 'failed', 'bad'],
  stagep: ['◐', 'partial', 'warn'],
  stages: ['–', 'skipped', ''],
  structureo: ['●', 'mask', 'good'],
  structurex: ['✕', 'no mask', 'bad'],
  goalf: ['✕', 'fails', 'bad'],
  goala: ['◐', 'acceptable', 'warn'],
  goalp: ['●', 'passes', 'good'],
  goaln: ['?', 'not evaluable', ''],
};

/** The columns of a view: who and when first, then what the view is of. */
export function columnsOf(view: CourseView, data: CoursesData): CourseColumn[] {
  const who: CourseColumn[] = [
    {
      head: 'Patient',
      value: ({ patient }) => patient,
      cell: ({ patient, id }) => element('a', { href: `report/${id}.html` }, patient || id),
    },
    { head: 'Course', value: ({ name }) => name },
  ];
  if (view === 'stages') return [...who, ...marks('stage', data.stages, ({ stageLetters }) => stageLetters)];
  if (view === 'structures')
    return [...who, ...marks('structure', data.structures, ({ structureLetters }) => structureLetters)];
  if (view === 'goals') return [...who, ...marks('goal', data.goals, ({ goalLetters }) => goalLetters)];
  return [...who, ...overview()];
}

function overview(): CourseColumn[] {
  const text = (head: string, value: (course: CourseEntry) => string): CourseColumn => ({ head, value });
  return [
    { head: 'State', value: ({ state }) => state, cell: ({ state }) => chip(state) },
    text('Start', ({ start }) => start),
    text('Plan', ({ plan }) => plan),
    text('Technique', ({ technique }) => technique),
    {
      head: 'Prescribed Gy',
      isNumber: true,
      value: ({ prescriptionGy }) => prescriptionGy ?? undefined,
      cell: ({ prescriptionGy }) => prescriptionGy?.toFixed(2) ?? '–',
    },
    {
      head: 'Fractions',
      isNumber: true,
      value: ({ fractions }) => fractions ?? undefined,
      cell: ({ fractions, planned }) => `${fractions ?? '–'}${planned === null ? '' : `/${planned}`}`,
    },
    text('Dose', ({ rule }) => rule),
    { head: 'Confidence', value: ({ confidence }) => confidence, cell: ({ confidence }) => chip(confidence) },
    {
      head: 'Structures',
      isNumber: true,
      value: ({ structuresOk }) => structuresOk,
      cell: ({ structuresOk, structuresAll }) => `${structuresOk}/${structuresAll}`,
    },
    {
      head: 'Goals failed',
      isNumber: true,
      value: ({ goalsFailed }) => goalsFailed,
    },
    { head: 'QC', value: ({ qc }) => qc, cell: ({ qc }) => chip(qc) },
  ];
}

function marks(kind: string, names: string[], letters: (course: CourseEntry) => string): CourseColumn[] {
  return names.map((name, n) => ({
    head: name.replaceAll('_', ' '),
    isMark: true,
    value: (course) => WORDS[kind + letters(course)[n]]?.[1],
    cell: (course) => {
      const [mark, word, tone] = WORDS[kind + letters(course)[n]] ?? ['', 'none', ''];
      return element(
        'span',
        { class: `mark ${tone}`, title: `${name}: ${word}`, role: 'img', 'aria-label': word },
        mark,
      );
    },
  }));
}

const TONES: Record<string, string> = {
  ...{ done: 'good', high: 'good', PASS: 'good' },
  ...{ incomplete: 'warn', medium: 'warn', WARNING: 'warn' },
  ...{ failed: 'bad', low: 'bad', none: 'bad', FAIL: 'bad' },
};

function chip(word: string): Node | string {
  return word === '' ? '–' : element('span', { class: `chip ${TONES[word] ?? ''}` }, word);
}
